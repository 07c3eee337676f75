import { join } from 'node:path'
import { migrate } from '../packages/gateway/src/storage/migrate.ts'
import { openSqlite } from '../packages/gateway/src/storage/sqlite.ts'
import { startPostgres } from '../packages/merchant/test/postgres.ts'
import { type Engine, gatewayEngine, openEngineAt } from './gateway-engine.ts'
import { openLogStorage } from './log-storage.ts'
import { openRawLog } from './raw-log.ts'
import { load } from './stats.ts'

export const openFile = async (folder: string): Promise<Engine> =>
  gatewayEngine('file', openLogStorage(join(folder, 'raw.log'), 64_000_000))

/** As many bytes as an approval has, of which none is made: what the disk and the flushes alone allow. */
export async function openBytes(folder: string): Promise<Engine> {
  const log = openRawLog(join(folder, 'bytes.log'), 64_000_000)
  const [intent, outcome] = ['i'.repeat(700), 'o'.repeat(1_350)]
  return {
    name: 'bytes',
    measure: (count, atOnce) =>
      load(count, atOnce, async () => {
        await log.append(intent)
        await log.append(outcome)
      }),
    close: async () => log.close(),
  }
}

export async function openSqliteEngine(folder: string): Promise<Engine> {
  const storage = await openSqlite(join(folder, 'gateway.db'))
  await migrate(storage)
  return gatewayEngine('sqlite', storage)
}

export async function openPostgresEngine(): Promise<Engine> {
  const server = await startPostgres({ isDurable: true })
  return openEngineAt('postgres', await server.createDatabase(), () => server.stop())
}
