/**
 * Charges a bill key: a payment without a window.
 *
 * Problem: a shop's scheduled run repeats a charge after a lost answer, a crash, or because it was started twice. The
 * buyer must pay once.
 *
 * Technique: key and order number identify the charge. Both it and its payment, born `approving`, are committed under
 * the lock of the key before the card network is called, and from then on the payment is like one of the window:
 * recovery, refunds and notifications know no difference. A repeat is answered from that payment; another amount is
 * rejected.
 */
import type { BillKeyChargeRequest, ResultReason } from '@sspay/protocol'
import { koreanTimestamp } from '@sspay/protocol'
import type { AcceptedRequest } from '@sspay/protocol/internal'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { answerOfAnotherProcess, authorize, reasonNotToAuthorize } from '../approval/authorize.ts'
import type { Payment } from '../approval/model.ts'
import { approvalsInProgress } from '../approval/overdue.ts'
import { withinReadTimeout } from '../approval/read-timeout.ts'
import { type ApprovalContext, recordOutcome } from '../approval/record-outcome.ts'
import { insertWithNewId } from '../approval/request-payment.ts'
import { findPayment, insertPaymentIn } from '../approval/store.ts'
import { writeChargeRejection } from '../approval/write-answer.ts'
import { isInterestFree } from '../merchants/interest-free.ts'
import type { Merchant } from '../merchants/model.ts'
import { singleFlight } from '../storage/batching.ts'
import type { BillKey, BillKeyState } from '../vault/bill-keys/model.ts'
import { findBillKey, lockBillKey } from '../vault/bill-keys/store.ts'
import { cardsOf, findCard } from '../vault/store.ts'
import { type Charge, findCharge, insertCharge } from './store.ts'

interface Wanted {
  readonly merchant: Merchant
  /** Of the merchant's keys, the one that this request was encrypted with: it signs the answer. */
  readonly merchantKey: string
  readonly request: BillKeyChargeRequest
}

const endedReasons: Readonly<Record<Exclude<BillKeyState, 'active'>, ResultReason>> = {
  deleted: 'bill_key_deleted',
  replaced: 'bill_key_ended',
  card_removed: 'bill_key_ended',
  member_deleted: 'bill_key_ended',
  stopped: 'bill_key_ended',
}

const rejected = ({ request: { merchantId, orderId, amount } }: Wanted, reason: ResultReason): string =>
  writeChargeRejection({ merchantId, orderId, amount }, reason)

/** The body of the answer. Concurrent calls of one process share one charge. */
export async function chargeBillKey(gateway: ApprovalContext, wanted: Wanted): Promise<string> {
  const { merchant, request } = wanted
  const key = await findBillKey(gateway, request.billKey)
  // One answer for both, so that it does not reveal the keys of other merchants.
  if (key === undefined || key.merchantId !== merchant.merchantId) return rejected(wanted, 'bill_key_unknown')
  const { billKeyId } = key
  const flight = singleFlight(gateway, `charge ${billKeyId} ${request.orderId} ${request.amount}`, () =>
    chargeOnce(gateway, wanted, key),
  )
  return withinReadTimeout(gateway, flight, () => rejected(wanted, 'approval_in_progress'))
}

async function chargeOnce(gateway: ApprovalContext, wanted: Wanted, key: BillKey): Promise<string> {
  const { merchant, request } = wanted
  const known = await findCharge(gateway, { billKeyId: key.billKeyId, orderId: request.orderId })
  if (known !== undefined) return answerKnown(gateway, wanted, known)
  if (key.state !== 'active') return rejected(wanted, endedReasons[key.state])
  const card = (await cardsOf(gateway, key.memberId)).find(({ cardId }) => cardId === key.cardId)
  // A card that is registered again with its new expiry date continues its keys.
  if (card === undefined || card.expired)
    return rejected(wanted, card === undefined ? 'bill_key_ended' : 'card_expired')
  const months = request.installmentMonths ?? 0
  if (months > 0 && card.cardKind === 'check') return rejected(wanted, 'installment_unsupported')

  const accepted = acceptedRequestOf(wanted)
  const { amount, orderId } = request
  const rule = { issuerCode: card.issuerCode, installmentMonths: months, amount, at: gateway.runtime.now() }
  const terms = { installmentMonths: months, isInterestFree: isInterestFree(merchant.interestFree, rule) }
  const { merchantId } = merchant
  const about = { transactionId: '', merchantId, orderId, amount, request: accepted, ...terms }
  const reason = reasonNotToAuthorize(gateway, about, merchant)
  if (reason !== undefined) return rejected(wanted, reason)

  const begun = await beginCharge(gateway, { merchant, key, accepted })
  if (begun === 'charged_before') return chargeOnce(gateway, wanted, key)
  if (begun === 'ended') return rejected(wanted, 'bill_key_ended')
  return authorizeCharge(gateway, { ...begun, ...terms }, merchant)
}

