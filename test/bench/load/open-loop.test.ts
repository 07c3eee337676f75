import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OpenLoopFigures, runOpenLoop } from '../../../bench/load/open-loop.ts'

interface Simulated {
  readonly figures: OpenLoopFigures
  /** When each request that was sent was due, in milliseconds. */
  readonly sent: readonly number[]
}

/**
 * Ten requests a second for one second, on a clock that advances by `turnMs` a turn; `isFree` says whether a connection
 * is free then.
 */
async function simulate(turnMs: number, isFree: (at: number) => boolean): Promise<Simulated> {
  let clock = 5_000
  const sent: number[] = []
  const figures = await runOpenLoop(
    { seconds: 1, perSecond: 10 },
    {
      now: () => clock,
      async nextTurn() {
        clock += turnMs
      },
      send(dueAt) {
        if (isFree(clock - 5_000)) sent.push(dueAt)
        return isFree(clock - 5_000)
      },
    },
  )
  return { figures, sent }
}

const allDue = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]

test('every request is sent once when it is due', async () => {
  const { figures, sent } = await simulate(10, () => true)
  assert.deepEqual(sent, allDue)
  assert.deepEqual([figures.due, figures.unsent], [10, 0])
})

test('a request that finds no free connection is unsent, and not sent later', async () => {
  const { figures, sent } = await simulate(10, (at) => at < 300 || at >= 700)
  assert.deepEqual(sent, [0, 100, 200, 700, 800, 900])
  assert.deepEqual([figures.due, figures.unsent], [10, 4])
})

test('what became due during a slow turn is sent after it, with its own due time', async () => {
  const { figures, sent } = await simulate(350, () => true)
  assert.deepEqual(sent, allDue)
  assert.deepEqual(figures.turnMs, [350, 350, 350])
})
