import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApprovalLoad } from '../../../../test/cluster/approval-load.ts'
import { startMortalPostgres } from '../../../../test/cluster/mortal-postgres.ts'
import { realRuntime } from '../../src/runtime.ts'
import { openPostgres } from '../../src/storage/postgres.ts'

test('a database killed under load loses no acknowledged approval, and approvals go on when it is back', async (t) => {
  const server = await startMortalPostgres()
  const storage = openPostgres({
    runtime: realRuntime,
    url: server.url,
    connections: 4,
    retryBudgetMs: 6_000,
    onError() {},
  })
  const load = await openApprovalLoad(storage)
  try {
    const running = load.start(4)
    await running.acknowledgedAfter(0)
    await server.killAndRestart()
    const isBackAt = performance.now()
    await running.acknowledgedAfter(isBackAt)
    const report = await running.stop()
    t.diagnostic(JSON.stringify(report))
    assert.equal(report.lost, 0)
    assert.equal(await load.countWrongLedgers(), 0)
  } finally {
    await storage.close()
    await load.close()
    await server.stop()
  }
})
