import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { applyEdit, type Edit, nameOf, type UndoneFix, type UndoneFixes } from './model.ts'

export const verdicts = {
  found: 'the test fails by an assertion',
  edit_not_found: 'the text to find is not there exactly once',
  test_missing: 'no test has this title',
  fails_without_edit: 'the test fails without the edit too',
  stays_green: 'the test passes although the fix is undone',
  no_assertion: 'the test fails, but by no assertion',
} as const

export type Verdict = keyof typeof verdicts

export interface Undone {
  readonly fault: string
  readonly editIn: string
  readonly testFile: string
  readonly title: string
  readonly verdict: Verdict
  readonly seconds: number
}

interface Outcome {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'failed_by_assertion'
}

export interface UndoOptions {
  /** Copies of the repository: each has one fix undone at a time. */
  readonly copies: readonly string[]
  readonly onUndone?: (undone: Undone) => void
  readonly signal?: AbortSignal
}

const longestTestMs = 120_000
const longestFileMs = 600_000

/** Undoes one fix after the other in each copy, and runs its test. A test file first runs without an edit. */
export async function undoFixes(fixes: UndoneFixes, options: UndoOptions): Promise<readonly Undone[]> {
  const { copies, onUndone, signal } = options
  const byFile = Map.groupBy(Object.entries(fixes), ([, { test }]) => test[0])
  const queue = [...byFile.entries()]
  const all: Undone[] = []
  const work = async (copy: string): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [testFile, group] = next
      const before = await runTests(copy, testFile, signal)
      for (const [fault, fix] of group) {
        const startedAt = performance.now()
        const verdict = await judge(copy, fix, before, signal)
        if (signal?.aborted === true) return
        const seconds = (performance.now() - startedAt) / 1000
        const editIn = fix.edits.map(([file]) => file).join(', ')
        const undone = { fault, editIn, testFile, title: fix.test[1], verdict, seconds }
        all.push(undone)
        onUndone?.(undone)
      }
    }
  }
  await Promise.all(copies.map(work))
  return all
}

async function judge(
  copy: string,
  { edits, test: [file, title] }: UndoneFix,
  before: readonly Outcome[],
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  const isNamed = ({ name }: Outcome): boolean => nameOf(title).test(name)
  // A file that cannot be loaded reports one failure, of the file.
  if (before.some(({ name, result }) => result !== 'passed' && name.endsWith(file))) return 'fails_without_edit'
  const named = before.filter(isNamed)
  if (named.length === 0) return 'test_missing'
  if (named.some(({ result }) => result !== 'passed')) return 'fails_without_edit'

  const restore = edit(copy, edits)
  if (restore === undefined) return 'edit_not_found'
  try {
    const after = await runTests(copy, file, signal)
    if (after.some((one) => isNamed(one) && one.result === 'failed_by_assertion')) return 'found'
    return after.filter(isNamed).some(({ result }) => result === 'passed') ? 'stays_green' : 'no_assertion'
  } finally {
    restore()
  }
}

/** Undefined, with nothing written, unless each edit applies. */
function edit(copy: string, edits: readonly Edit[]): (() => void) | undefined {
  const originals = new Map<string, string>()
  const edited = new Map<string, string>()
  for (const one of edits) {
    const path = join(copy, one[0])
    const text = edited.get(path) ?? readFileSync(path, 'utf8')
    if (!originals.has(path)) originals.set(path, text)
    const changed = applyEdit(text, one)
    if (changed === undefined) return undefined
    edited.set(path, changed)
  }
  for (const [path, text] of edited) writeFileSync(path, text)
  return () => {
    for (const [path, text] of originals) writeFileSync(path, text)
  }
}

async function runTests(copy: string, file: string, signal: AbortSignal | undefined): Promise<readonly Outcome[]> {
  const stream = run({
    files: [join(copy, file)],
    cwd: copy,
    concurrency: 1,
    timeout: longestTestMs,
    // An undone fix may leave a gateway open that the test expects not to start.
    execArgv: ['--test-force-exit'],
    signal: AbortSignal.any([AbortSignal.timeout(longestFileMs), ...(signal === undefined ? [] : [signal])]),
  })
  const outcomes: Outcome[] = []
  for await (const { type, data } of stream) {
    if (type === 'test:pass') outcomes.push({ name: data.name, result: 'passed' })
    if (type !== 'test:fail') continue
    const { cause } = data.details.error
    outcomes.push({ name: data.name, result: isAssertion(cause) ? 'failed_by_assertion' : 'failed' })
  }
  return outcomes
}

/** `until` in test/support is an assertion that polls. */
const isAssertion = (cause: unknown): boolean =>
  cause instanceof Error &&
  (('code' in cause && cause.code === 'ERR_ASSERTION') || /^not within \d+ ms: /.test(cause.message))
