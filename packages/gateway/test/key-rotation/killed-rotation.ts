import { existsSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { DatabaseSync } from 'node:sqlite'
import type { Row } from '../../src/storage/storage.ts'

/** Where a rotation dies: its commits are counted from 1. */
export interface KillPoint {
  readonly side: 'before' | 'after'
  readonly commit: number
}

/** What happens to a process that loads this file before the command. */
export interface Fault {
  readonly kill?: KillPoint | undefined
  /** Waits before this transaction, counted from 1, until its input says something. */
  readonly holdBefore?: number
  readonly injectedBug?: InjectedBug | undefined
}

export type InjectedBug = keyof typeof injectedBugs

/** Texts of a file of the rotation, each with what the bug has instead. */
const injectedBugs = {
  records_progress_before_commit: {
    file: 'rotate-root-key.ts',
    changes: [
      ['let after: Row | undefined', 'let after: Row | undefined = rotationProgress.of(table.table)'],
      ['if (rows.length > 0) yield rows', 'if (rows.length > 0) yield rotationProgress.record(table.table, rows)'],
    ],
  },
  retires_the_old_key_first: {
    file: 'rotate-root-key.ts',
    changes: [
      [
        'encryptedFormer, now: runtime.now() })',
        'encryptedFormer, now: runtime.now() }); await recordRetired(transaction, former.keyId, runtime.now())',
      ],
    ],
  },
  skips_what_changed_meanwhile: {
    file: 'rotate-root-key.ts',
    changes: [['if (found === left) break', 'break']],
  },
  overwrites_what_changed_meanwhile: {
    file: 'store.ts',
    // A comparison that always holds.
    changes: [['is not distinct from', 'is null is distinct from']],
  },
} as const

/** The last row of the last page of each table, in a file beside the database. */
const rotationProgress = {
  file: `${process.env.SSPAY_DATA}/progress.json`,
  read: (): Record<string, Row | undefined> =>
    existsSync(rotationProgress.file) ? JSON.parse(readFileSync(rotationProgress.file, 'utf8')) : {},
  of: (table: string): Row | undefined => rotationProgress.read()[table],
  record(table: string, rows: readonly Row[]): readonly Row[] {
    writeFileSync(rotationProgress.file, JSON.stringify({ ...rotationProgress.read(), [table]: rows.at(-1) }))
    return rows
  },
}

function inject({ file, changes }: (typeof injectedBugs)[InjectedBug]): void {
  Object.assign(globalThis, { rotationProgress })
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith(`/key-rotation/${file}`)) return loaded
      let source = String(loaded.source)
      for (const [right, wrong] of changes) {
        if (!source.includes(right)) throw new Error(`${url} does not contain "${right}"`)
        source = source.replace(right, wrong)
      }
      return { ...loaded, source }
    },
  })
}

const { kill, holdBefore, injectedBug }: Fault = JSON.parse(process.env.ROTATION_FAULT ?? '{}')
if (injectedBug !== undefined) inject(injectedBugs[injectedBug])

const { exec } = DatabaseSync.prototype
const counts = { begun: 0, committed: 0 }

function die(side: KillPoint['side']): void {
  if (kill?.side === side && kill.commit === counts.committed) process.kill(process.pid, 'SIGKILL')
}

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  if (sql === 'begin immediate') {
    if (counts.begun++ === 0) writeSync(2, 'begun\n')
    if (counts.begun === holdBefore) {
      writeSync(2, 'held\n')
      readSync(0, new Uint8Array(1))
    }
  }
  if (sql === 'commit') {
    counts.committed++
    die('before')
  }
  exec.call(this, sql)
  if (sql === 'commit') die('after')
}
