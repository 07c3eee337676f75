import { paymentRequest } from '@sspay/protocol'
import type { AcceptedRequest } from '@sspay/protocol/internal'
import type { Context } from '../context.ts'
import type { KeyRing } from '../keyring.ts'
import type { Row } from '../storage/storage.ts'
import type { Payment, PaymentEvent, PaymentSummary } from './model.ts'
import type { PaymentState } from './transitions.ts'

export interface PaymentRow extends Row {
  readonly transaction_id: string
  readonly merchant_id: string
  readonly order_id: string
  readonly amount: number
  readonly state: PaymentState
  readonly request_public: string
  readonly request_encrypted: string
  readonly member_id: string | null
  readonly card_id: string | null
  readonly bill_key_id: string | null
  readonly binds_member: number
  readonly installment_months: number
  readonly is_interest_free: number
  readonly ticket_hash: string | null
  readonly ticket_expires_at: number | null
  readonly requested_at: number
  readonly state_changed_at: number
  readonly window_expires_at: number
  readonly authenticated_at: number | null
  readonly approval_number: string | null
  readonly decline_reason: string | null
  readonly answer_encrypted: string | null
  readonly answered_at: number | null
  readonly cancelled_amount: number
  readonly cancelled_at: number | null
  readonly event_sequence: number
  readonly event_hash: string
}

export interface EventRow extends Row {
  readonly transaction_id: string
  readonly sequence: number
  readonly event: PaymentEvent['event']
  readonly from_state: PaymentState | null
  readonly to_state: PaymentState
  readonly at: number
  readonly note: string
  readonly hash: string
}

const publicNames: ReadonlySet<string> = new Set(
  Object.values(paymentRequest).flatMap(({ name, sensitivity }) => (sensitivity === 'public' ? [name] : [])),
)

/** Fields that the guide's table marks as the buyer's are stored encrypted only. */
export function splitRequest(keyRing: KeyRing, transactionId: string, request: AcceptedRequest) {
  const entries = Object.entries({ ...request, requestedAt: request.requestedAt.getTime() })
  const isPublic = ([name]: [string, unknown]): boolean => publicNames.has(name)
  const encrypted = Object.fromEntries(entries.filter((entry) => !isPublic(entry)))
  return {
    request_public: JSON.stringify(Object.fromEntries(entries.filter(isPublic))),
    request_encrypted: keyRing.encrypt(JSON.stringify(encrypted), `request:${transactionId}`),
  }
}

export const encryptAnswer = (keyRing: KeyRing, transactionId: string, answer: string): string =>
  keyRing.encrypt(answer, `answer:${transactionId}`)

export function paymentOf(keyRing: KeyRing, row: PaymentRow): Payment {
  const transactionId = row.transaction_id
  const decrypt = (encrypted: string, what: string): string => keyRing.decrypt(encrypted, `${what}:${transactionId}`)
  const request = Object.assign(JSON.parse(row.request_public), JSON.parse(decrypt(row.request_encrypted, 'request')))
  request.requestedAt = new Date(request.requestedAt)
  return {
    transactionId,
    merchantId: row.merchant_id,
    orderId: row.order_id,
    amount: row.amount,
    state: row.state,
    request,
    memberId: row.member_id ?? undefined,
    cardId: row.card_id ?? undefined,
    billKeyId: row.bill_key_id ?? undefined,
    bindsMember: row.binds_member === 1,
    installmentMonths: row.installment_months,
    isInterestFree: row.is_interest_free === 1,
    ticketHash: row.ticket_hash ?? undefined,
    ticketExpiresAt: dateOf(row.ticket_expires_at),
    requestedAt: new Date(row.requested_at),
    windowExpiresAt: new Date(row.window_expires_at),
    stateChangedAt: new Date(row.state_changed_at),
    authenticatedAt: dateOf(row.authenticated_at),
    approvalNumber: row.approval_number ?? undefined,
    declineReason: row.decline_reason ?? undefined,
    answer: row.answer_encrypted === null ? undefined : decrypt(row.answer_encrypted, 'answer'),
    answeredAt: dateOf(row.answered_at),
    cancelledAmount: row.cancelled_amount,
    cancelledAt: dateOf(row.cancelled_at),
    head: { sequence: row.event_sequence, hash: row.event_hash },
  }
}

