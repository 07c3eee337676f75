import type { ServerResponse } from 'node:http'
import type { Runtime } from '../runtime.ts'

/** An answer that was made before anybody asked. */
export interface ShedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

const everyMs = 25
const perTurn = 50
/** Beyond it a connection ends without an answer: at this rate its turn would come after five seconds. */
const mostWaiting = 10_000

/**
 * Answers shed requests at a bounded rate, 2,000 a second. Few are answered at once; of many each waits, and since a client asks again only after
 * its answer, retries cost the process a small, constant part of its time, whatever the number of clients.
 */
export function createShedAnswers({ schedule }: Pick<Runtime, 'schedule'>) {
  const waiting = new Set<() => void>()
  let answeredInTurn = 0
  let isTurning = false

  const turn = (): void => {
    isTurning = false
    answeredInTurn = 0
    for (const answer of waiting) {
      if (answeredInTurn >= perTurn) break
      answer()
    }
    turnLater()
  }
  const turnLater = (): void => {
    if (isTurning || answeredInTurn === 0) return
    isTurning = true
    schedule(everyMs, turn)
  }

  return (response: ServerResponse, { status, headers, body }: ShedAnswer): void => {
    const answer = (): void => {
      waiting.delete(answer)
      answeredInTurn += 1
      // A text leaves in one write together with its head; bytes would take two.
      response.writeHead(status, headers).end(body)
      turnLater()
    }
    if (waiting.size >= mostWaiting) response.destroy()
    else if (answeredInTurn < perTurn) answer()
    else {
      waiting.add(answer)
      response.on('close', () => waiting.delete(answer))
    }
  }
}
