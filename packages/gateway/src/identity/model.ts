/** What the verifying company vouched for. */
export interface VerifiedIdentity {
  readonly name: string
  /** Digits only, national form: 01012345678. */
  readonly phone: string
  /** yyyyMMdd. */
  readonly birthDate: string
  readonly verifiedAt: Date
}

export const carriers = ['SKT', 'KT', 'LGU+', 'SKT알뜰', 'KT알뜰', 'LGU+알뜰'] as const

export type Carrier = (typeof carriers)[number]

/** What the buyer says before the phone has proved it. */
export interface IdentityDraft {
  readonly name: string
  /** yyMMdd, as on the resident card. */
  readonly birthDate: string
  /** First digit of the second half of the resident number: 1, 2, 5, 6 born 19xx; 3, 4, 7, 8 born 20xx. */
  readonly genderDigit: string
  readonly carrier: Carrier
  /** Digits only, national form. */
  readonly phone: string
}

/** yyyyMMdd. */
export const fullBirthDate = ({ birthDate, genderDigit }: Pick<IdentityDraft, 'birthDate' | 'genderDigit'>): string =>
  `${/^[1256]$/.test(genderDigit) ? '19' : '20'}${birthDate}`

export const verifiedIdentityOf = (draft: IdentityDraft, verifiedAt: Date): VerifiedIdentity => ({
  name: draft.name,
  phone: draft.phone,
  birthDate: fullBirthDate(draft),
  verifiedAt,
})

/** Digits only, with the country code +82 or 0082 folded into the leading 0. */
export function nationalPhone(given: string): string {
  const text = given.normalize('NFKC').trim()
  const digits = text.replace(/\D/g, '')
  if (!text.startsWith('+82') && !digits.startsWith('0082')) return digits
  return `0${digits.replace(/^(00)?820?/, '')}`
}
