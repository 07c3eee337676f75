import { type CallFilter, type CallKind, callKinds, callResults } from '../request-log/model.ts'

/** The filter as it stands in an address; empty where it does not choose. */
export interface AskedFilter {
  readonly direction: string
  readonly kind: string
  readonly result: string
  readonly merchantId: string
  readonly transactionId: string
  readonly text: string
  readonly from: string
  readonly until: string
}

type Query = Readonly<Record<string, string | undefined>>

const oneOf = (known: readonly string[], text = ''): string => (known.includes(text) ? text : '')

const idOf = (text = ''): string => (/^[A-Za-z0-9]{1,30}$/.test(text.trim()) ? text.trim() : '')

const moment = /^20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$/

const instantOf = (text: string): Date => new Date(`${text.includes('T') ? text : `${text}T00:00`}+09:00`)

const momentOf = (text = ''): string => (moment.test(text) && !Number.isNaN(instantOf(text).getTime()) ? text : '')

/** What cannot be a filter is none. */
export const readAskedFilter = (query: Query): AskedFilter => ({
  direction: oneOf(['in', 'out'], query.direction),
  kind: oneOf(callKinds, query.kind),
  result: oneOf(callResults, query.result),
  merchantId: idOf(query.merchantId),
  transactionId: idOf(query.transactionId),
  text: (query.text ?? '').trim().slice(0, 100),
  from: momentOf(query.from),
  until: momentOf(query.until),
})

export const filterOf = (asked: AskedFilter): CallFilter => ({
  direction: (asked.direction || undefined) as CallFilter['direction'],
  kind: (asked.kind || undefined) as CallKind | undefined,
  result: (asked.result || undefined) as CallFilter['result'],
  merchantId: asked.merchantId || undefined,
  transactionId: asked.transactionId || undefined,
  text: asked.text || undefined,
  from: asked.from === '' ? undefined : instantOf(asked.from),
  until: asked.until === '' ? undefined : instantOf(asked.until),
})

/** The address of `path` with this filter, and with what else is given. */
export function addressWith(path: string, asked: AskedFilter, more: Query = {}): string {
  const entries = Object.entries({ ...asked, ...more }).flatMap(([name, text]): [string, string][] =>
    text === undefined || text === '' ? [] : [[name, text]],
  )
  const query = String(new URLSearchParams(entries))
  return query === '' ? path : `${path}?${query}`
}

export const isChoosing = (asked: AskedFilter): boolean => Object.values(asked).some((text) => text !== '')

/** Undefined, so the first page, for anything that is no id of a call. */
export const readCallId = (text: string | undefined): number | undefined =>
  /^[0-9]{1,16}$/.test(text ?? '') && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
