import type { PaymentSummary } from '../approval/model.ts'
import type { PaymentsRange } from '../approval/store.ts'

/** The days of a list as they stand in the address, `2025-01-02`, Korean time, both included; empty without a bound. */
export interface Days {
  readonly from: string
  readonly until: string
}

const dayMs = 24 * 60 * 60_000

const startOf = (day: string): number => new Date(`${day}T00:00:00+09:00`).getTime()

/** Empty for anything that is no day. */
export const readDay = (text: string | undefined): string =>
  /^20[0-9]{2}-[0-9]{2}-[0-9]{2}$/.test(text ?? '') && !Number.isNaN(startOf(text ?? '')) ? (text ?? '') : ''

/** What the list of these days holds, or the part of it that comes after a cursor. */
export function rangeOf({ from, until }: Days, cursor: PaymentsRange['before']): PaymentsRange {
  const end = until === '' ? undefined : { requestedAt: new Date(startOf(until) + dayMs), transactionId: '' }
  return { before: cursor ?? end, ...(from === '' ? {} : { since: new Date(startOf(from)) }) }
}

/** Address of the same days: the page of `path`, from the entry after `last` on. */
export function addressOfDays(path: string, days: Days, last?: Cursor): string {
  const query = [
    ...Object.entries(days).flatMap(([name, day]) => (day === '' ? [] : [`${name}=${day}`])),
    ...(last === undefined ? [] : [`before=${last.requestedAt.getTime()}-${last.transactionId}`]),
  ].join('&')
  return query === '' ? path : `${path}?${query}`
}

type Cursor = Pick<PaymentSummary, 'requestedAt' | 'transactionId'>

/** Undefined, so the first page, for anything that is no cursor. */
export function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})$/.exec(text ?? '')
  return parts === null ? undefined : { requestedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '' }
}
