import type { ChildProcess } from 'node:child_process'
import { until } from './until.ts'

/** Resolves once the process answers there; rejects at once when it has ended. */
export async function waitForShop(origin: string, child: ChildProcess, output: () => string): Promise<void> {
  const what = (): string => `an answer of the shop at ${origin}: ${output()}`
  const isUp = async (): Promise<boolean> => (await fetch(origin)).ok
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const isOver = async () => hasEnded() || (await isUp())
  await until(isOver, { deadline: 90_000, every: 40, what })
  if (hasEnded()) throw new Error(`the shop has ended: ${output()}`)
}
