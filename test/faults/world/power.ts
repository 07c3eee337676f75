import { never } from './link.ts'

/** The life of one process: once it is off, nothing that runs in it ever comes back. */
export interface Power {
  readonly isOn: boolean
  /** Resolves when the process dies. */
  readonly off: Promise<void>
  cut(): void
  /** One step of the process: dies here when its steps are used up. */
  step(): void
  /** Runs `work` with a step before and one after it: a death before means it never ran, one after that nobody hears of it. */
  through<Result>(work: () => Promise<Result>): Promise<Result>
}

/** `stepsToLive`: after so many steps the process dies; `onDeath` hears of it. */
export function createPower(stepsToLive: () => number, onDeath: () => void): Power {
  const { promise: off, resolve } = Promise.withResolvers<void>()
  let isOn = true
  let steps = 0

  const cut = (): void => {
    if (!isOn) return
    isOn = false
    resolve()
    onDeath()
  }
  const step = (): void => {
    steps += 1
    if (steps >= stepsToLive()) cut()
  }
  return {
    get isOn() {
      return isOn
    },
    off,
    cut,
    step,
    async through(work) {
      if (isOn) step()
      if (!isOn) return never()
      const result = await work()
      step()
      return isOn ? result : never()
    },
  }
}
