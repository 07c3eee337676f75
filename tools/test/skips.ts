import { readFileSync } from 'node:fs'

/** A test that did not run, as its reporter wrote it. */
export interface Skip {
  readonly file: string
  readonly name: string
  readonly reason: string | true
}

interface AllowedSkip {
  readonly file: string
  readonly name: RegExp
  readonly why: string
}

/** The only tests that CI may skip. */
const allowed: readonly AllowedSkip[] = [
  {
    file: 'packages/protocol/test/charset.test.ts',
    name: /whose own EUC-KR decoder is complete/,
    why: 'Node decodes only KS X 1001; the test compares the tables on a runtime that decodes all',
  },
  {
    file: 'packages/gateway/test/storage/pgbouncer.test.ts',
    name: /^behind /,
    why: 'PgBouncer comes from the system; the nightly test:postgres installs it',
  },
  {
    file: 'test/docs/systemd.test.ts',
    name: /systemd/,
    why: 'systemd-analyze comes from the system; the runners of GitHub have it',
  },
]

/** A line of the ledger: a test that did not run, or a file whose tests have all ended. */
type Line = Skip | { readonly ended: string }

interface Ledger {
  readonly skips: readonly Skip[]
  /** Files whose process ended before their tests, which node:test does not report. */
  readonly unfinished: readonly string[]
}

export function readLedger(ledger: string, files: readonly string[]): Ledger {
  const lines: readonly Line[] = readFileSync(ledger, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  const ended = new Set(lines.map((line) => ('ended' in line ? line.ended : undefined)))
  return {
    skips: lines.filter((line): line is Skip => !('ended' in line)),
    unfinished: files.filter((file) => !ended.has(file)),
  }
}

export const forbiddenSkips = (skips: readonly Skip[]): readonly Skip[] =>
  skips.filter(({ file, name }) => !allowed.some((one) => one.file === file && one.name.test(name)))
