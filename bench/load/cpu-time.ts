import { existsSync, readFileSync } from 'node:fs'
import { usageOf } from '../usage.ts'

/** Linux only: other systems have no /proc. */
const isKnown = existsSync('/proc/self/stat')

const ticksPerSecond = 100

/**
 * CPU seconds that each of these processes has used since it started, all its threads together; those that have ended
 * are left out.
 */
export function cpuSecondsOf(pids: readonly number[]): ReadonlyMap<number, number> {
  const used = new Map<number, number>()
  for (const pid of pids) {
    if (existsSync(`/proc/${pid}/stat`)) used.set(pid, usageOf(pid).cpuMs / 1_000)
  }
  return used
}

/** CPU time between two readings, including processes that started in between. */
export function cpuSecondsBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  if (!isKnown) return Number.NaN
  return [...after].reduce((sum, [pid, seconds]) => sum + seconds - (before.get(pid) ?? 0), 0)
}

/** CPU seconds that the whole machine was busy since it started. */
export function machineCpuSeconds(): number {
  if (!isKnown) return Number.NaN
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/ +/)
    .slice(1)
    .map(Number)
  return (user + nice + system + interrupts + softInterrupts + stolen) / ticksPerSecond
}
