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
import type { Merchant } from './merchant.ts'
import { type OrderTampering, readNoteOfShop, verifySignedOrder } from './order-signature.ts'
import { readBody, readBodyFields } from './read-fields.ts'
import { findWebhookFault, type WebhookFault } from './webhook-signature.ts'

/** `approved`: 승인. Cancelled before capture: 매입 전 취소, the same day, and reversals; after capture: 매입 후 취소. */
export type NotifiedState = 'approved' | 'cancelled_before_capture' | 'cancelled_after_capture'

/** 재통보 in our names and types: the approval's answer once more, and where the payment stands. */
export interface PaymentNotification
  extends Omit<WireNotification, 'paymentState' | 'signature' | 'merchantNote' | 'merchantNoteCopy'> {
  readonly transactionId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
  readonly paymentState: NotifiedState
  /** The plain text given to `createPaymentForm`. */
  readonly merchantNote?: string
  /** Every field by its wire name, those that this version does not know included. */
  readonly raw: WireText
}

/** Why a notice is not believed. */
export type NotificationRejection =
  | WebhookFault
  /** A field is missing or broken: see `problems`. */
  | 'fields_wrong'
  /** It is about another shop. */
  | 'merchant_differs'
  | 'signature_wrong'
  /** It says approved, but its result code does not. */
  | 'state_differs'
  /** The payment is real, the order is not the one the shop sealed: see `tampering`, look it up and cancel it. */
  | 'order_tampered'

/** A notice that may be believed, or why not. */
export type NotificationReading =
  | {
      readonly ok: true
      readonly notification: PaymentNotification
      /** The same for every delivery of the same notice: remember it with the change it led to, and do nothing the second time. */
      readonly duplicateKey: string
      /** Says OK: once the notice is safe in the shop's own records, also when it was a duplicate. */
      answer(): Response
    }
  | {
      readonly ok: false
      readonly reason: NotificationRejection
      readonly problems: readonly FieldProblem[]
      readonly tampering?: OrderTampering
      readonly transactionId?: string
      /** Does not say OK, so that the notice comes again and a person finds it in the end. */
      answer(): Response
    }

/** By what a notice is believed. */
export interface NotificationRules {
  /**
   * Keys of the Standard Webhooks headers (`whsec_…`), two while they change. With them the whole body, its time and its sender are proven.
   * Without them only transaction id and result code are (SignValue covers no more): accept such notices from the service's
   * `sourceAddresses` only, and compare amount and order.
   */
  readonly webhookKeys?: readonly string[]
  /** How far the time in the headers may be from now. Default 5 minutes. */
  readonly toleranceMs?: number
  /** Default: the merchant's clock. */
  readonly now?: Date
}

/**
 * Reads a notice about a payment (재통보): a form in UTF-8 or EUC-KR. It comes at least once, maybe before the buyer's browser does.
 * Whether amount and order are those of the shop's own record is the shop's to ask: {@link compareWithOrder}.
 * Throws only when the request's body was consumed before, and for a webhook key that is none.
 */
export async function readNotification(
  merchant: Merchant,
  request: Request,
  { webhookKeys = [], toleranceMs = 5 * 60 * 1000, now = merchant.now() }: NotificationRules = {},
): Promise<NotificationReading> {
  const body = (await readBody(request)) ?? new Uint8Array()
  if (webhookKeys.length > 0) {
    const fault = findWebhookFault(request.headers, body, { keys: webhookKeys, toleranceMs, now })
    if (fault !== undefined) return reject(fault)
  }
  const { fields, repeated } = readBodyFields(body, request.headers.get('content-type') ?? undefined)
  const ambiguous = problemsOfRepeated(notificationTable, repeated)
  return ambiguous.length > 0
    ? reject('fields_wrong', { problems: ambiguous })
    : readNotificationFields(merchant, fields)
}

function readNotificationFields(merchant: Merchant, raw: WireText): NotificationReading {
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
    ok: true,
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

/** The table requires little, because answers of refused approvals share it; a notice without these says nothing. */
const needed = ['merchantId', 'amount', 'transactionId', 'orderId', 'signature', 'paymentState'] as const

const missingFields = (message: WireNotification): readonly FieldProblem[] =>
  Object.entries(notificationTable).flatMap(([wireName, field]) =>
    needed.some((name) => name === field.name && message[name] === undefined)
      ? [problemOf(wireName, field, 'missing')]
      : [],
  )

/** The fields, whatever their order and charset: a new notice about the same payment differs in one of them. */
function duplicateKeyOf(transactionId: string, raw: WireText): string {
  const fields = Object.entries(raw).sort(([first], [second]) => (first < second ? -1 : 1))
  return `${transactionId}.${createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32)}`
}

type Rejected = Extract<NotificationReading, { ok: false }>

const reject = (
  reason: NotificationRejection,
  seen: Partial<Pick<Rejected, 'problems' | 'tampering' | 'transactionId'>> = {},
): NotificationReading => ({
  ok: false,
  reason,
  problems: [],
  ...seen,
  answer: () => new Response('rejected', { status: 400, headers: plainText }),
})

const plainText = { 'content-type': 'text/plain; charset=utf-8' }

/** Whether a notice speaks of the shop's own record. Credit nothing that differs. */
export function compareWithOrder(
  notification: Pick<PaymentNotification, 'orderId' | 'amount'>,
  expected: ExpectedPayment,
): 'matches' | 'order_differs' | 'amount_differs' {
  if (notification.orderId !== expected.orderId) return 'order_differs'
  return notification.amount === expected.amount ? 'matches' : 'amount_differs'
}
