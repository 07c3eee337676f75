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

const dayMs = 24 * 60 * 60_000

const startOf = (day: string): number => new Date(`${day}T00:00:00+09:00`).getTime()

const readDay = (text = ''): string =>
  /^20[0-9]{2}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(startOf(text)) ? text : ''

/** Invalid values are ignored. */
export const readAsked = ({ from, until, state, text = '' }: Readonly<Record<string, string>>): AskedPayments => ({
  from: readDay(from),
  until: readDay(until),
  state: paymentStates.find((known) => known === state) ?? '',
  text: text.trim().slice(0, 40),
})

export const isChoosing = (asked: AskedPayments): boolean => Object.values(asked).some((text) => text !== '')

/** The payments that were asked for, or those after a cursor. */
export function rangeOf({ from, until, state, text }: AskedPayments, cursor?: Cursor): PaymentsRange {
  const end = until === '' ? undefined : { requestedAt: new Date(startOf(until) + dayMs), transactionId: '' }
  const since = from === '' ? {} : { since: new Date(startOf(from)) }
  return { before: cursor ?? end, ...since, state: state || undefined, text }
}

/** The chosen days, or today. */
export const rangeOfSums = ({ from, until }: AskedPayments, today: string): PaymentsRange =>
  rangeOf({ from: from + until === '' ? today : from, until, state: '', text: '' })

/** The address of `path` for the same payments, after the entry `last`. */
export function addressOf(path: string, asked: AskedPayments, last?: Cursor): string {
  const before = last === undefined ? '' : `${last.requestedAt.getTime()}-${last.transactionId}`
  const entries = Object.entries({ ...asked, before }).filter(([, text]) => text !== '')
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`
}

type Cursor = Pick<PaymentSummary, 'requestedAt' | 'transactionId'>

/** Undefined, hence the first page, for anything else than a cursor. */
export function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})$/.exec(text ?? '')
  return parts === null ? undefined : { requestedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '' }
}
