import type { ServerResponse } from 'node:http'
import type { Runtime } from '../runtime.ts'

export interface ShedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

const turnMs = 25
const leastPerTurn = 5
/** Beyond it connections are closed without an answer. */
const mostWaiting = 5_000

/**
 * Load shedding at a bounded cost: at most 200 rejections per second plus one per admitted call; the others are
 * delayed. Clients retry only after an answer, so delaying it bounds the CPU time that retries cost, whatever their
 * number.
 */
export function createShedAnswers({ schedule }: Pick<Runtime, 'schedule'>) {
  const waiting = new Set<() => void>()
  let [ended, left] = [0, leastPerTurn]
  let isScheduled = false

  const turn = (): void => {
    isScheduled = false
    ;[ended, left] = [0, leastPerTurn + ended]
    for (const answer of waiting) {
      if (left <= 0) break
      answer()
    }
    if (waiting.size > 0) scheduleTurn()
  }
  const scheduleTurn = (): void => {
    if (isScheduled) return
    isScheduled = true
    schedule(turnMs, turn)
  }

  return {
    /** Answers at once, or later if the rate is exhausted. */
    answer(response: ServerResponse, { status, headers, body }: ShedAnswer): void {
      const answer = (): void => {
        waiting.delete(answer)
        left -= 1
        // A string body is written together with the head; a buffer would take a second write.
        response.writeHead(status, headers).end(body)
        scheduleTurn()
      }
      if (waiting.size >= mostWaiting) response.destroy()
      else if (left > 0) answer()
      else {
        waiting.add(answer)
        response.on('close', () => waiting.delete(answer))
      }
    },
    /** Call it when an admitted call has ended. */
    countEnded(): void {
      ended += 1
    },
  }
}
