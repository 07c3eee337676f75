import { runOnPostgres } from './run-tests.ts'
import { testsOnBothEngines } from './select-tests.ts'

const onPostgresAlone = ['packages/gateway/test/storage/pgbouncer.test.ts', 'test/cluster/upgrade.test.ts']

/**
 * Runs every test of storage and every journey, or the files that are named, on a real PostgreSQL of its own. What says
 * something about SQLite alone is in the table of sqlite-only.ts. PgBouncer comes from the system.
 */
const named = process.argv.slice(2)
const files = named.length > 0 ? named : [...testsOnBothEngines(), ...onPostgresAlone]
const { exitCode } = await runOnPostgres(files, { atOnce: 2, isShown: true })
process.exitCode = exitCode
