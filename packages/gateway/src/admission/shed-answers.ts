import type { ServerResponse } from 'node:http'
import type { Runtime } from '../runtime.ts'

/** An answer that was made before anybody asked. */
export interface ShedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

export interface ShedAnswers {
  /** Answers now, or later when too many were answered just now. */
  answer(response: ServerResponse, answer: ShedAnswer): void
  /** A call that was not shed has ended. */
  countEnded(): void
}

const turnMs = 25
const leastPerTurn = 5
/** Beyond it a connection ends without an answer. */
const mostWaiting = 5_000

/**
 * Answers shed requests at a bounded rate: 200 a second, and one for every call that is not shed. Few are answered at once; of many each
 * waits, and since a client asks again only after its answer, retries cost the process a small part of its time, whatever the number of clients.
 */
export function createShedAnswers({ schedule }: Pick<Runtime, 'schedule'>): ShedAnswers {
  const waiting = new Set<() => void>()
  let ended = 0
  let left = leastPerTurn
  let isTurning = false

  const turn = (): void => {
    isTurning = false
    left = leastPerTurn + ended
    ended = 0
    for (const answer of waiting) {
      if (left <= 0) break
      answer()
    }
    // The next turn is for those who wait, and for those who come before it.
    if (waiting.size > 0) turnLater()
  }
  const turnLater = (): void => {
    if (isTurning) return
    isTurning = true
    schedule(turnMs, turn)
  }

  return {
    answer(response, { status, headers, body }) {
      const answer = (): void => {
        waiting.delete(answer)
        left -= 1
        // A text leaves in one write together with its head; bytes would take two.
        response.writeHead(status, headers).end(body)
        turnLater()
      }
      if (waiting.size >= mostWaiting) response.destroy()
      else if (left > 0) answer()
      else {
        waiting.add(answer)
        response.on('close', () => waiting.delete(answer))
      }
    },
    countEnded() {
      ended += 1
    },
  }
}
