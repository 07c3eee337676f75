import type { JournalState } from '@sspay/merchant'
import type { ApprovalName, InquiryName, RefundName, Signing } from './answers.ts'

export type JournalBefore = JournalState | 'absent'

export type Call = 'inquiry' | 'approval' | 'refund'

/**
 * One combination of what decides. What the functions do not ask for is in the cell all the same, to see that it is not
 * asked for.
 */
export interface Cell {
  readonly verb: 'approve' | 'recover'
  readonly signing: Signing
  readonly journal: JournalBefore
  readonly inquiry: InquiryName
  readonly approval: ApprovalName
  /** Of `recover`. */
  readonly isWanted?: boolean
  readonly refund?: RefundName
}

/** What the functions made of it. */
export interface CellResult {
  /** The outcome of `approve`, what `recover` reports: an outcome or the reason why it is open. */
  readonly outcome: string
  /** State of the journal after it; `absent` when it never received of the payment. */
  readonly after: string
  /** What `recover` handed to the shop. */
  readonly reported: string
  readonly calls: readonly Call[]
}
