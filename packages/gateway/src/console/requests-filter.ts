import { type CallFilter, callKinds, callResults } from '../request-log/model.ts'

/** As in the query of an address; empty fields do not filter. */
export type AskedFilter = Readonly<Record<keyof CallFilter, string>>

type Query = Readonly<Record<string, string | undefined>>

const oneOf =
  (known: readonly string[]) =>
  (text: string): string =>
    known.includes(text) ? text : ''

const idOf = (text: string): string => (/^[A-Za-z0-9]{1,30}$/.test(text.trim()) ? text.trim() : '')

const moment = /^20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$/

const instantOf = (text: string): Date => new Date(`${text.includes('T') ? text : `${text}T00:00`}+09:00`)

const momentOf = (text: string): string => (moment.test(text) && !Number.isNaN(instantOf(text).getTime()) ? text : '')

const readers: Readonly<Record<keyof CallFilter, (text: string) => string>> = {
  direction: oneOf(['in', 'out']),
  kind: oneOf(callKinds),
  result: oneOf(callResults),
  merchantId: idOf,
  transactionId: idOf,
  text: (text) => text.trim().slice(0, 100),
  from: momentOf,
  until: momentOf,
}

/** Invalid values are ignored. */
export const readAskedFilter = (query: Query): AskedFilter =>
  Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, read(query[name] ?? '')])) as AskedFilter

export function filterOf({ from, until, ...texts }: AskedFilter): CallFilter {
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')) as CallFilter
  return {
    ...given,
    from: from === '' ? undefined : instantOf(from),
    until: until === '' ? undefined : instantOf(until),
  }
}

/** The address of `path` with this filter and further parameters. */
export function addressWith(path: string, asked: AskedFilter, more: Query = {}): string {
  const entries = Object.entries({ ...asked, ...more }).flatMap(([name, text]): [string, string][] =>
    text === undefined || text === '' ? [] : [[name, text]],
  )
  const query = String(new URLSearchParams(entries))
  return query === '' ? path : `${path}?${query}`
}

export const isChoosing = (asked: AskedFilter): boolean => Object.values(asked).some((text) => text !== '')

/** Undefined, hence the first page, for anything else than the id of a call. */
export const readCallId = (text: string | undefined): number | undefined =>
  /^[0-9]{1,16}$/.test(text ?? '') && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
