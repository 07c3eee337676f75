import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { repository } from '../source/files.ts'

const endsWithinMs = 5_000

/** A command of npm in the repository, with everything that it starts. */
export interface NpmCommand {
  /** Standard output and errors so far. */
  output(): string
  /** Resolves with the exit code. Rejects after the deadline. */
  exitCode(deadlineMs: number): Promise<number | null>
  /** Ends all its processes; resolves when they are gone. */
  end(): Promise<void>
}

const started = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of started) signalGroup(child, 'SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Starts a documented command line, such as `npm run pay -- --amount 1004`, without a shell. */
export function startNpm(line: string, environment: Readonly<Record<string, string>>): NpmCommand {
  const [file = '', ...words] = line.split(' ')
  const child = spawn(file, words, {
    cwd: repository,
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  const exited = once(child, 'close').finally(() => started.delete(child))
  exited.catch(() => {})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return {
    output: () => output,
    async exitCode(deadlineMs) {
      const overdue = setTimeout(() => signalGroup(child, 'SIGKILL'), deadlineMs)
      const [code] = (await exited) as [number | null]
      clearTimeout(overdue)
      return code
    },
    async end() {
      signalGroup(child, 'SIGTERM')
      const overdue = setTimeout(() => signalGroup(child, 'SIGKILL'), endsWithinMs)
      await exited
      clearTimeout(overdue)
    },
  }
}

/** npm starts a shell, which starts the program: a signal must reach all of them. */
function signalGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause
  }
}
