import { createHash } from 'node:crypto'
import {
  type FieldProblem,
  notification as notificationTable,
  readMessage,
  resultCodes,
  type Notification as WireNotification,
  type WireText,
} from '@sspay/protocol'
import { problemOf } from '@sspay/protocol/internal'
import { signatureMatches, signResult } from '@sspay/protocol/signature'
import type { ExpectedPayment } from './approval-outcome.ts'
import { problemsOfRepeated } from './authentication.ts'
import type { PaymentJournal } from './journal.ts'
import type { Merchant } from './merchant.ts'
import { type OrderTampering, readNoteOfShop, verifySignedOrder } from './order-signature.ts'
import { readBody, readBodyFields } from './read-fields.ts'
import { findWebhookRejection, type WebhookRejection } from './webhook-signature.ts'

/**
 * `approved`: 승인. `cancelled_before_capture`: 매입 전 취소, on the same day, and reversals. `cancelled_after_capture`: 매입 후
 * 취소.
 */
export type NotifiedState = 'approved' | 'cancelled_before_capture' | 'cancelled_after_capture'

/** A notification (webhook, 재통보) in our names and types: the answer of the approval, and the current state. */
export interface PaymentNotification
  extends Omit<WireNotification, 'paymentState' | 'signature' | 'merchantNote' | 'merchantNoteCopy'> {
  readonly transactionId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
  readonly paymentState: NotifiedState
  /** The plain text given to `createPaymentForm`. */
  readonly merchantNote?: string
  /** Every field by its wire name, unknown ones included. */
  readonly raw: WireText
}

/** Why a notification is rejected. */
export type NotificationRejection =
  | WebhookRejection
  /** A field is missing or invalid: see `problems`. */
  | 'fields_wrong'
  /** It is for another merchant. */
  | 'merchant_differs'
  | 'signature_wrong'
  /** Its state is approved, but its result code is not. */
  | 'state_differs'
  /** The payment is genuine, but its order differs from the signed one: see `tampering`, look it up and refund it. */
  | 'order_tampered'

/** Result of {@link readNotification}. */
export type ReadNotificationResult =
  | {
      readonly outcome: 'verified'
      readonly notification: PaymentNotification
      /** Idempotency key, the same for every delivery: store it with the change, and do nothing the second time. */
      readonly duplicateKey: string
      /** `OK`: send it after the shop has stored the notification, also for a duplicate. */
      answer(): Response
    }
  | {
      readonly outcome: 'rejected'
      readonly reason: NotificationRejection
      readonly problems: readonly FieldProblem[]
      readonly tampering?: OrderTampering
      readonly transactionId?: string
      /** Not `OK`, so that the notification is delivered again and a person sees it. */
      answer(): Response
    }

/** Options of {@link readNotification}. */
export interface NotificationOptions {
  /**
   * Keys of the Standard Webhooks headers (`whsec_…`), two during a key rotation. They prove body, time and sender.
   * Without them SignValue proves only transaction id and result code: accept such notifications from the payment
   * service's `sourceAddresses` only, and compare amount and order.
   */
  readonly webhookKeys?: readonly string[]
  /** Tolerance of the timestamp in the headers, in milliseconds. Default 300,000. */
  readonly toleranceMs?: number
  /** Current time. Default: the merchant's clock. */
  readonly now?: Date
}

/**
 * Reads and verifies a notification (webhook, 재통보): a form in UTF-8 or EUC-KR. It is delivered at least once, maybe
 * before the buyer's browser returns.
 *
 * Compare it with the shop's own order by {@link compareWithOrder}, then mark the order paid, or record a refund by
 * {@link recordRefund}, and send `answer()`.
 *
 * @param request - The request as it arrived, its body not yet read.
 * @param options - Webhook keys and tolerance.
 * @returns The verified notification, or why it was rejected; `answer()` is the response for each.
 * @throws `TypeError` if the body was read before, or a webhook key is malformed.
 * @example
 * ```ts
 * import { compareWithOrder, type Merchant, type PaymentJournal, readNotification, recordRefund } from
 * '@sspay/merchant'
 *
 * export async function notified(merchant: Merchant, journal: PaymentJournal, request: Request): Promise<Response> {
 *   const read = await readNotification(merchant, request, { webhookKeys: ['whsec_…'] })
 *   if (read.outcome === 'rejected') return read.answer()
 *   const { notification } = read
 *   if (compareWithOrder(notification, { orderId: 'ORD0001', amount: 1004 }) !== 'matches')
 *     return new Response('not our order', { status: 409 })
 *   if (notification.paymentState === 'approved') await journal.markPaid(notification, () => console.log('paid'))
 *   else await recordRefund(journal, notification)
 *   return read.answer()
 * }
 * ```
 */
