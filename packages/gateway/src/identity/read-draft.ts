import { koreanTimestamp, type LocalizedText } from '@sspay/protocol'
import { type Carrier, carriers, fullBirthDate, type IdentityDraft, isMobileNumber, nationalPhone } from './model.ts'

export interface IdentityProblem extends LocalizedText {
  readonly field: keyof IdentityDraft
}

export type ReadDraftResult =
  | { readonly ok: true; readonly draft: IdentityDraft }
  | { readonly ok: false; readonly problems: readonly IdentityProblem[] }

const messages: Readonly<Record<keyof IdentityDraft, LocalizedText>> = {
  name: {
    ko: '이름은 제어 문자 없이 1자 이상 30자 이하로 입력해 주세요.',
    en: 'Enter the name with 1 to 30 characters and no control characters.',
  },
  birthDate: {
    ko: '생년월일은 실제로 있는 날짜를 yyMMdd 6자리로 입력해 주세요.',
    en: 'Enter the birth date as six digits yyMMdd of a day that exists and has passed.',
  },
  genderDigit: {
    ko: '주민등록번호 뒷자리 첫 숫자는 1부터 8까지입니다.',
    en: 'The first digit of the second half of the resident number is 1 to 8.',
  },
  carrier: {
    ko: '통신사는 SKT, KT, LGU+, 알뜰폰(SKT, KT, LGU+) 중에서 선택해 주세요.',
    en: 'Choose one of the carriers SKT, KT, LGU+ or a budget carrier (알뜰) of these.',
  },
  phone: {
    ko: '휴대폰 번호는 010으로 시작하는 11자리(011·016~019는 10~11자리) 숫자입니다.',
    en: 'Enter a Korean mobile number: 11 digits starting with 010 (011 and 016 to 019: 10 or 11 digits).',
  },
}

/** Validates the buyer's input: one message for each invalid field, never with its value. */
export function readIdentityDraft(
  given: { readonly [Field in keyof IdentityDraft]?: string | undefined },
  now: Date,
): ReadDraftResult {
  const birthDate = (given.birthDate ?? '').trim()
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
  const broken = (Object.keys(messages) as (keyof IdentityDraft)[]).filter((field) => !isCorrect[field])
  if (broken.length === 0) return { ok: true, draft }
  return { ok: false, problems: broken.map((field) => ({ field, ...messages[field] })) }
}

function isPastDay(yyyymmdd: string, now: Date): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(yyyymmdd)
  if (parts === null) return false
  const day = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T00:00:00+09:00`)
  const exists = !Number.isNaN(day.getTime()) && koreanTimestamp(day).startsWith(yyyymmdd)
  return exists && day.getTime() <= now.getTime()
}
