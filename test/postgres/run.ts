import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { startPostgres } from '../../packages/merchant/test/postgres.ts'

/** Runs the tests of the gateway, or the files that are named, on a real PostgreSQL of its own. */
const repository = resolve(import.meta.dirname, '../..')
const named = process.argv.slice(2)
const files = named.length > 0 ? named : globSync('packages/gateway/test/**/*.test.ts', { cwd: repository })
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
