import type { LocalizedText } from '@sspay/protocol'

const tooMany: Readonly<Record<'codes' | 'guesses', LocalizedText>> = {
  codes: {
    ko: '지금은 인증번호 요청이 너무 많습니다.',
    en: 'Too many codes are being requested right now.',
  },
  guesses: {
    ko: '비밀번호나 인증번호가 여러 번 틀려 잠시 확인할 수 없습니다.',
    en: 'There were too many wrong passwords or codes.',
  },
}

/** What was too much, and when to try again: in seconds up to a minute, then in minutes. */
export function waitText(
  what: keyof typeof tooMany,
  { retryAfterMs }: { readonly retryAfterMs: number },
): LocalizedText {
  const seconds = Math.ceil(retryAfterMs / 1_000)
  const minutes = Math.ceil(seconds / 60)
  const wait =
    seconds <= 60 ? { ko: `${seconds}초`, en: `${seconds} sec.` } : { ko: `${minutes}분`, en: `${minutes} min.` }
  const { ko, en } = tooMany[what]
  return { ko: `${ko} ${wait.ko} 뒤에 다시 시도해 주세요.`, en: `${en} Try again in ${wait.en}` }
}
