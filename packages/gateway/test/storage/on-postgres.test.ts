import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runOnPostgres } from '../../../../test/postgres/run-tests.ts'
import { bySize } from '../../../../test/support/proof-size.ts'

/** Each way of using the storage once; `npm run test:postgres` runs everything. */
const representative = [
  'approval/approve',
  'approval/expiry-race',
  'cancellation/silence',
  'notifications/schedule',
  'passkeys/passkeys',
  'vault/wallet',
  'storage/canary',
  'storage/migrate',
].map((name) => `packages/gateway/test/${name}.test.ts`)

const some = bySize({ short: representative.slice(0, 1), medium: representative.slice(1), thorough: representative })

test('what stands for all tests of storage holds on PostgreSQL too', async (t) => {
  const { exitCode, output } = await runOnPostgres(some, { atOnce: 1, isShown: false })
  assert.equal(exitCode, 0, output)
  const passed = Number(/^(?:ℹ|#) pass (\d+)$/m.exec(output)?.[1])
  t.diagnostic(`${passed} tests passed on PostgreSQL`)
  assert.ok(passed > 7 * some.length, output)
})
