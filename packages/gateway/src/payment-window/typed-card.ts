import type { LocalizedText } from '@sspay/protocol'

export const cardNumberText: LocalizedText = {
  ko: '카드번호를 다시 확인해 주세요.',
  en: 'Check the card number.',
}
export const expiryText: LocalizedText = {
  ko: '유효기간을 카드에 적힌 대로 월/연 순서로 입력해 주세요.',
  en: 'Enter the expiry date as on the card, month and year.',
}
export const cardPasswordText: LocalizedText = {
  ko: '카드 비밀번호 앞 2자리를 입력해 주세요.',
  en: 'Enter the first two digits of the card’s password.',
}
export const ownerBirthDateText: LocalizedText = {
  ko: '카드 소유자의 생년월일 6자리를 확인해 주세요. 예: 900101',
  en: 'Check the card owner’s birth date: six digits, like 900101.',
}
export const businessNumberText: LocalizedText = {
  ko: '사업자등록번호 10자리를 확인해 주세요.',
  en: 'Check the ten digits of the business number.',
}

interface TypedExpiry {
  readonly expiryMonth: number
  readonly expiryYear: number
}

/** `12/33`, `1/33`, `12 / 2033`, `1233`; undefined for anything else. Old pages send month and year by themselves. */
export function readTypedExpiry(form: URLSearchParams): TypedExpiry | undefined {
  const typed = form.get('expiry') || `${form.get('expiryMonth') ?? ''}/${form.get('expiryYear') ?? ''}`
  const [, month, year] = /^(0?[1-9]|1[0-2])[\s./-]*((?:20)?[0-9]{2})$/.exec(typed.trim()) ?? []
  return month === undefined ? undefined : { expiryMonth: Number(month), expiryYear: Number(year) }
}
