import type { Log } from '../logging/log.ts'
import { type Runtime, randomHex } from '../runtime.ts'
import { type Answer, readJsonAnswer } from './json-answer.ts'
import { type CardNetwork, cardRejections, type VerifyCardOutcome } from './port.ts'

/**
 * `verifyCard` of the card network over HTTP JSON. Each request has a `verificationId` of its own, which the answer repeats: a proxy
 * that mixes up two answers must not give a card to somebody else.
 */
export const verifyCardOverHttp =
  (
    { runtime, log }: { readonly runtime: Runtime; readonly log: Log },
    url: string,
    timeoutMs: number,
  ): CardNetwork['verifyCard'] =>
  async (request) => {
    const verificationId = randomHex(runtime, 16)
    try {
      const { status, body } = await runtime.fetch(`${url}/verify-card`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ verificationId, ...request }),
        timeoutMs,
      })
      const answer = status === 200 ? readJsonAnswer(body) : undefined
      const outcome = answer?.verificationId === verificationId ? readOutcome(answer) : undefined
      if (outcome !== undefined) return outcome
      log.warn('card_network_answer_unreadable', { verb: 'verify-card', verificationId, status })
    } catch (cause) {
      const name = cause instanceof Error ? cause.name : 'unknown'
      log.warn('card_network_silent', { verb: 'verify-card', verificationId, cause: name })
    }
    return { outcome: 'unreachable' }
  }

function readOutcome({ outcome, reason }: Answer): VerifyCardOutcome | undefined {
  if (outcome === 'verified') return { outcome }
  if (outcome !== 'rejected') return undefined
  return { outcome, reason: cardRejections.find((known) => known === reason) ?? 'issuer_declined' }
}
