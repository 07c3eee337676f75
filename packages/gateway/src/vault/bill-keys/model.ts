export const billKeyStates = [
  'active',
  'deleted',
  'replaced',
  'card_removed',
  'member_deleted',
  'ended_by_operator',
] as const

/**
 * `active` can be charged. Endings: `deleted` by the shop's call, `replaced` by a newer key, `card_removed` with its
 * card, `member_deleted` with its member, `ended_by_operator` in the console.
 */
export type BillKeyState = (typeof billKeyStates)[number]

/** A stored permission to charge a member's card without the buyer (빌링키), without the key itself. */
export interface BillKey {
  readonly billKeyId: string
  readonly merchantId: string
  /** Of the registration that issued it. */
  readonly orderId: string
  readonly memberId: string
  readonly cardId: string
  readonly state: BillKeyState
  readonly issuedAt: Date
  readonly endedAt: Date | undefined
}

/** Bounds the cost of a search, on a storage that answers payments at the same time. */
export const mostKeysSearched = 10_000

/** Keys of a list: those after the entry `before`. */
export interface BillKeysRange {
  readonly before?: Pick<BillKey, 'issuedAt' | 'billKeyId'> | undefined
  readonly merchantId?: string | undefined
  readonly state?: BillKeyState | undefined
  /** An order number of a registration, a key's id or a member's. */
  readonly text?: string | undefined
}
