import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Merchant, saveMerchant } from '@sspay/gateway'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { startMortalPostgres } from '../../test/cluster/mortal-postgres.ts'
import { makeTickets, type Place, withTables } from '../../test/durability/payments.ts'
import type { Ticket } from '../../test/support/quick-payment.ts'

/** Where gateways of a benchmark keep everything, durably: a folder, or a PostgreSQL of their own. */
export interface GatewayPlace {
  /** `SSPAY_DATA` or `SSPAY_DATABASE_URL`. */
  readonly environment: Readonly<Record<string, string>>
  /** Process id of the database server; absent on SQLite. */
  databaseProcesses(): readonly number[]
  /**
   * Payments whose buyer has authenticated; of the test merchant when no other is given. On SQLite no gateway may run
   * meanwhile.
   */
  makeTickets(count: number, merchant?: Merchant): Promise<readonly Ticket[]>
  /** Ids of what the tables call approved. On SQLite no gateway may run meanwhile. */
  approvedTransactions(): Promise<ReadonlySet<string>>
  close(): Promise<void>
}

export async function openGatewayPlace(engine: string): Promise<GatewayPlace> {
  if (engine === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'sspay-bench-'))
    return {
      environment: { SSPAY_DATA: folder },
      databaseProcesses: () => [],
      ...inTables({ sqliteFile: join(folder, 'gateway.db') }),
      close: () => rm(folder, { recursive: true, force: true }),
    }
  }
  if (engine !== 'postgres') throw new Error(`--engine is sqlite or postgres, not ${engine}`)
  const server = await startMortalPostgres({ isDurable: true })
  return {
    environment: { SSPAY_DATABASE_URL: server.url },
    databaseProcesses: () => server.processes(),
    ...inTables({ databaseUrl: server.url }),
    close: () => server.stop(),
  }
}

const inTables = (place: Place): Pick<GatewayPlace, 'makeTickets' | 'approvedTransactions'> => ({
  makeTickets: (count, merchant = testMerchant) =>
    withTables(place, async (context) => {
      await saveMerchant(context, merchant)
      return makeTickets(context, count, merchant)
    }),
  approvedTransactions: () =>
    withTables(place, async ({ storage }) => {
      const rows = await storage.read<{ transaction_id: string }>(
        "select transaction_id from payments where state = 'approved'",
      )
      return new Set(rows.map(({ transaction_id }) => transaction_id))
    }),
})
