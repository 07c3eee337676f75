import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { startPostgres } from '../../packages/merchant/test/postgres.ts'

/**
 * Runs the tests of approvals and cancellations, or the files that are named, on a real PostgreSQL of its own. The tests of notices move a
 * clock that waits for nothing but requests, and others look into the file of SQLite: they run on SQLite only.
 */
const repository = resolve(import.meta.dirname, '../..')
const onBothEngines = [
  'packages/gateway/test/approval/{approve,reversal}.test.ts',
  'packages/gateway/test/cancellation/*.test.ts',
]
const named = process.argv.slice(2)
const files = named.length > 0 ? named : globSync(onBothEngines, { cwd: repository })
const server = await startPostgres()
try {
  const child = spawn(process.execPath, ['--test', '--test-timeout=120000', '--test-force-exit', ...files], {
    cwd: repository,
    stdio: 'inherit',
    env: { ...process.env, SSPAY_TEST_DATABASE_URL: await server.createDatabase() },
  })
  const [exitCode] = await once(child, 'exit')
  process.exitCode = exitCode ?? 1
} finally {
  await server.stop()
}
