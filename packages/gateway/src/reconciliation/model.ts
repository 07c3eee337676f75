import type { KoreanDay } from '@sspay/protocol/internal'

/** How far the clocks of gateways and card network may differ around midnight. */
export const clockMarginMs = 10 * 60_000

/** The order of the entries of a report. */
export const entryKinds = ['approval', 'refund', 'reversal', 'indeterminate'] as const

export type EntryKind = (typeof entryKinds)[number]

/**
 * One row of a report. `at`: of an approval and a refund by the card network's clock, of a reversal when it was
 * confirmed, of an indeterminate payment or refund when it began.
 */
export interface Entry {
  readonly kind: EntryKind
  readonly at: Date
  readonly merchantId: string
  /** Of a partial refund its own. */
  readonly transactionId: string
  /** The payment that is refunded. */
  readonly originalTransactionId: string | undefined
  readonly orderId: string
  readonly approvalNumber: string | undefined
  /** The number of a refund. */
  readonly cancelNumber: string | undefined
  /** Whole won, never negative. */
  readonly amount: number
  readonly installmentMonths: number
  readonly issuerCode: string | undefined
  readonly acquirerCode: string | undefined
}

/** What an entry adds to the sum of the day. A reversed payment was never approved here, so that it adds nothing. */
export function netOf({ kind, amount }: Pick<Entry, 'kind' | 'amount'>): number {
  if (kind === 'approval') return amount
  return kind === 'refund' ? -amount : 0
}

export interface Sum {
  readonly count: number
  readonly amount: number
}

export type Totals = Readonly<Record<EntryKind, Sum>> & { readonly net: number }

const noSum: Sum = { count: 0, amount: 0 }

export const noTotals: Totals = {
  approval: noSum,
  refund: noSum,
  reversal: noSum,
  indeterminate: noSum,
  net: 0,
}

export const addEntry = (totals: Totals, entry: Pick<Entry, 'kind' | 'amount'>): Totals => {
  const { count, amount } = totals[entry.kind]
  return {
    ...totals,
    [entry.kind]: { count: count + 1, amount: amount + entry.amount },
    net: totals.net + netOf(entry),
  }
}

/** What the totals of a day are grouped by. An empty code is an unknown one: the card network has not answered. */
export const groupings = ['merchantId', 'issuerCode', 'acquirerCode'] as const

export type Grouping = (typeof groupings)[number]

export interface DayTotals {
  readonly all: Totals
  /** In the order of their codes. */
  readonly groups: Readonly<Record<Grouping, readonly (Totals & { readonly code: string })[]>>
}

/** Sums entries as they pass. */
export function createDayTotals() {
  let all = noTotals
  const groups = Object.fromEntries(groupings.map((name) => [name, new Map()])) as Record<Grouping, Map<string, Totals>>
  return {
    add(entry: Entry): void {
      all = addEntry(all, entry)
      for (const name of groupings) {
        const code = entry[name] ?? ''
        groups[name].set(code, addEntry(groups[name].get(code) ?? noTotals, entry))
      }
    },
    read(): DayTotals {
      const inOrder = groupings.map((name) => [
        name,
        [...groups[name]]
          .map(([code, totals]) => ({ code, ...totals }))
          .toSorted((one, other) => compare(one.code, other.code)),
      ])
      return { all, groups: Object.fromEntries(inOrder) }
    },
  }
}

/** By code units, hence the same on every machine. */
const compare = (one: string, other: string): number => {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/**
 * Whether a report of the day is final: the day is over, and nothing that may still belong to it is indeterminate. From
 * then on the report has the same bytes at any time.
 */
export const isClosed = (day: KoreanDay, { all }: DayTotals, now: Date): boolean =>
  now.getTime() >= day.end.getTime() + clockMarginMs && all.indeterminate.count === 0
