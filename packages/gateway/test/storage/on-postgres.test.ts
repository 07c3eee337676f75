import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runOnPostgres } from '../../../../test/postgres/run-tests.ts'

/** Each way of using the storage once; `npm run test:postgres` runs everything. */
const representative = [
  ...[
    'approval/approve',
    'approval/expiry-race',
    'cancellation/silence',
    'notifications/schedule',
    'passkeys/passkeys',
  ],
  ...['vault-wallet', 'storage-canary', 'storage-migrate'],
].map((name) => `packages/gateway/test/${name}.test.ts`)

test('what stands for all tests of storage holds on PostgreSQL too', async (t) => {
  const { exitCode, output } = await runOnPostgres(representative, { atOnce: 1, isShown: false })
  assert.equal(exitCode, 0, output)
  const passed = Number(/^(?:ℹ|#) pass (\d+)$/m.exec(output)?.[1])
  t.diagnostic(`${passed} tests passed on PostgreSQL`)
  assert.ok(passed > 60, output)
})
