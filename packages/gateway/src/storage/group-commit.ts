import type { DatabaseSync } from 'node:sqlite'
import { gather } from './gather.ts'
import type { CommitWatch, StorageLoad } from './storage.ts'

export interface GroupCommit {
  /** Resolves after the commit that holds `work`; rejects with what `work` threw, or with what made the commit fail. */
  transact<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when nothing waits and nothing runs. */
  drained(): Promise<void>
  load(): StorageLoad
  watchCommits(watch: CommitWatch): void
}

interface Waiting {
  /** Runs the work; the returned function tells its caller, once the commit has succeeded. */
  run(): Promise<() => void>
  reject(cause: unknown): void
}

const largestGroup = 256

/**
 * The flush to disk is what a commit costs, so all transactions that wait share one: they run one after another, each in a
 * savepoint of its own, and hear of success only after the outer commit.
 */
export function createGroupCommit(connection: DatabaseSync): GroupCommit {
  const queue: Waiting[] = []
  let running: Promise<void> | undefined
  let watch: CommitWatch = () => () => {}

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      await gather(() => queue.length)
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
      // biome-ignore lint/nursery/noFloatingPromises: awaited; Biome 2.5 does not see through `await` of a promise or undefined.
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
      const resolve = await runInSavepoint(connection, waiting)
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
    // The file is out of reach; everybody in the group knows already, and the next `begin` says so again.
  }
}

async function runInSavepoint(connection: DatabaseSync, waiting: Waiting): Promise<(() => void) | undefined> {
  connection.exec('savepoint one')
  try {
    const resolve = await waiting.run()
    connection.exec('release one')
    return resolve
  } catch (cause) {
    // A full disk or an I/O error ends the outer transaction by itself: then nobody's work is left.
    if (!connection.isTransaction) throw cause
    connection.exec('rollback to one; release one')
    waiting.reject(cause)
    return undefined
  }
}
