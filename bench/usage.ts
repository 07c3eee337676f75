import { readFileSync } from 'node:fs'

export interface Usage {
  /** Since it started, all threads, in steps of 10 ms. */
  readonly cpuMs: number
  readonly residentBytes: number
}

const tickMs = 10
const pageBytes = 4096

/** Resource usage of another process, read from /proc. */
export function usageOf(pid: number): Usage {
  // The name of the program stands in brackets and may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number)
  const [userTicks = Number.NaN, systemTicks = Number.NaN] = fields.slice(11, 13)
  const residentPages = fields[21] ?? Number.NaN
  return { cpuMs: (userTicks + systemTicks) * tickMs, residentBytes: residentPages * pageBytes }
}

/** Microseconds of this process since the last time that the returned function was called. */
export function countOwnCpu(): () => number {
  let before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    return user + system
  }
}
