import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, rmSync } from 'node:fs'
import { join, matchesGlob, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installReleaseTools, releaseTool } from './packages/release-tools.ts'
import { groupTests, writeGroups } from './test/groups.ts'
import { makeScratch } from './test/scratch.ts'
import { forbiddenSkips, readLedger } from './test/skips.ts'
import { type Suite, type SuiteName, suites } from './test/suites.ts'

const root = resolve(import.meta.dirname, '..')

const stripTypes = pathToFileURL(join(import.meta.dirname, 'test/strip-types.mjs')).href

const help = `node tools/test.ts SUITE [PATH...] [--test-...]

Runs the test files of a suite, or those that lie in the given folders. Options go to node --test.

${Object.entries(suites)
  .map(([name, { about }]) => `  ${name.padEnd(12)}${about}`)
  .join('\n')}

A file whose process ends before its tests fails the run. In CI a skipped test does too, unless
tools/test/skips.ts names it with its reason.
`

function filesOf({ files, without = [] }: Suite, paths: readonly string[]): readonly string[] {
  return globSync(files, { cwd: root })
    .sort()
    .filter((file) => !without.some((pattern) => matchesGlob(file, pattern)))
    .filter((file) => paths.length === 0 || paths.some((path) => file === path || file.startsWith(`${path}/`)))
}

/** One server for all files of a suite: starting one costs more than most files. */
async function startPostgres() {
  const { startEmbeddedPostgres } = await import('../test/support/embedded-postgres.ts')
  return startEmbeddedPostgres({ settings: ['max_connections=300', 'autovacuum=off'] })
}

function start(suite: Suite, words: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  if (suite.node !== undefined) installReleaseTools()
  const node = suite.node === undefined ? process.execPath : releaseTool(`${suite.node}/bin/node`)
  return spawn(node, ['--test', `--test-concurrency=${suite.atOnce}`, `--test-timeout=${suite.timeoutMs}`, ...words], {
    cwd: root,
    stdio: 'inherit',
    env: {
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'),
      ...process.env,
      ...(suite.proofs === undefined ? {} : { SSPAY_PROOFS: suite.proofs }),
      ...(suite.node === 'node-20' ? { NODE_OPTIONS: `--import=${stripTypes}` } : {}),
      ...environment,
    },
  })
}

async function runFiles(suite: Suite, files: readonly string[], options: readonly string[]): Promise<number> {
  const scratch = makeScratch()
  process.env.TMPDIR = scratch
  const postgres = suite.hasPostgres ? await startPostgres() : undefined
  try {
    const ledger = join(scratch, 'ledger.jsonl')
    const entries = suite.isGrouped ? writeGroups(groupTests(files), root, scratch) : files
    const reporters = [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...[`--test-reporter=${join(import.meta.dirname, 'test/ledger-reporter.mjs')}`],
      `--test-reporter-destination=${ledger}`,
    ]
    const child = start(suite, [...reporters, ...options, ...entries], {
      ...(postgres === undefined ? {} : { SSPAY_TEST_POSTGRES: postgres.urlOf('postgres') }),
    })
    // The tests end first, then what they share.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
    const [exitCode] = await once(child, 'exit')
    const { skips, unfinished } = readLedger(ledger, files)
    // A test of a file by itself may be written in a module that it imports; options may choose tests by name.
    const isKnown = suite.isGrouped && options.length === 0
    const faults = (isKnown ? unfinished : []).map((file) => `${file}: its process ended before its tests`)
    if (process.env.CI !== undefined)
      for (const { file, name, reason } of forbiddenSkips(skips))
        faults.push(`${file}: skipped in CI: ${name} (${reason})`)
    for (const fault of faults) console.log(fault)
    return exitCode === 0 && faults.length > 0 ? 1 : (exitCode ?? 1)
  } finally {
    await postgres?.stop()
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10 })
  }
}

const [name = '', ...given] = process.argv.slice(2)
const suite: Suite | undefined = Object.hasOwn(suites, name) ? suites[name as SuiteName] : undefined
if (suite === undefined || given.includes('--help')) {
  console.log(help)
  process.exitCode = given.includes('--help') ? 0 : 2
} else {
  const paths = given.filter((word) => !word.startsWith('-')).map((path) => path.replace(/^\.\/|\/$/g, ''))
  const files = filesOf(suite, paths)
  if (files.length === 0) console.error(`No test file of the suite ${name} lies in ${paths.join(', ')}`)
  process.exitCode =
    files.length === 0
      ? 2
      : await runFiles(
          suite,
          files,
          given.filter((word) => word.startsWith('-')),
        )
}
