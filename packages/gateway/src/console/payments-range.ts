import { readKoreanDay } from '@sspay/protocol/internal'
import type { PaymentSummary, PaymentsRange } from '../approval/model.ts'
import { type PaymentState, paymentStates } from '../approval/transitions.ts'

/** As in the address; empty fields do not filter. */
export interface AskedPayments {
  /** Days such as `2025-01-02`, Korean time, both inclusive. */
  readonly from: string
  readonly until: string
  readonly state: PaymentState | ''
  /** An order number or a transaction id. */
  readonly text: string
}

/** Invalid values are ignored. */
export const readAsked = ({
  from = '',
  until = '',
  state,
  text = '',
}: Readonly<Record<string, string>>): AskedPayments => ({
  from: readKoreanDay(from)?.name ?? '',
  until: readKoreanDay(until)?.name ?? '',
  state: paymentStates.find((known) => known === state) ?? '',
  text: text.trim().slice(0, 40),
})

export const isChoosing = (asked: AskedPayments): boolean => Object.values(asked).some((text) => text !== '')

/** The payments that were asked for, or those after a cursor. */
export function rangeOf({ from, until, state, text }: AskedPayments, cursor?: Cursor): PaymentsRange {
  const { end } = readKoreanDay(until) ?? {}
  const before = cursor ?? (end && { requestedAt: end, transactionId: '' })
  return { before, since: readKoreanDay(from)?.start, state: state || undefined, text }
}

/** The chosen days, or today. */
export const rangeOfSums = ({ from, until }: AskedPayments, today: string): PaymentsRange =>
  rangeOf({ from: from + until === '' ? today : from, until, state: '', text: '' })

/** The address of `path` for the same entries, those before the cursor `before`. */
export function addressOf(path: string, asked: object, before = ''): string {
  const entries = Object.entries<string>({ ...asked, before }).filter(([, text]) => text !== '')
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`
}

type Cursor = Pick<PaymentSummary, 'requestedAt' | 'transactionId'>

export const cursorText = ({ requestedAt, transactionId }: Cursor): string =>
  `${requestedAt.getTime()}-${transactionId}`

/** Undefined, hence the first page, for anything else than a cursor. */
export function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})$/.exec(text ?? '')
  return parts === null ? undefined : { requestedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '' }
}
