import type { CardNetwork } from '../card-network/port.ts'
import type { Context } from '../context.ts'

export interface ApprovalContext extends Context {
  readonly cardNetwork: CardNetwork
}

export interface ApprovalTicket {
  readonly transactionId: string
  readonly approvalTicket: string
}

/** The body of the answer: the same bytes however often and however parallel the shop asks. */
export async function approve(_gateway: ApprovalContext, _ticket: ApprovalTicket): Promise<string> {
  throw new Error('not yet')
}
