import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { startPostgres } from '../../packages/merchant/test/postgres.ts'

const repository = resolve(import.meta.dirname, '../..')

export interface TestRun {
  readonly exitCode: number
  /** What the runner wrote; empty when it went to this process's own output. */
  readonly output: string
}

/** Runs files of tests on a PostgreSQL of their own. Every file of SQLite is a schema there. */
export async function runOnPostgres(
  files: readonly string[],
  { atOnce, isShown }: { readonly atOnce: number; readonly isShown: boolean },
): Promise<TestRun> {
  const server = await startPostgres()
  try {
    // Without that variable of the runner it would take itself for a part of the run that has started it.
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env
    const child = spawn(
      process.execPath,
      ['--test', `--test-concurrency=${atOnce}`, '--test-timeout=300000', '--test-force-exit', ...files],
      {
        cwd: repository,
        stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'],
        env: { ...environment, SSPAY_TEST_DATABASE_URL: await server.createDatabase() },
      },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text))
    const [exitCode] = (await once(child, 'close')) as [number | null]
    return { exitCode: exitCode ?? 1, output }
  } finally {
    await server.stop()
  }
}
