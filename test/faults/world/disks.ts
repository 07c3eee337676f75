import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Storage } from '@sspay/gateway'
import { openSqlite } from '@sspay/gateway/internal'
import type { ShopName } from './plan.ts'

/** Where the three parties of a world keep what outlives their processes. */
export interface Disks {
  openGateway(): Promise<Storage>
  openNetwork(): Promise<Storage>
  openShop(name: ShopName): DatabaseSync
  remove(): Promise<void>
  /** Tells who watches the rows which payments the card network is being asked about, while nothing else explains a change. */
  watchAuthorizing?(isAuthorizing: (transactionId: string) => boolean): void
  /** What somebody who watches the rows has found wrong; absent where nobody does. */
  problems?(): readonly string[]
}

/** What dies here are processes, not machines: files in memory are as good as on a disk, and a flush costs nothing. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** SQLite files, as the product has them. */
export async function openFileDisks(): Promise<Disks> {
  const folder = await mkdtemp(join(scratch, 'sspay-faults-'))
  return {
    openGateway: () => openSqlite(join(folder, 'gateway.db')),
    openNetwork: () => openSqlite(join(folder, 'card-network.db')),
    openShop(name) {
      const connection = new DatabaseSync(join(folder, `shop-${name}.db`))
      connection.exec('pragma journal_mode = wal; pragma synchronous = normal')
      return connection
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
