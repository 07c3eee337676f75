import { open, rm } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'
import { flushFile } from '../durable-file.ts'

/** How much of a copy is done. */
export interface CopyProgress {
  readonly pages: number
  readonly of: number
}

const pagesAtOnce = 1_000
const busyTimeoutMs = 5_000

/**
 * Copies a SQLite database, also beside a running gateway, into a file that needs no other file beside it. It is
 * durable, and readable by its owner only, when the promise resolves. An existing file is overwritten.
 */
export async function backupSqlite(
  from: string,
  to: string,
  onProgress: (progress: CopyProgress) => void,
): Promise<void> {
  try {
    await removeDatabase(to)
    await (await open(to, 'wx', 0o600)).close()
    await copy(from, to, onProgress)
    leaveLog(to)
    await flushFile(to)
  } catch (cause) {
    await removeDatabase(to)
    const why = (cause as Error).message
    throw new Error(`${from}: 복사할 수 없습니다(${why}). It cannot be copied to ${to} (${why}).`, { cause })
  }
}

async function copy(from: string, to: string, onProgress: (progress: CopyProgress) => void): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: busyTimeoutMs })
  try {
    // One state for the whole copy: otherwise each commit of the gateway would begin it again.
    source.exec('begin; select 1 from sqlite_schema')
    await backup(source, to, {
      rate: pagesAtOnce,
      progress: ({ totalPages, remainingPages }) => onProgress({ pages: totalPages - remainingPages, of: totalPages }),
    })
  } finally {
    source.close()
  }
}

/** The copy says that it has a write-ahead log, which would be two more files. */
function leaveLog(file: string): void {
  const copied = new DatabaseSync(file)
  try {
    copied.exec('pragma journal_mode = delete')
  } finally {
    copied.close()
  }
}

/** The file, and what SQLite puts beside it. */
export async function removeDatabase(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(file + suffix, { force: true })
}
