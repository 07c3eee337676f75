import type { Storage, Transaction } from '@sspay/gateway'
import { type Activity, type Points, wrapStorage } from './points.ts'

/** Injected bugs of a gateway under test. */
export type GatewayBug = 'acknowledges_before_commit' | 'commits_each_statement_of_a_migration'

/**
 * {@link wrapStorage} with an injected bug below the points, so that the process can die wherever the bug leaves
 * something half done.
 */
export function injectIntoStorage(bug: GatewayBug | undefined, points: Points, activity: Activity) {
  const wrap = wrapStorage(points, activity)
  switch (bug) {
    case undefined:
      return wrap
    case 'acknowledges_before_commit':
      return (storage: Storage) => wrap(acknowledgeBeforeCommit(storage, points))
    case 'commits_each_statement_of_a_migration':
      return (storage: Storage) => commitEachStatement(wrap(storage), points)
  }
}

class RolledBack extends Error {}

/**
 * Write-behind: the claim of an approval is answered from a dry run, and committed only in front of the next
 * transaction.
 */
function acknowledgeBeforeCommit(storage: Storage, points: Points): Storage {
  let behind: (() => Promise<unknown>) | undefined
  const commitBehind = async (): Promise<void> => {
    const commit = behind
    behind = undefined
    await commit?.()
  }
  const dryRun = async <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> => {
    let result: { readonly value: Result } | undefined
    try {
      await storage.transact(async (transaction) => {
        result = { value: await work(transaction) }
        throw new RolledBack()
      })
    } catch (cause) {
      if (!(cause instanceof RolledBack)) throw cause
    }
    if (result === undefined) throw new Error('the dry run has no result')
    return result.value
  }
  return {
    ...storage,
    async transact(work) {
      const isOutcome = behind !== undefined
      await commitBehind()
      if (isOutcome || !points.isRequest() || points.label() !== 'approve') return storage.transact(work)
      const acknowledged = await dryRun(work)
      behind = () => storage.transact(work)
      return acknowledged
    },
  }
}

/** Only during the start: the record of a migration and each of its statements are transactions of their own. */
function commitEachStatement(storage: Storage, points: Points): Storage {
  const alone: Transaction = {
    rows: storage.rows,
    read: storage.read,
    write: (sql, params) => storage.transact((transaction) => transaction.write(sql, params)),
    updateWhere: (update) => storage.transact((transaction) => transaction.updateWhere(update)),
    lock: { wait: '', skip: '' },
  }
  return {
    ...storage,
    transact: (work) => (points.label() === 'start' ? work(alone) : storage.transact(work)),
    changeSchema: (work) => work(alone),
  }
}
