import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Ends a process that was spawned `detached`, with its children: npm, PHP and a loop of recoveries have some. */
export async function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  process.kill(-child.pid, signal)
  await exited
}
