import type { DatabaseSync } from 'node:sqlite'
import { collectTurns } from './batching.ts'
import type { CommitWatch, StorageLoad } from './storage.ts'

export interface GroupCommit {
  /** Resolves after the commit that holds `work`; rejects with what `work` threw, or with what made the commit fail. */
  transact<Result>(work: () => Promise<Result>): Promise<Result>
  drained(): Promise<void>
  load(): StorageLoad
  watchCommits(watch: CommitWatch): void
}

interface Waiting {
  /** Runs the work; the returned function resolves its caller, after the commit. */
  run(): Promise<() => void>
  reject(cause: unknown): void
}

const largestGroup = 256

/**
 * Group commit: a commit costs a flush to disk, so all waiting transactions share one. They run one after another, each
 * in its own savepoint, and resolve after the outer commit. One that is alone needs no savepoint.
 */
export function createGroupCommit(connection: DatabaseSync): GroupCommit {
  const queue: Waiting[] = []
  let running: Promise<void> | undefined
  let watch: CommitWatch = () => () => {}

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      await collectTurns(() => queue.length)
      const group = queue.splice(0, largestGroup)
      const end = watch(group.length)
      await commitTogether(connection, group)
      end()
    }
    running = undefined
  }

  return {
    transact: (work) =>
      new Promise((resolve, reject) => {
        const run = async (): Promise<() => void> => {
          const result = await work()
          return () => resolve(result)
        }
        queue.push({ run, reject })
        running ??= drain()
      }),
    async drained() {
      // biome-ignore lint/nursery/noFloatingPromises: awaited; Biome 2.5 misses `await` of a promise or undefined.
      while (running !== undefined) await running
    },
    load: () => ({ used: running === undefined ? 0 : 1, most: 1, waiting: queue.length }),
    watchCommits(given) {
      watch = given
    },
  }
}

async function commitTogether(connection: DatabaseSync, group: readonly Waiting[]): Promise<void> {
  const succeeded: (() => void)[] = []
  try {
    connection.exec('begin immediate')
    for (const waiting of group) {
      const resolve = group.length === 1 ? await waiting.run() : await runInSavepoint(connection, waiting)
      if (resolve !== undefined) succeeded.push(resolve)
    }
    connection.exec('commit')
  } catch (cause) {
    for (const waiting of group) waiting.reject(cause)
    rollBack(connection)
    return
  }
  for (const resolve of succeeded) resolve()
}

function rollBack(connection: DatabaseSync): void {
  try {
    if (connection.isTransaction) connection.exec('rollback')
  } catch {
    // The file is unreachable: the group was rejected already, and the next `begin` fails too.
  }
}

async function runInSavepoint(connection: DatabaseSync, waiting: Waiting): Promise<(() => void) | undefined> {
  connection.exec('savepoint one')
  try {
    const resolve = await waiting.run()
    connection.exec('release one')
    return resolve
  } catch (cause) {
    // A full disk or an I/O error has rolled the outer transaction back.
    if (!connection.isTransaction) throw cause
    connection.exec('rollback to one; release one')
    waiting.reject(cause)
    return undefined
  }
}
