import { access, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Runtime } from '../runtime.ts'
import type { Secret } from '../secret.ts'
import { openSqlite, openSqliteReader } from './sqlite.ts'
import { addressesOf, type ClosableReader, retryBudgetMs, type Storage } from './storage.ts'

/** A folder of this process alone, or a database that many gateways share. */
export type StoragePlace =
  | { readonly dataFolder: string }
  /** `postgres://…`: see {@link openPostgres}. */
  | { readonly databaseUrl: Secret; readonly connections: number }

export const databaseFileIn = (dataFolder: string): string => join(dataFolder, 'gateway.db')

type Opening = { readonly runtime: Runtime; readonly onError: (cause: unknown) => void }

/** For a command beside a running gateway: locks no folder and creates no database. */
export async function openStorageBeside(place: StoragePlace, opening: Opening): Promise<Storage> {
  if ('databaseUrl' in place) return openStorage(place, opening)
  return openSqlite(await requireFile(databaseFileIn(place.dataFolder)))
}

/** The same for a command that changes nothing. */
export async function openReaderBeside(place: StoragePlace, opening: Opening): Promise<ClosableReader> {
  if ('databaseUrl' in place) return openStorage(place, opening)
  return openReaderOf(databaseFileIn(place.dataFolder))
}

/** A SQLite file: that of a gateway, or a backup. */
export const openReaderOf = async (file: string): Promise<ClosableReader> => openSqliteReader(await requireFile(file))

async function requireFile(file: string): Promise<string> {
  await access(file).catch((cause: unknown) => {
    throw new Error(`${file}: 데이터베이스가 없습니다. There is no database.`, { cause })
  })
  return file
}

/**
 * `onError` is called for each connection that breaks. Throws, with a message for the operator, when the folder is in
 * use.
 */
export async function openStorage(place: StoragePlace, { runtime, onError }: Opening): Promise<Storage> {
  if ('databaseUrl' in place) {
    const { databaseUrl, connections } = place
    // Loads the driver only when it is needed.
    const { openPostgres } = await import('./postgres.ts')
    const storage = openPostgres({ runtime, url: databaseUrl.expose(), connections, retryBudgetMs, onError })
    await storage.requireUsable().catch(async (cause: Error) => {
      await storage.close()
      const hosts = addressesOf(databaseUrl.expose()).map((address) => new URL(address).host)
      throw new Error(`${hosts}: 데이터베이스를 쓸 수 없습니다: ${cause.message}\n${hosts}: cannot use the database`, {
        cause,
      })
    })
    return storage
  }
  const { dataFolder } = place
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataFolder)
  try {
    const file = databaseFileIn(dataFolder)
    // The last process that closes the database removes this file.
    const hasEndedUncleanly = await stat(`${file}-wal`).then(
      ({ size }) => size > 0,
      () => false,
    )
    const storage = await openSqlite(file)
    if (hasEndedUncleanly) await requireIntact(storage, file)
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

/**
 * Rejects a damaged file, such as a restored backup beside the write-ahead log of the file that it replaced: SQLite
 * applies the pages of that. Takes a second for each gigabyte.
 */
async function requireIntact(storage: Storage, file: string): Promise<void> {
  const found = await storage.read<{ readonly quick_check: string }>('pragma quick_check(1)').catch(problemOf)
  // The first line may be a title.
  const problem = found[0]?.quick_check.split('\n').at(-1)
  if (problem === 'ok') return
  await storage.close()
  throw new Error(
    `${file}: 데이터베이스 파일이 손상되었습니다(${problem}). 백업을 되살리고, 시작하기 전에 ${file}-wal과 ${file}-shm을 지우세요.
${file}: the database file is damaged (${problem}): restore a backup, and remove ${file}-wal and ${file}-shm before the start`,
  )
}

const problemOf = (cause: Error) => [{ quick_check: cause.message }]

/**
 * Makes this process the only gateway on a data folder, until the returned function is called or the process ends. The
 * lock is the operating system's, so no stale one is left behind.
 */
export function lockFolder(folder: string): () => void {
  const lock = openLock(folder)
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    lock.close()
    const isLocked = /locked/.test((cause as Error).message)
    throw isLocked
      ? new Error(
          `${folder}: 다른 게이트웨이가 이 폴더를 사용하고 있습니다. Another gateway is running on this data folder: stop it, or set SSPAY_DATA to another folder.`,
          { cause },
        )
      : unusable(folder, cause)
  }
  return () => lock.close()
}

function openLock(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, 'gateway.lock'))
  } catch (cause) {
    throw unusable(folder, cause)
  }
}

function unusable(folder: string, cause: unknown): Error {
  const why = (cause as Error).message
  return new Error(
    `SSPAY_DATA: ${folder}의 gateway.lock을 쓸 수 없습니다(${why}). 소유자와 권한, 디스크를 확인하세요.
SSPAY_DATA: gateway.lock in ${folder} cannot be used (${why}): check its owner, its permissions and the disk`,
    { cause },
  )
}