export async function readNotification(
  merchant: Merchant,
  request: Request,
  { webhookKeys = [], toleranceMs = 5 * 60 * 1000, now = merchant.now() }: NotificationOptions = {},
): Promise<ReadNotificationResult> {
  const body = (await readBody(request)) ?? new Uint8Array()
  if (webhookKeys.length > 0) {
    const fault = findWebhookRejection(request.headers, body, { keys: webhookKeys, toleranceMs, now })
    if (fault !== undefined) return reject(fault)
  }
  const { fields, repeated } = readBodyFields(body, request.headers.get('content-type') ?? undefined)
  const ambiguous = problemsOfRepeated(notificationTable, repeated)
  return ambiguous.length > 0
    ? reject('fields_wrong', { problems: ambiguous })
    : readNotificationFields(merchant, fields)
}

function readNotificationFields(merchant: Merchant, raw: WireText): ReadNotificationResult {
  const read = readMessage(notificationTable, raw)
  if (!read.ok) return reject('fields_wrong', { problems: read.problems })
  const missing = missingFields(read.value)
  if (missing.length > 0) return reject('fields_wrong', { problems: missing })

  const { transactionId = '', orderId = '', amount = 0, merchantId, resultCode, signature = '' } = read.value
  if (merchantId !== merchant.merchantId) return reject('merchant_differs')
  const right = signResult({ transactionId, resultCode }, merchant.exposeMerchantKey())
  if (!signatureMatches(signature, right)) return reject('signature_wrong')

  const paymentState = states[read.value.paymentState ?? '0']
  if (paymentState === 'approved' && resultCode !== resultCodes.approved.code) return reject('state_differs')

  const { paymentState: _state, signature: _signature, merchantNoteCopy, ...rest } = read.value
  const { merchantNote = merchantNoteCopy, ...message } = rest
  const verdict = verifySignedOrder(merchant, { ...message, merchantNote }, {})
  if (!verdict.ok) return reject('order_tampered', { tampering: verdict.tampering, transactionId })
  return {
    outcome: 'verified',
    notification: {
      ...message,
      transactionId,
      orderId,
      amount,
      paymentState,
      ...(merchantNote === undefined ? {} : { merchantNote: readNoteOfShop(merchantNote) }),
      raw,
    },
    duplicateKey: duplicateKeyOf(transactionId, raw),
    answer: () => new Response('OK', { headers: plainText }),
  }
}

const states = {
  '0': 'approved',
  '1': 'cancelled_before_capture',
  '2': 'cancelled_after_capture',
} as const satisfies Record<string, NotifiedState>

/** The table requires few fields, because answers of declined approvals share it; a notification needs these too. */
const needed = ['merchantId', 'amount', 'transactionId', 'orderId', 'signature', 'paymentState'] as const

const missingFields = (message: WireNotification): readonly FieldProblem[] =>
  Object.entries(notificationTable).flatMap(([wireName, field]) =>
    needed.some((name) => name === field.name && message[name] === undefined)
      ? [problemOf(wireName, field, 'missing')]
      : [],
  )

/** Hash of the sorted fields: another notification about the same payment differs in one of them. */
function duplicateKeyOf(transactionId: string, raw: WireText): string {
  const fields = Object.entries(raw).sort(([first], [second]) => (first < second ? -1 : 1))
  return `${transactionId}.${createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32)}`
}

type Rejected = Extract<ReadNotificationResult, { outcome: 'rejected' }>

const reject = (
  reason: NotificationRejection,
  seen: Partial<Pick<Rejected, 'problems' | 'tampering' | 'transactionId'>> = {},
): ReadNotificationResult => ({
  outcome: 'rejected',
  reason,
  problems: [],
  ...seen,
  answer: () => new Response('rejected', { status: 400, headers: plainText }),
})

const plainText = { 'content-type': 'text/plain; charset=utf-8' }

/**
 * Compares a notification with the shop's own order.
 *
 * @param notification - Verified by {@link readNotification}.
 * @param expected - Order and amount of the shop's own records.
 * @returns The first difference. Mark nothing paid unless it is `matches`.
 */
export function compareWithOrder(
  notification: Pick<PaymentNotification, 'orderId' | 'amount'>,
  expected: ExpectedPayment,
): 'matches' | 'order_differs' | 'amount_differs' {
  if (notification.orderId !== expected.orderId) return 'order_differs'
  return notification.amount === expected.amount ? 'matches' : 'amount_differs'
}

/**
 * Records a refund that a notification reports, before it is answered with OK. A notification without a refunded amount
 * is about the whole payment.
 *
 * From then on the payment is never marked paid, even by a late notification of its approval, and another payment may
 * pay the order. A pending payment is abandoned: `recover` inquires it, reports to the shop and closes it.
 *
 * @param journal - The shop's journal.
 * @param notification - A verified notification whose state is not `approved`.
 * @returns True if the payment is refunded in full; after a partial refund nothing is recorded.
 */
export async function recordRefund(
  journal: PaymentJournal,
  {
    transactionId,
    amount,
    cancelledAmount = amount,
  }: Pick<PaymentNotification, 'transactionId' | 'amount' | 'cancelledAmount'>,
): Promise<boolean> {
  if (cancelledAmount < amount) return false
  if (!(await journal.abandon(transactionId))) await journal.recordOutcome(transactionId, 'cancelled')
  return true
}
