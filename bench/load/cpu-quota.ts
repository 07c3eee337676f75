import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Short, so that a process that has used its share waits milliseconds and not tenths of a second. */
const periodMicros = 10_000

/** CPU quota of a process as a share of one core, by a cgroup; undefined where none can be made. */
export function limitCpu(pid: number, share: number): { release(): void } | undefined {
  const quotaMicros = Math.round(periodMicros * share)
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers')
  const folder = join(isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu', `sspay-bench-${pid}`)
  const settings: Readonly<Record<string, string>> = isUnified
    ? { 'cpu.max': `${quotaMicros} ${periodMicros}` }
    : { 'cpu.cfs_period_us': String(periodMicros), 'cpu.cfs_quota_us': String(quotaMicros) }
  try {
    mkdirSync(folder)
  } catch {
    return undefined
  }
  try {
    for (const [name, value] of Object.entries(settings)) writeFileSync(join(folder, name), value)
    writeFileSync(join(folder, 'cgroup.procs'), String(pid))
  } catch {
    rmdirSync(folder)
    return undefined
  }
  // Only an empty group can be removed: when its process has ended.
  return { release: () => rmdirSync(folder) }
}
