import { existsSync, readFileSync } from 'node:fs'

/** Of Linux; elsewhere nobody knows what another process has used. */
const isKnown = existsSync('/proc/self/stat')

const ticksPerSecond = 100

/** CPU seconds that these processes have used since they started, all their threads together. */
export function cpuSecondsOf(pids: readonly number[]): number {
  if (!isKnown) return Number.NaN
  return pids.map((pid) => ticksIn(readFileSync(`/proc/${pid}/stat`, 'utf8'))).reduce((sum, ticks) => sum + ticks, 0)
}

/** The name stands in brackets and may hold blanks. */
function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
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
