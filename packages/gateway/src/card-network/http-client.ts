import type { Log } from '../logging/log.ts'
import type { Runtime } from '../runtime.ts'
import { type Answer, readJsonAnswer } from './json-answer.ts'
import type { CardNetwork, NetworkReference, NetworkSilence } from './port.ts'
import { readAuthorization, readCancellation, readInquiry, readReversal } from './read-answer.ts'
import { reportUnusableAnswer } from './unusable-answers.ts'
import { verifyCardOverHttp } from './verify-card.ts'

const silent: NetworkSilence = { outcome: 'silent' }

/**
 * The card network over HTTP JSON, see {@link CardNetwork}. Whatever is not a well-formed answer about this very payment counts as
 * silence: a time-out, another status, broken JSON, another transaction id or amount, a time or number that cannot be.
 */
export function createHttpCardNetwork(
  { runtime, log }: { readonly runtime: Runtime; readonly log: Log },
  url: string,
  timeoutMs: number,
): CardNetwork {
  const ask = async <Outcome>(
    verb: string,
    payment: NetworkReference,
    read: (answer: Answer) => Outcome | undefined,
  ): Promise<Outcome | NetworkSilence> => {
    const { transactionId } = payment
    try {
      const { status, body } = await runtime.fetch(`${url}/${verb}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(payment),
        timeoutMs,
        // Asked for before the payment was claimed.
        isPermitted: verb === 'authorize',
      })
      const answer = status === 200 ? readJsonAnswer(body) : undefined
      if (answer === undefined) log.warn('card_network_answer_unreadable', { verb, transactionId, status })
      else return readUsable(log, { verb, payment, answer, read }) ?? silent
    } catch (cause) {
      log.warn('card_network_silent', { verb, transactionId, cause: cause instanceof Error ? cause.name : 'unknown' })
    }
    return silent
  }

  return {
    authorize: (request) => ask('authorize', request, readAuthorization),
    inquire: ({ transactionId, amount }) => ask('inquire', { transactionId, amount }, readInquiry),
    reverse: ({ transactionId, amount }) => ask('reverse', { transactionId, amount }, readReversal),
    cancel: (request) => ask('cancel', request, (answer) => readCancellation(answer, request)),
    verifyCard: verifyCardOverHttp({ runtime, log }, url, timeoutMs),
  }
}

interface Answered<Outcome> {
  readonly verb: string
  readonly payment: NetworkReference
  readonly answer: Answer
  readonly read: (answer: Answer) => Outcome | undefined
}

/** What the answer says about this very payment; undefined, and reported, when that cannot be. */
function readUsable<Outcome>(log: Log, { verb, payment, answer, read }: Answered<Outcome>): Outcome | undefined {
  const { transactionId, amount } = payment
  const isAboutPayment = answer.transactionId === transactionId && answer.amount === amount
  const outcome = isAboutPayment ? read(answer) : undefined
  if (outcome === undefined) {
    const event = isAboutPayment ? 'card_network_answer_impossible' : 'card_network_answer_for_another_payment'
    reportUnusableAnswer(log, 'card_network', event, { verb, transactionId })
  }
  return outcome
}
