import type { Context } from '../context.ts'
import type { Row, SqlValue } from '../storage/storage.ts'
import type { CallFilter, RecordedCall } from './model.ts'

type Store = Pick<Context, 'storage'>

interface CallRow extends Row {
  readonly call_id: number
  readonly started_at: number
  readonly direction: RecordedCall['direction']
  readonly kind: RecordedCall['kind']
  readonly result: RecordedCall['result']
  readonly code: string | null
  readonly merchant_id: string | null
  readonly transaction_id: string | null
  readonly order_id: string | null
  readonly duration_ms: number
  readonly details: string
}

const columns =
  'call_id, started_at, direction, kind, result, code, merchant_id, transaction_id, order_id, duration_ms, details'

function valuesOf(call: RecordedCall): readonly SqlValue[] {
  const { id, startedAt, direction, kind, result, code, merchantId, transactionId, orderId, durationMs, ...details } =
    call
  return [
    id,
    startedAt.getTime(),
    direction,
    kind,
    result,
    code ?? null,
    merchantId ?? null,
    transactionId ?? null,
    orderId ?? null,
    durationMs,
    JSON.stringify(details),
  ]
}

const callOf = (row: CallRow): RecordedCall => ({
  id: row.call_id,
  startedAt: new Date(row.started_at),
  direction: row.direction,
  kind: row.kind,
  result: row.result,
  code: row.code ?? undefined,
  merchantId: row.merchant_id ?? undefined,
  transactionId: row.transaction_id ?? undefined,
  orderId: row.order_id ?? undefined,
  durationMs: row.duration_ms,
  ...JSON.parse(row.details),
})

/** One statement for each call costs half as much as one for all of them as JSON. */
export async function insertCalls({ storage }: Store, calls: readonly RecordedCall[]): Promise<void> {
  await storage.transact(async (transaction) => {
    for (const call of calls)
      await transaction.write(
        `insert into request_log (${columns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         on conflict (call_id) do nothing`,
        valuesOf(call),
      )
  })
}

export async function newestCallId({ storage }: Store): Promise<number> {
  const [row] = await storage.read<{ readonly newest: number | null }>('select max(call_id) as newest from request_log')
  return row?.newest ?? 0
}

export interface CallSearch {
  readonly filter: CallFilter & { readonly hidesSteps?: boolean }
  readonly limit: number
  /** Only calls with a smaller id; ids are ordered by when calls ended. */
  readonly before?: number | undefined
  /** Only calls with a larger id. */
  readonly after?: number | undefined
}

const conditions = `call_id < ?2 and call_id > ?3 and (?4 = '' or direction = ?4) and (?5 = '' or kind = ?5)
  and (?6 = '' or result = ?6) and (?7 = '' or merchant_id = ?7) and (?8 = '' or transaction_id = ?8)
  and (?9 = '' or lower(transaction_id) like ?9 escape '!' or lower(order_id) like ?9 escape '!'
    or lower(code) like ?9 escape '!')
  and started_at >= ?10 and started_at < ?11 and (?12 = 0 or kind <> 'step')`

const parametersOf = ({ filter, limit, before, after }: CallSearch) => [
  limit,
  before ?? Number.MAX_SAFE_INTEGER,
  after ?? -1,
  filter.direction ?? '',
  filter.kind ?? '',
  filter.result ?? '',
  filter.merchantId ?? '',
  filter.transactionId ?? '',
  partOf(filter.text),
  filter.from?.getTime() ?? 0,
  filter.until?.getTime() ?? Number.MAX_SAFE_INTEGER,
  filter.hidesSteps ? 1 : 0,
]

const partOf = (text = ''): string =>
  text === '' ? '' : `%${text.toLowerCase().replaceAll(/[!%_]/g, (special) => `!${special}`)}%`

/** Newest first; with `after` the first calls that ended after it, oldest first. */
export async function listCalls({ storage }: Store, search: CallSearch): Promise<readonly RecordedCall[]> {
  const rows = await storage.read<CallRow>(
    `select * from request_log where ${conditions} order by call_id ${search.after === undefined ? 'desc' : ''} limit ?1`,
    parametersOf(search),
  )
  return rows.map(callOf)
}

/** Calls of one payment, in the order in which they began. */
export async function callsOf(
  { storage }: Store,
  transactionId: string,
  limit: number,
): Promise<readonly RecordedCall[]> {
  const rows = await storage.read<CallRow>(
    'select * from request_log where transaction_id = ?1 order by started_at, call_id limit ?2',
    [transactionId, limit],
  )
  return rows.map(callOf)
}

export async function findCall({ storage }: Store, id: number): Promise<RecordedCall | undefined> {
  const [row] = await storage.read<CallRow>('select * from request_log where call_id = ?1', [id])
  return row === undefined ? undefined : callOf(row)
}

/** Deletes calls that began before `startedBefore`, and of the rest all but the newest `mostRows`. Returns how many. */
export async function removeOldCalls(
  { storage }: Store,
  { startedBefore, mostRows }: { readonly startedBefore: Date; readonly mostRows: number },
): Promise<number> {
  return storage.transact((transaction) =>
    transaction.write(
      `delete from request_log where started_at < ?1
         or call_id <= (select call_id from request_log order by call_id desc limit 1 offset ?2)`,
      [startedBefore.getTime(), mostRows],
    ),
  )
}
