import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import {
  type AuthorizeOutcome,
  type CancelOutcome,
  type CardNetwork,
  cancelRefusals,
  type DeclineReason,
  declineReasons,
  type NetworkCancelRequest,
  type NetworkReference,
  type NetworkSilence,
} from './port.ts'

type Answer = Readonly<Record<string, unknown>>

const silent: NetworkSilence = { outcome: 'silent' }

/**
 * The card network over HTTP JSON, see {@link CardNetwork}. Whatever is not a well-formed answer about this very payment counts as
 * silence: a time-out, another status, broken JSON, another transaction id or amount.
 */
export function createHttpCardNetwork(
  { runtime, log }: { readonly runtime: Runtime; readonly log: Log },
  url: string,
  timeoutMs: number,
): CardNetwork {
  const ask = async (verb: string, payment: NetworkReference): Promise<Answer | undefined> => {
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
      const answer = status === 200 ? readAnswer(body) : undefined
      if (answer === undefined) log.warn('card_network_answer_unreadable', { verb, transactionId, status })
      else if (isAbout(answer, payment)) return answer
      else log.error('card_network_answer_for_another_payment', { verb, transactionId })
    } catch (cause) {
      log.warn('card_network_silent', { verb, transactionId, cause: cause instanceof Error ? cause.name : 'unknown' })
    }
    return undefined
  }

  return {
    authorize: async (request) => readOutcome(await ask('authorize', request)),
    async inquire({ transactionId, amount }) {
      const answer = await ask('inquire', { transactionId, amount })
      return answer?.outcome === 'unknown_to_network' ? { outcome: 'unknown_to_network' } : readOutcome(answer)
    },
    async reverse({ transactionId, amount }) {
      const answer = await ask('reverse', { transactionId, amount })
      return answer?.outcome === 'reversed' ? { outcome: 'reversed' } : silent
    },
    cancel: async (request) => readCancelOutcome(await ask('cancel', request), request),
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

function readAnswer(body: Uint8Array): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(strictUtf8.decode(body))
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}

const isAbout = (answer: Answer, { transactionId, amount }: NetworkReference): boolean =>
  answer.transactionId === transactionId && answer.amount === amount

function readOutcome(answer: Answer | undefined): AuthorizeOutcome {
  if (answer?.outcome === 'declined') return { outcome: 'declined', reason: readReason(answer.reason) }
  if (answer?.outcome !== 'approved') return silent
  const { approvalNumber, approvedAt, issuerCode, acquirerCode, cardKind } = answer
  if (!matches(approvalNumber, /^[A-Za-z0-9]{1,30}$/)) return silent
  if (!matches(issuerCode, /^[A-Za-z0-9]{1,2}$/) || !matches(acquirerCode, /^[A-Za-z0-9]{1,2}$/)) return silent
  if (cardKind !== 'credit' && cardKind !== 'check') return silent
  if (!isInstant(approvedAt)) return silent
  return { outcome: 'approved', approvalNumber, approvedAt: new Date(approvedAt), issuerCode, acquirerCode, cardKind }
}

function readCancelOutcome(answer: Answer | undefined, request: NetworkCancelRequest): CancelOutcome {
  const { outcome, cancelSequence, cancelAmount, cancelledAt, reason } = answer ?? {}
  if (cancelSequence !== request.cancelSequence || cancelAmount !== request.cancelAmount) return silent
  if (outcome === 'cancelled' && isInstant(cancelledAt)) return { outcome, cancelledAt: new Date(cancelledAt) }
  if (outcome !== 'refused') return silent
  return { outcome, reason: cancelRefusals.find((known) => known === reason) ?? 'cancel_amount_invalid' }
}

const isInstant = (value: unknown): value is string =>
  matches(value, /^\d{4}-\d\d-\d\dT/) && !Number.isNaN(Date.parse(value))

const matches = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value)

const readReason = (given: unknown): DeclineReason =>
  declineReasons.find((reason) => reason === given) ?? 'issuer_declined'