export const summaryOf = (row: PaymentRow): PaymentSummary => ({
  transactionId: row.transaction_id,
  merchantId: row.merchant_id,
  orderId: row.order_id,
  amount: row.amount,
  state: row.state,
  goodsName: (JSON.parse(row.request_public) as AcceptedRequest).goodsName,
  installmentMonths: row.installment_months,
  billKeyId: row.bill_key_id ?? undefined,
  requestedAt: new Date(row.requested_at),
  stateChangedAt: new Date(row.state_changed_at),
  approvalNumber: row.approval_number ?? undefined,
  declineReason: row.decline_reason ?? undefined,
})

export const eventOf = (row: EventRow): PaymentEvent => ({
  transactionId: row.transaction_id,
  sequence: row.sequence,
  event: row.event,
  from: row.from_state ?? undefined,
  to: row.to_state,
  at: new Date(row.at),
  note: row.note,
  hash: row.hash,
})

export const eventRowOf = (event: PaymentEvent): EventRow => ({
  transaction_id: event.transactionId,
  sequence: event.sequence,
  event: event.event,
  from_state: event.from ?? null,
  to_state: event.to,
  at: event.at.getTime(),
  note: event.note,
  hash: event.hash,
})

const dateOf = (milliseconds: number | null): Date | undefined =>
  milliseconds === null ? undefined : new Date(milliseconds)

export const eventColumns = {
  transaction_id: 'text',
  sequence: 'integer',
  event: 'text',
  from_state: 'text',
  to_state: 'text',
  at: 'integer',
  note: 'text',
  hash: 'text',
} as const

/** What a transition may change beside the state. */
export interface PaymentChanges {
  readonly memberId?: string
  readonly cardId?: string
  readonly bindsMember?: boolean
  readonly installmentMonths?: number
  readonly isInterestFree?: boolean
  readonly ticketHash?: string
  readonly ticketExpiresAt?: Date
  readonly approvalNumber?: string
  readonly approvedAt?: Date
  readonly issuerCode?: string
  readonly acquirerCode?: string
  readonly declineReason?: string
  readonly answer?: string
  /** The sum of all refunds so far. */
  readonly cancelledAmount?: number
  readonly cancelledAt?: Date
}

export const changeColumns = {
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
  approved_at: 'integer',
  issuer_code: 'text',
  acquirer_code: 'text',
} as const

export type ChangeColumn = keyof typeof changeColumns

/** The columns that a transition sets; undefined keeps what is stored. */
export const changeRowOf = (
  keyRing: KeyRing,
  { answer, ...changes }: PaymentChanges,
  { transactionId, to, at }: { readonly transactionId: string; readonly to: PaymentState; readonly at: Date },
) => ({
  member_id: changes.memberId,
  card_id: changes.cardId,
  binds_member: changes.bindsMember === true ? 1 : undefined,
  installment_months: changes.installmentMonths,
  is_interest_free: changes.isInterestFree === undefined ? undefined : Number(changes.isInterestFree),
  ticket_hash: changes.ticketHash,
  ticket_expires_at: changes.ticketExpiresAt?.getTime(),
  authenticated_at: to === 'authenticated' ? at.getTime() : undefined,
  approval_number: changes.approvalNumber,
  decline_reason: changes.declineReason,
  answer_encrypted: answer === undefined ? undefined : encryptAnswer(keyRing, transactionId, answer),
  answered_at: answer === undefined ? undefined : at.getTime(),
  cancelled_amount: changes.cancelledAmount,
  cancelled_at: changes.cancelledAt?.getTime(),
  approved_at: changes.approvedAt?.getTime(),
  issuer_code: changes.issuerCode,
  acquirer_code: changes.acquirerCode,
})

export type RowContext = Pick<Context, 'storage' | 'keyRing' | 'log'>

/** Leaves out, and logs, rows that do not decrypt: a damaged row must not stop the background jobs. */
export const readablePayments = ({ keyRing, log }: RowContext, rows: readonly PaymentRow[]): readonly Payment[] =>
  rows.flatMap((row) => {
    try {
      return [paymentOf(keyRing, row)]
    } catch (cause) {
      log.error('payment_unreadable', { transactionId: row.transaction_id, cause })
      return []
    }
  })
