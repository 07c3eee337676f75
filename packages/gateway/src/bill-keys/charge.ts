import type { ResultReason } from '@sspay/protocol'
import type { AcceptedRequest } from '@sspay/protocol/internal'
import { answerOfAnotherProcess } from '../approval/approve.ts'
import { authorize, reasonNotToAuthorize } from '../approval/authorize.ts'
import { isIndeterminate, type Payment } from '../approval/model.ts'
import { approvalsInProgress } from '../approval/overdue.ts'
import { withinReadTimeout } from '../approval/read-timeout.ts'
import { type ApprovalContext, recordOutcome, writeUnresolvedAnswer } from '../approval/record-outcome.ts'
import { withTransactionId } from '../approval/request-payment.ts'
import { findPayment, insertCharge } from '../approval/store.ts'
import { currentAnswer, reasonNotFound, writeRejection } from '../approval/write-answer.ts'
import type { Merchant } from '../merchants/model.ts'
import { singleFlight } from '../storage/batching.ts'
import type { BillKey, BillKeyState } from '../vault/bill-keys/model.ts'
import { findCharge, lockBillKey, recordCharge, type StoredCharge } from '../vault/bill-keys/store.ts'
import { findCard } from '../vault/store.ts'

export interface BillKeyCharge {
  readonly merchant: Merchant
  readonly key: BillKey
  readonly request: AcceptedRequest
}

/**
 * Charges the card of a bill key and returns the body of the answer. Single flight, and idempotent: key and order
 * number are the idempotency key of a recurring charge. Repeated and concurrent calls get the first answer, also after
 * the bill key has ended; the card network is called once.
 */
export function chargeBillKey(gateway: ApprovalContext, charge: BillKeyCharge): Promise<string> {
  const { key, request } = charge
  const answer = singleFlight(gateway, `charge ${key.billKeyId} ${request.amount} ${request.orderId}`, () =>
    chargeOnce(gateway, charge),
  )
  return withinReadTimeout(gateway, answer, () => rejectCharge(charge, 'approval_in_progress'))
}

/** The answer to a charge without a payment's result: rejected, or still in progress. */
export const rejectCharge = ({ request }: Pick<BillKeyCharge, 'request'>, reason: ResultReason): string => {
  const { merchantId, orderId, amount } = request
  return writeRejection({ transactionId: '', merchantId, orderId, amount, request }, reason)
}

type Claim = { readonly payment: Payment } | { readonly known: StoredCharge } | { readonly reason: ResultReason }

async function chargeOnce(gateway: ApprovalContext, charge: BillKeyCharge): Promise<string> {
  const { merchant, key } = charge
  const claim = await withTransactionId(gateway, merchant.merchantId, (transactionId, at) =>
    claimCharge(gateway, charge, paymentOf(charge, transactionId, at)),
  )
  if ('reason' in claim) {
    gateway.log.warn('bill_key_charge_rejected', { reason: claim.reason, merchantId: merchant.merchantId })
    return rejectCharge(charge, claim.reason)
  }
  return 'known' in claim
    ? answerAgain(gateway, charge, claim.known)
    : authorizeCharge(gateway, claim.payment, { merchant, key })
}

const paymentOf = ({ merchant, key, request }: BillKeyCharge, transactionId: string, at: Date) => ({
  transactionId,
  merchantId: merchant.merchantId,
  orderId: request.orderId,
  amount: request.amount,
  state: 'approving' as const,
  request,
  memberId: key.memberId,
  cardId: key.cardId,
  billKeyId: key.billKeyId,
  bindsMember: false,
  installmentMonths: request.installmentMonths ?? 0,
  isInterestFree: false,
  requestedAt: at,
  windowExpiresAt: at,
  stateChangedAt: at,
  cancelledAmount: 0,
})

/** Stores the intent, unless the order has a charge or the key has ended. Undefined: the transaction id is taken. */
const claimCharge = (
  gateway: ApprovalContext,
  { merchant }: BillKeyCharge,
  charge: ReturnType<typeof paymentOf>,
): Promise<Claim | undefined> =>
  gateway.storage.transact(async (transaction) => {
    const state = await lockBillKey(transaction, charge.billKeyId)
    const known = await findCharge(transaction, charge)
    if (known !== undefined) return { known }
    const reason =
      state === 'active' ? reasonNotToAuthorize(gateway, charge, merchant) : (reasonOfEnd(state) ?? 'bill_key_unknown')
    if (reason !== undefined) return { reason }
    const head = await insertCharge(transaction, gateway.keyRing, charge)
    if (head === undefined) return undefined
    await recordCharge(transaction, charge)
    return { payment: { ...charge, head } }
  })

/** Undefined for a key that does not exist. */
export function reasonOfEnd(state: BillKeyState | undefined): ResultReason | undefined {
  if (state === undefined) return undefined
  return state === 'deleted' ? 'bill_key_deleted' : 'bill_key_ended'
}

async function authorizeCharge(
  gateway: ApprovalContext,
  payment: Payment,
  { merchant, key }: Pick<BillKeyCharge, 'merchant' | 'key'>,
): Promise<string> {
  const inProgress = approvalsInProgress(gateway)
  inProgress.add(payment.transactionId)
  try {
    const card = findCard(gateway, key)
    const { outcome, shown } = await authorize(gateway, payment, { card, merchant, begunAt: payment.requestedAt })
    return await recordOutcome(gateway, { payment, merchant, card: shown }, outcome)
  } finally {
    inProgress.delete(payment.transactionId)
  }
}

async function answerAgain(gateway: ApprovalContext, charge: BillKeyCharge, known: StoredCharge): Promise<string> {
  if (known.amount !== charge.request.amount) return rejectCharge(charge, 'bill_key_order_conflict')
  const { transactionId } = known
  const payment = await findPayment(gateway, transactionId)
  if (payment === undefined)
    return writeRejection({ transactionId }, await reasonNotFound(gateway, transactionId, 'internal'))
  if (payment.state === 'approving') return answerOfAnotherProcess(gateway, payment)
  if (isIndeterminate(payment)) return writeUnresolvedAnswer(gateway, payment)
  return currentAnswer(payment, charge.merchant) ?? writeRejection(payment, 'internal')
}
