export interface OpenLoop {
  readonly seconds: number
  readonly perSecond: number
}

export interface OpenLoopOptions {
  /** In milliseconds. */
  now(): number
  nextTurn(turnedAt: number): Promise<void>
  /** Sends the request that is due so many milliseconds after the start; false when no connection is free for it. */
  send(dueAt: number): boolean
}

export interface OpenLoopFigures {
  readonly due: number
  readonly unsent: number
  readonly turnMs: readonly number[]
}

/**
 * Requests that are due whether earlier ones are answered or not. One that finds no free connection is unsent, as it is
 * for a shop whose pool is exhausted, and is not sent later: latencies would hold a queue that is not the gateway's.
 */
export async function runOpenLoop(
  { seconds, perSecond }: OpenLoop,
  { now, nextTurn, send }: OpenLoopOptions,
): Promise<OpenLoopFigures> {
  const dueInAll = Math.floor(seconds * perSecond)
  const turnMs: number[] = []
  const startedAt = now()
  let [due, unsent] = [0, 0]
  for (;;) {
    const turnedAt = now()
    const elapsedSeconds = (turnedAt - startedAt) / 1000
    const dueByNow = Math.min(dueInAll, elapsedSeconds * perSecond)
    for (; due < dueByNow; due++) {
      if (!send((due * 1000) / perSecond)) unsent++
    }
    if (elapsedSeconds >= seconds) return { due, unsent, turnMs }
    await nextTurn(turnedAt)
    turnMs.push(now() - turnedAt)
  }
}
