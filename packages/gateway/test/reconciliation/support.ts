import type { CommandProcess } from '../../src/operator-command.ts'
import { runReconcile } from '../../src/reconcile-command.ts'
import { runReport } from '../../src/report-command.ts'
import { type Runtime, realRuntime } from '../../src/runtime.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly bytes: Buffer
  readonly reported: string
}

const commands = { report: runReport, reconcile: runReconcile } as const

/** Runs a command as the operator's shell would. */
export async function run(
  name: keyof typeof commands,
  place: () => ReturnType<CommandProcess['place']>,
  args: readonly string[],
  runtime: Runtime = realRuntime,
): Promise<Ran> {
  const written: Uint8Array[] = []
  let reported = ''
  const code = await commands[name](args, {
    runtime,
    place,
    write: (text) => void written.push(Buffer.from(text)),
    report: (text) => {
      reported += text
    },
  })
  const bytes = Buffer.concat(written)
  return { code, out: bytes.toString('utf8'), bytes, reported }
}

export const nowhere = (): never => {
  throw new Error('the database was looked for')
}
