import { existsSync, readFileSync } from 'node:fs'

/** A process that has ended and whose parent has not yet asked for it counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const file = `/proc/${pid}/stat`
  return !existsSync(file) || !/\) Z /.test(readFileSync(file, 'utf8'))
}
