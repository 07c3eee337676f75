export type Gender = 'male' | 'female'

/** A person as the identity agency answers, not as the buyer typed. */
export interface VerifiedPerson {
  readonly name: string
  /** yyyyMMdd. */
  readonly birthDate: string
  readonly gender: Gender
  /** National form, digits only: 01012345678. */
  readonly phone: string
  /** Connecting information (연계정보, CI): a stable, unique identifier of the person, whatever the phone. */
  readonly ci: string
}

export interface VerifiedIdentity extends VerifiedPerson {
  readonly verifiedAt: Date
}

export const carriers = ['SKT', 'KT', 'LGU+', 'SKT알뜰', 'KT알뜰', 'LGU+알뜰'] as const

export type Carrier = (typeof carriers)[number]

/** The buyer's input, not verified yet. */
export interface IdentityDraft {
  readonly name: string
  /** yyMMdd, as on the resident card. */
  readonly birthDate: string
  /** First digit of the second half of the resident number: 1, 2, 5, 6 born 19xx; 3, 4, 7, 8 born 20xx. */
  readonly genderDigit: string
  readonly carrier: Carrier
  readonly phone: string
}

/** yyyyMMdd. */
export const fullBirthDate = ({ birthDate, genderDigit }: Pick<IdentityDraft, 'birthDate' | 'genderDigit'>): string =>
  `${/^[1256]$/.test(genderDigit) ? '19' : '20'}${birthDate}`

/** Odd digits are male, those of foreigners (5 to 8) too. */
export const genderOf = ({ genderDigit }: Pick<IdentityDraft, 'genderDigit'>): Gender =>
  Number(genderDigit) % 2 === 1 ? 'male' : 'female'

export const isMobileNumber = (digits: string): boolean => /^(010\d{8}|01[16789]\d{7,8})$/.test(digits)

/** Digits only; the country code +82 or 0082 becomes the leading 0. */
export function nationalPhone(given: string): string {
  const text = given.normalize('NFKC').trim()
  const digits = text.replace(/\D/g, '')
  if (!/^\(?\+82/.test(text) && !digits.startsWith('0082')) return digits
  return `0${digits.replace(/^(00)?820?/, '')}`
}

type IdentityMatchOption = 'none' | 'name' | 'phone' | 'name-and-phone'

export const asksName = (option: IdentityMatchOption): boolean => option === 'name' || option === 'name-and-phone'

export const asksPhone = (option: IdentityMatchOption): boolean => option === 'phone' || option === 'name-and-phone'

export type IdentityMatchResult = 'matches' | 'name_differs' | 'phone_differs' | 'both_differ'

/**
 * Guide, 본인인증 옵션: compares the verified person with the buyer in the payment request. Names in NFC without spaces,
 * phones by their digits; fields that the option does not include always match.
 */
export function matchIdentity(
  option: IdentityMatchOption,
  identity: Pick<VerifiedIdentity, 'name' | 'phone'>,
  { buyerName, buyerPhone = '' }: { readonly buyerName: string; readonly buyerPhone?: string | undefined },
): IdentityMatchResult {
  const nameDiffers = asksName(option) && comparableName(identity.name) !== comparableName(buyerName)
  const phoneDiffers = asksPhone(option) && nationalPhone(identity.phone) !== nationalPhone(buyerPhone)
  if (nameDiffers && phoneDiffers) return 'both_differ'
  if (nameDiffers) return 'name_differs'
  return phoneDiffers ? 'phone_differs' : 'matches'
}

const comparableName = (name: string): string => name.normalize('NFC').replace(/\s/gu, '')
