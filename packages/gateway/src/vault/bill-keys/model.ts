/**
 * `active` can be charged. Endings: `deleted` by the shop's call, `replaced` by a newer key, `card_removed` with its
 * card, `member_deleted` with its member.
 */
export type BillKeyState = 'active' | 'deleted' | 'replaced' | 'card_removed' | 'member_deleted'

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
