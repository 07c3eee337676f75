import type { WireText } from '@sspay/protocol'
import type { KeyRing } from '../keyring.ts'
import type { Notification, NotifiedState } from '../notifications/model.ts'
import { chainHash } from './event-chain.ts'
import type { ChainHead, Payment, PaymentEvent } from './model.ts'
import { encryptAnswer } from './payment-row.ts'
import { nextState, type PaymentEventName, type PaymentState } from './transitions.ts'

/** One step of one payment, with the facts that the step adds. */
export interface Move {
  readonly transactionId: string
  readonly from: PaymentState
  readonly event: PaymentEventName
  readonly at: Date
  readonly note?: string
  /** Read before, it spares looking for it again; a payment that has moved since stays where it is. */
  readonly known?: Pick<Payment, 'merchantId' | 'head'>
  readonly facts?: MoveFacts
  /** The form that tells the shop of the step, where it must hear of it; `answer`: it is the stored answer, with the new state. */
  readonly notification?: WireText | 'answer'
}

export interface MoveFacts {
  readonly memberId?: string
  readonly cardId?: string
  readonly bindsMember?: boolean
  readonly installmentMonths?: number
  readonly isInterestFree?: boolean
  readonly ticketHash?: string
  readonly ticketExpiresAt?: Date
  readonly approvalNumber?: string
  readonly declineReason?: string
  readonly answer?: string
  /** In all, so far. */
  readonly cancelledAmount?: number
  readonly cancelledAt?: Date
}

/** What a step may add. */
export const factColumns = {
  member_id: 'text',
  card_id: 'text',
  binds_member: 'integer',
  installment_months: 'integer',
  is_interest_free: 'integer',
  ticket_hash: 'text',
  ticket_expires_at: 'integer',
  authenticated_at: 'integer',
  approval_number: 'text',
  decline_reason: 'text',
  answer_encrypted: 'text',
  answered_at: 'integer',
  cancelled_amount: 'integer',
  cancelled_at: 'integer',
} as const

export type Fact = keyof typeof factColumns

export type Step = ReturnType<typeof stepOf>

/** Throws for a step that cannot happen. */
export function stepOf(
  keyRing: KeyRing,
  { transactionId, from, event, at, note = '', facts = {}, notification, known }: Move,
) {
  const to = nextState(from, event)
  if (to === undefined) throw new RangeError(`${event} cannot happen to a payment that is ${from}`)
  const { answer } = facts
  // What is undefined does not travel, and is null in the row.
  const added = {
    member_id: facts.memberId,
    card_id: facts.cardId,
    binds_member: facts.bindsMember === true ? 1 : undefined,
    installment_months: facts.installmentMonths,
    is_interest_free: facts.isInterestFree === undefined ? undefined : Number(facts.isInterestFree),
    ticket_hash: facts.ticketHash,
    ticket_expires_at: facts.ticketExpiresAt?.getTime(),
    authenticated_at: to === 'authenticated' ? at.getTime() : undefined,
    approval_number: facts.approvalNumber,
    decline_reason: facts.declineReason,
    answer_encrypted: answer === undefined ? undefined : encryptAnswer(keyRing, transactionId, answer),
    answered_at: answer === undefined ? undefined : at.getTime(),
    cancelled_amount: facts.cancelledAmount,
    cancelled_at: facts.cancelledAt?.getTime(),
  }
  return { transactionId, from, to, event, note, at, added, notification, known }
}

/** Where a payment and its chain of events stand. */
export interface Standing {
  readonly transactionId: string
  readonly merchantId: string
  readonly state: PaymentState
  readonly head: ChainHead
}

export const standingOf = ({ transactionId, from, known }: Step): readonly Standing[] =>
  known === undefined ? [] : [{ transactionId, state: from, ...known }]

export interface ChainedStep {
  readonly step: Step
  readonly merchantId: string
  readonly event: PaymentEvent
}

/** The steps whose payment is where they expect it, each with its event at the end of the payment's chain. */
export const chained = (standings: readonly Standing[], steps: ReadonlyMap<string, Step>): readonly ChainedStep[] =>
  standings.flatMap(({ transactionId, merchantId, state, head }) => {
    const step = steps.get(transactionId)
    if (step === undefined || step.from !== state) return []
    const { from, to, event: name, at, note } = step
    const event = { transactionId, sequence: head.sequence + 1, event: name, from, to, at, note }
    return [{ step, merchantId, event: { ...event, hash: chainHash(head.hash, event) } }]
  })

const notifiedStates: readonly NotifiedState[] = ['approved', 'reversed', 'partiallyCancelled', 'cancelled']

export function notificationOf({ step: { notification }, merchantId, event }: ChainedStep): Notification | undefined {
  const { transactionId, sequence, to, at } = event
  const paymentState = notifiedStates.find((state) => state === to)
  if (notification === undefined || paymentState === undefined) return undefined
  const fields = notification === 'answer' ? undefined : notification
  return { transactionId, sequence, merchantId, paymentState, fields, enqueuedAt: at }
}
