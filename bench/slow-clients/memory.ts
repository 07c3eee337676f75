import { usageOf } from '../usage.ts'

const lookEveryMs = 100

/** The most that a process keeps resident from now on until it is asked. */
export function watchMemory(pid: number): { stop(): number } {
  let most = 0
  const look = (): void => {
    most = Math.max(most, usageOf(pid).residentBytes)
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  return {
    stop() {
      clearInterval(timer)
      look()
      return most
    },
  }
}
