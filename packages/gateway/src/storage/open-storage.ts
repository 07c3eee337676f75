import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runtime } from '../runtime.ts'
import type { Secret } from '../secret.ts'
import { lockFolder } from './folder-lock.ts'
import { openSqlite } from './sqlite.ts'
import { retryBudgetMs, type Storage } from './storage.ts'

/** Where everything is kept: a folder of this process alone, or a database that many gateways share. */
export type StoragePlace =
  | { readonly dataFolder: string }
  /** `postgres://…`: see {@link openPostgres}. */
  | { readonly databaseUrl: Secret; readonly connections: number }

export const databaseFileIn = (dataFolder: string): string => join(dataFolder, 'gateway.db')

type Opening = { readonly runtime: Runtime; readonly onError: (cause: unknown) => void }

/** The database of a gateway that may be serving at the same time: takes no folder for itself, and makes no database. */
export async function openStorageBeside(place: StoragePlace, opening: Opening): Promise<Storage> {
  if ('databaseUrl' in place) return openStorage(place, opening)
  const file = databaseFileIn(place.dataFolder)
  await access(file).catch((cause: unknown) => {
    throw new Error(`${file}: 데이터베이스가 없습니다. There is no database.`, { cause })
  })
  return openSqlite(file)
}

/** Throws with a sentence for people when the folder is in use. `onError` hears of connections that broke. */
export async function openStorage(place: StoragePlace, { runtime, onError }: Opening): Promise<Storage> {
  if ('databaseUrl' in place) {
    const { databaseUrl, connections } = place
    // Only who has such a database waits for its driver to load.
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres({ runtime, url: databaseUrl.expose(), connections, retryBudgetMs, onError })
  }
  const { dataFolder } = place
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataFolder)
  try {
    const storage = await openSqlite(databaseFileIn(dataFolder))
    return {
      ...storage,
      async close() {
        await storage.close()
        unlock()
      },
    }
  } catch (cause) {
    unlock()
    throw cause
  }
}
