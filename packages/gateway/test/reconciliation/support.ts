import type { CommandProcess } from '../../src/operator-command.ts'
import { runReconcile } from '../../src/reconcile-command.ts'
import { runReport } from '../../src/report-command.ts'
import type { Runtime } from '../../src/runtime.ts'
import { type Ran, runCommand } from '../run-command.ts'

const commands = { report: runReport, reconcile: runReconcile } as const

export const run = (
  name: keyof typeof commands,
  place: CommandProcess['place'],
  args: readonly string[],
  runtime?: Runtime,
): Promise<Ran> => runCommand(commands[name], { place, ...(runtime === undefined ? {} : { runtime }) }, ...args)
