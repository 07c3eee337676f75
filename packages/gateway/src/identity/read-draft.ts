import { koreanTimestamp, type LocalizedText } from '@sspay/protocol'
import { type Carrier, carriers, fullBirthDate, type IdentityDraft, isMobileNumber, nationalPhone } from './model.ts'

export interface IdentityProblem extends LocalizedText {
  readonly field: keyof IdentityDraft
}

export type ReadDraftResult =
  | { readonly ok: true; readonly draft: IdentityDraft }
  | { readonly ok: false; readonly problems: readonly IdentityProblem[] }

/** What the buyer reads at a wrong field. */
export const identityMessages: Readonly<Record<keyof IdentityDraft, LocalizedText>> = {
  name: { ko: '이름을 입력해 주세요.', en: 'Enter your name.' },
  birthDate: {
    ko: '생년월일 6자리를 확인해 주세요. 예: 900101',
    en: 'Check your birth date: six digits, like 900101.',
  },
  genderDigit: {
    ko: '뒷자리 첫 숫자는 1부터 8까지예요.',
    en: 'The 7th digit is 1 to 8.',
  },
  carrier: { ko: '통신사를 선택해 주세요.', en: 'Choose your carrier.' },
  phone: { ko: '휴대폰 번호를 확인해 주세요.', en: 'Check your mobile number.' },
}

const nameTooLong: LocalizedText = {
  ko: '이름이 너무 길어요. 30자까지 입력할 수 있어요.',
  en: 'This name is too long. Enter up to 30 characters.',
}

/** Validates the buyer's input: one message for each invalid field, never with its value. */
export function readIdentityDraft(
  given: { readonly [Field in keyof IdentityDraft]?: string | undefined },
  now: Date,
): ReadDraftResult {
  // Grouped, as the script of the page writes it: 90 01 01.
  const birthDate = (given.birthDate ?? '').replace(/[\s./-]/g, '')
  const genderDigit = (given.genderDigit ?? '').trim()
  const draft = {
    name: (given.name ?? '').normalize('NFC').trim(),
    birthDate,
    genderDigit,
    carrier: given.carrier as Carrier,
    phone: nationalPhone(given.phone ?? ''),
  }
  const isGenderDigit = /^[1-8]$/.test(genderDigit)
  const isCorrect: Readonly<Record<keyof IdentityDraft, boolean>> = {
    name: /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(draft.name) && [...draft.name].length <= 30,
    // The gender digit tells the century; without it the day may be in either.
    birthDate: isGenderDigit
      ? isPastDay(fullBirthDate(draft), now)
      : isPastDay(`19${birthDate}`, now) || isPastDay(`20${birthDate}`, now),
    genderDigit: isGenderDigit,
    carrier: carriers.some((carrier) => carrier === given.carrier),
    phone: isMobileNumber(draft.phone),
  }
  const broken = (Object.keys(identityMessages) as (keyof IdentityDraft)[]).filter((field) => !isCorrect[field])
  if (broken.length === 0) return { ok: true, draft }
  return { ok: false, problems: broken.map((field) => ({ field, ...messageOf(field, draft) })) }
}

const messageOf = (field: keyof IdentityDraft, { name }: Pick<IdentityDraft, 'name'>): LocalizedText =>
  field === 'name' && [...name].length > 30 ? nameTooLong : identityMessages[field]

function isPastDay(yyyymmdd: string, now: Date): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(yyyymmdd)
  if (parts === null) return false
  const day = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T00:00:00+09:00`)
  const exists = !Number.isNaN(day.getTime()) && koreanTimestamp(day).startsWith(yyyymmdd)
  return exists && day.getTime() <= now.getTime()
}
