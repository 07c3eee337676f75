/** Someone who pays with SS-Pay at the shops of one easy-pay merchant. */
export interface Member {
  readonly memberId: string
  readonly easyPayMerchantId: string
  readonly customerId: string
  /** False until the first password is set, and after a new identity verification cleared it. */
  readonly hasPassword: boolean
  /** After five wrong passwords, until a new identity verification. */
  readonly isLocked: boolean
  readonly joinedAt: Date
}

/** What identity verification said about the member; sealed at rest. */
export interface MemberIdentity {
  readonly name: string
  /** Digits only. */
  readonly phone: string
  /** yyyyMMdd. */
  readonly birthDate: string
  readonly verifiedAt: Date
}

export interface MemberKey {
  readonly easyPayMerchantId: string
  readonly customerId: string
}

/** Wrong payment passwords until the lock. */
export const mostAttempts = 5

/** The phone and the carrier may change, a person does not: name (NFC, without blanks) and birth date decide. */
export const isSamePerson = (known: MemberIdentity, given: MemberIdentity): boolean =>
  comparableName(known.name) === comparableName(given.name) && known.birthDate === given.birthDate

const comparableName = (name: string): string => name.normalize('NFC').replace(/\s/gu, '')
