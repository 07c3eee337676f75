import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeScratch } from '../../tools/test/scratch.ts'
import { print, runSimulation as runCommand } from '../simulation/command.ts'
import { repository } from '../source/files.ts'
import type { UndoneFixes } from './model.ts'
import { copyRepository } from './scratch-copy.ts'
import { undoneFixes } from './table.ts'
import { type Undone, undoFixes, verdicts } from './undo-fixes.ts'

const help = `Undoes each fix of test/undone-fixes/table.ts in a copy of the repository; its test must fail then.

  node test/undone-fixes/run.ts --only 'cancel password'

  --only NAME  the faults whose name contains NAME; may be repeated
  --json       the results as JSON

Exit code 0: each test fails by an assertion. 1: one does not, or fails without the edit, or an edit does not apply.
2: the command is wrong.
`

const options = {
  only: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { only = [''], json, help: asksHelp } = parseArgs({ options }).values
  if (asksHelp) return print(help, 0)
  const chosen = Object.fromEntries(
    Object.entries(undoneFixes).filter(([fault]) => only.some((name) => fault.includes(name))),
  )
  if (Object.keys(chosen).length === 0) throw new RangeError(`--only: no fault is called ${only.join(', ')}`)
  const undone = await undoInCopies(chosen, json ? undefined : (one) => void print(rowOf(one), 0))
  const isWell = undone.length === Object.keys(chosen).length && undone.every(({ verdict }) => verdict === 'found')
  return print(json ? JSON.stringify(undone) : sumOf(undone), isWell ? 0 : 1)
}

async function undoInCopies(chosen: UndoneFixes, onUndone?: (undone: Undone) => void): Promise<readonly Undone[]> {
  const scratch = makeScratch()
  process.env.TMPDIR = scratch
  process.env.NODE_COMPILE_CACHE ??= join(repository, 'node_modules/.cache/compile')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const copies = ['first', 'second'].map((name) => join(scratch, name))
    for (const copy of copies) copyRepository(repository, copy)
    return await undoFixes(chosen, { copies, signal: stop.signal, ...(onUndone && { onUndone }) })
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10 })
  }
}

const shorten = (path: string): string => path.replace(/^packages\//, '').replace('/payment-window/', '/window/')

const rowOf = ({ fault, editIn, testFile, title, verdict, seconds }: Undone): string =>
  [
    verdict.padEnd(18),
    seconds.toFixed(1).padStart(5),
    fault.padEnd(66),
    shorten(editIn).padEnd(48),
    `${shorten(testFile)}: ${title}`,
  ].join('  ')

function sumOf(undone: readonly Undone[]): string {
  const wrong = undone.filter(({ verdict }) => verdict !== 'found')
  return [
    ...wrong.map(({ fault, verdict }) => `${fault}: ${verdicts[verdict]}`),
    `${undone.length - wrong.length} of ${undone.length} undone fixes are found by their tests`,
  ].join('\n')
}

process.exitCode = await runCommand(help, main)