async function authorizeCharge(gateway: ApprovalContext, payment: Payment, merchant: Merchant): Promise<string> {
  const { transactionId, cardId = '', memberId = '' } = payment
  const inProgress = approvalsInProgress(gateway)
  inProgress.add(transactionId)
  try {
    const card = findCard(gateway, { cardId, memberId })
    const { outcome, shown } = await authorize(gateway, payment, { card, merchant, begunAt: payment.requestedAt })
    return await recordOutcome(gateway, { payment, merchant, card: shown }, outcome)
  } finally {
    inProgress.delete(transactionId)
  }
}

interface Begun {
  readonly merchant: Merchant
  readonly key: BillKey
  readonly accepted: AcceptedRequest
}

/** The intent: durable before the card network is called. */
async function beginCharge(
  gateway: ApprovalContext,
  { merchant, key, accepted }: Begun,
): Promise<Payment | 'charged_before' | 'ended'> {
  const { billKeyId, memberId, cardId } = key
  const { orderId, amount } = accepted
  let obstacle: 'charged_before' | 'ended' | undefined
  const charged = { billKeyId, memberId, cardId }
  const payment = await insertWithNewId(gateway, { request: accepted, merchant, charged }, async (wanted) => {
    const head = await gateway.storage.transact(async (transaction) => {
      obstacle = (await lockBillKey(transaction, billKeyId)) === 'active' ? undefined : 'ended'
      if (await findCharge({ storage: transaction }, { billKeyId, orderId })) obstacle = 'charged_before'
      if (obstacle !== undefined) return undefined
      const inserted = await insertPaymentIn(transaction, gateway.keyRing, wanted)
      const { transactionId } = wanted
      if (inserted !== undefined) await insertCharge(transaction, { billKeyId, orderId, amount, transactionId })
      return inserted
    })
    // Ends the search for a free transaction id.
    return obstacle === undefined ? head : { sequence: 0, hash: '' }
  })
  return obstacle ?? payment
}

/** The charge was begun before: its recorded outcome. */
async function answerKnown(
  gateway: ApprovalContext,
  wanted: Wanted,
  { amount, transactionId }: Charge,
): Promise<string> {
  if (amount !== wanted.request.amount) return rejected(wanted, 'bill_key_order_conflict')
  const payment = await findPayment(gateway, transactionId)
  return payment === undefined ? rejected(wanted, 'transaction_archived') : answerOfAnotherProcess(gateway, payment)
}

/** As a payment of the window stores it, and signed in the shop's place: the signature tells which key answers. */
function acceptedRequestOf({ merchant, merchantKey, request }: Wanted): AcceptedRequest {
  const { merchantId, amount, requestedAt } = request
  const signed = { requestedAt: koreanTimestamp(requestedAt), merchantId, amount: String(amount) }
  const { orderId, customerId, goodsName, goodsCount, buyerName, buyerPhone, buyerEmail, ...rest } = request
  return {
    paymentMethod: 'CARD',
    ...{ merchantId, amount, requestedAt, orderId, customerId, goodsName, goodsCount, buyerName },
    ...(buyerPhone === undefined ? {} : { buyerPhone }),
    ...(buyerEmail === undefined ? {} : { buyerEmail }),
    installmentMonths: rest.installmentMonths,
    taxableAmount: rest.taxableAmount,
    vatAmount: rest.vatAmount,
    taxFreeAmount: rest.taxFreeAmount,
    signature: signPaymentRequest(signed, merchantKey),
    easyPayMerchantId: merchant.easyPayMerchantId,
    asksPopCard: false,
  }
}
