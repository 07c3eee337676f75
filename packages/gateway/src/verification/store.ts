import type { Parameter, Reader } from '../storage/storage.ts'
import type { TraceTable } from './model.ts'

const payments = 'payments'

export interface TraceRange {
  readonly after: string
  /** Inclusive; undefined: to the end. */
  readonly to: string | undefined
  readonly limit: number
  /** The request log counts from that time on: earlier payments may have been archived. */
  readonly archivedBefore: Date
}

/**
 * Transaction ids in a table whose payment does not exist, in their order. One statement, so that it sees a payment and
 * its rows at the same moment.
 */
export async function findWithoutPayment(
  reader: Reader,
  table: TraceTable,
  { after, to, limit, archivedBefore }: TraceRange,
): Promise<readonly string[]> {
  const params: Parameter[] = [after, limit]
  const given = (value: Parameter): string => `?${params.push(value)}`
  const end = to === undefined ? '' : `and transaction_id <= ${given(to)}`
  const calls =
    table === 'request_log'
      ? `and direction = 'out' and kind = 'card-network' and started_at >= ${given(archivedBefore.getTime())}`
      : ''
  const rows = await reader.read<{ readonly transaction_id: string }>(
    `select distinct transaction_id from ${table} as trace where transaction_id > ?1 ${end} ${calls}
       and not exists (select 1 from ${payments} where ${payments}.transaction_id = trace.transaction_id)
     order by transaction_id limit ?2`,
    params,
  )
  return rows.map(({ transaction_id }) => transaction_id)
}

/** Reads the whole SQLite file. Empty for a file whose structure is sound. */
export async function findFileProblems(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.read<{ readonly integrity_check: string }>('pragma integrity_check(20)')
  return rows.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok')
}
