import type { Log, LogFields } from '../logging/log.ts'
import { causeCode } from '../outgoing/failure.ts'
import { type Runtime, randomHex } from '../runtime.ts'
import type { CardNetwork, NetworkReference, NetworkSilence } from './port.ts'
import {
  type Answer,
  readAuthorization,
  readCancellation,
  readInquiry,
  readReversal,
  readVerification,
} from './read-answer.ts'
import { reportUnusableAnswer } from './unusable-answers.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** Undefined unless the body is a JSON object. */
function readJsonObject(body: Uint8Array): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(strictUtf8.decode(body))
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}

/**
 * The card network over HTTP JSON, see {@link CardNetwork}. Anything but a well-formed answer about the same payment
 * counts as no answer: a time-out, another status, broken JSON, another transaction id or amount, an impossible time or
 * number.
 */
export function createHttpCardNetwork(
  { runtime, log }: { readonly runtime: Runtime; readonly log: Log },
  url: string,
  timeoutMs: number,
): CardNetwork {
  const post = async (
    verb: string,
    request: object,
    about: LogFields,
    mostMs = timeoutMs,
  ): Promise<Answer | undefined> => {
    try {
      const { status, body } = await runtime.fetch(`${url}/${verb}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
        timeoutMs: Math.min(mostMs, timeoutMs),
        // The circuit breaker was asked before the claim: see `permitAuthorization`.
        isPermitted: verb === 'authorize',
      })
      const answer = status === 200 ? readJsonObject(body) : undefined
      if (answer === undefined) log.warn('card_network_answer_unreadable', { verb, ...about, status })
      return answer
    } catch (cause) {
      log.warn('card_network_silent', { verb, ...about, cause: causeCode(cause) })
      return undefined
    }
  }

  const ask = async <Outcome>(
    verb: string,
    payment: NetworkReference,
    read: (answer: Answer) => Outcome | undefined,
    mostMs?: number,
  ): Promise<Outcome | NetworkSilence> => {
    const { transactionId, amount } = payment
    const answer = await post(verb, payment, { transactionId }, mostMs)
    if (answer === undefined) return { outcome: 'silent' }
    const isAboutPayment = answer.transactionId === transactionId && answer.amount === amount
    const outcome = isAboutPayment ? read(answer) : undefined
    if (outcome !== undefined) return outcome
    const event = isAboutPayment ? 'card_network_answer_impossible' : 'card_network_answer_for_another_payment'
    reportUnusableAnswer(log, 'card_network', event, { verb, transactionId })
    return { outcome: 'silent' }
  }

  return {
    authorize: (request, mostMs) => ask('authorize', request, readAuthorization, mostMs),
    inquire: ({ transactionId, amount }) => ask('inquire', { transactionId, amount }, readInquiry),
    reverse: ({ transactionId, amount }) => ask('reverse', { transactionId, amount }, readReversal),
    cancel: (request) => ask('cancel', request, (answer) => readCancellation(answer, request)),
    async verifyCard(request) {
      // Repeated by the answer: a proxy that mixes up two answers must not give a card to another member.
      const verificationId = randomHex(runtime, 16)
      const verb = 'verify-card'
      const answer = await post(verb, { verificationId, ...request }, { verificationId })
      if (answer === undefined) return { outcome: 'unreachable' }
      const outcome = answer.verificationId === verificationId ? readVerification(answer) : undefined
      if (outcome !== undefined) return outcome
      log.warn('card_network_answer_unreadable', { verb, verificationId, status: 200 })
      return { outcome: 'unreachable' }
    },
  }
}
