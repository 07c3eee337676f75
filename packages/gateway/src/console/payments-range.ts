import type { PaymentSummary } from '../approval/model.ts'
import type { PaymentsRange } from '../approval/store.ts'

/** As in the address: `2025-01-02`, Korean time, both inclusive; empty without a bound. */
export interface Days {
  readonly from: string
  readonly until: string
}

const dayMs = 24 * 60 * 60_000

const startOf = (day: string): number => new Date(`${day}T00:00:00+09:00`).getTime()

/** Empty for anything else than a day. */
export const readDay = (text: string | undefined): string =>
  /^20[0-9]{2}-[0-9]{2}-[0-9]{2}$/.test(text ?? '') && !Number.isNaN(startOf(text ?? '')) ? (text ?? '') : ''

/** The payments of these days, or those after a cursor. */
export function rangeOf({ from, until }: Days, cursor: PaymentsRange['before']): PaymentsRange {
  const end = until === '' ? undefined : { requestedAt: new Date(startOf(until) + dayMs), transactionId: '' }
  return { before: cursor ?? end, ...(from === '' ? {} : { since: new Date(startOf(from)) }) }
}

/** The address of `path` for the same days, after the entry `last`. */
export function addressOfDays(path: string, days: Days, last?: Cursor): string {
  const query = [
    ...Object.entries(days).flatMap(([name, day]) => (day === '' ? [] : [`${name}=${day}`])),
    ...(last === undefined ? [] : [`before=${last.requestedAt.getTime()}-${last.transactionId}`]),
  ].join('&')
  return query === '' ? path : `${path}?${query}`
}

type Cursor = Pick<PaymentSummary, 'requestedAt' | 'transactionId'>

/** Undefined, hence the first page, for anything else than a cursor. */
export function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})$/.exec(text ?? '')
  return parts === null ? undefined : { requestedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '' }
}
