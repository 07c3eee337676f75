import { existsSync, readFileSync } from 'node:fs'

/** Of Linux; elsewhere nobody knows what another process has used. */
const isKnown = existsSync('/proc/self/stat')

const ticksPerSecond = 100

/** CPU seconds that each of these processes has used since it started, all its threads together; those that have ended are left out. */
export function cpuSecondsOf(pids: readonly number[]): ReadonlyMap<number, number> {
  const used = new Map<number, number>()
  for (const pid of pids) {
    const file = `/proc/${pid}/stat`
    if (existsSync(file)) used.set(pid, ticksIn(readFileSync(file, 'utf8')) / ticksPerSecond)
  }
  return used
}

/** What was used from one look to the other, also by processes that have started in between. */
export function cpuSecondsBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  if (!isKnown) return Number.NaN
  return [...after].reduce((sum, [pid, seconds]) => sum + seconds - (before.get(pid) ?? 0), 0)
}

/** The name stands in brackets and may hold blanks. */
function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
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
