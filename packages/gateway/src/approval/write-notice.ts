import {
  type ApprovalResult,
  approvalResult,
  koreanTimestamp,
  type Notification,
  notification,
  readMessage,
  type WireText,
  writeMessage,
} from '@sspay/protocol'

/** What a shop is told about a payment later (Q05): its stored answer, and the state the payment is in now. */
export const writeNotice = (answer: string, state: Partial<Notification>): WireText =>
  writeMessage(notification, { ...readAnswer(answer), ...state })

export interface Cancelled {
  /** In all, so far. */
  readonly cancelledAmount: number
  readonly cancelledAt: Date
}

/** {@link writeNotice} of a payment of which something was taken back. */
export const writeCancelNotice = (
  answer: string,
  { cancelledAmount, cancelledAt }: Cancelled,
  added: Partial<Notification> = {},
): WireText => writeNotice(answer, { paymentState: cancelState(answer, cancelledAt), cancelledAmount, ...added })

/** The acquirer captures at the end of the day, Korean time: what is cancelled on the day of its approval was never captured (Q05). */
function cancelState(answer: string, cancelledAt: Date): '1' | '2' {
  const { approvedAt } = readAnswer(answer)
  return approvedAt !== undefined && dayOf(approvedAt) === dayOf(cancelledAt) ? '1' : '2'
}

const dayOf = (time: Date): string => koreanTimestamp(time).slice(0, 8)

function readAnswer(answer: string): ApprovalResult {
  const read = readMessage(approvalResult, JSON.parse(answer))
  if (!read.ok) throw new Error('a stored answer is not readable')
  return read.value
}
