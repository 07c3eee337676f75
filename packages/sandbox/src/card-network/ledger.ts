import type { AuthorizeRequest, NetworkCancelRequest, NetworkReference, Runtime, Storage } from '@sspay/gateway'
import { randomBelow } from '@sspay/gateway/tools'
import { decide } from './decide.ts'
import { type LedgerEntry, maskCardNumber } from './model.ts'
import { findTestCard } from './scenarios.ts'
import { cancelEntry, findEntry, rememberEntry, reverseEntry } from './store.ts'

export interface Ledger {
  readonly runtime: Runtime
  readonly storage: Storage
}

/** A response as JSON. A conflict: the transaction id was used before with other values. */
export type NetworkAnswer = Readonly<Record<string, string | number>> | 'conflict'

/** Idempotent per transaction: a repeat gets the first response, and the card is charged once. */
export async function authorize({ runtime, storage }: Ledger, request: AuthorizeRequest): Promise<NetworkAnswer> {
  const maskedCardNumber = maskCardNumber(request.cardNumber)
  // Counting takes a scan of the ledger, which only these cards need.
  const counted = findTestCard(request.cardNumber)?.declines === undefined ? undefined : maskedCardNumber
  const entry = await rememberEntry(storage, { transactionId: request.transactionId, counted }, (earlier) => {
    const decision = decide(request, runtime.now(), earlier)
    const isApproved = decision.outcome === 'approved'
    return {
      ...emptyEntry(request, runtime.now()),
      maskedCardNumber,
      installmentMonths: request.installmentMonths,
      ...(isApproved ? { ...decision, approvalNumber: newApprovalNumber(runtime) } : {}),
      outcome: decision.outcome,
      declineReason: isApproved ? undefined : decision.reason,
    }
  })
  if (entry.amount !== request.amount) return 'conflict'
  if (entry.outcome === 'barred' || entry.reversedAt !== undefined) return answerDeclined(entry, 'issuer_declined')
  const isSameCard = entry.maskedCardNumber === maskedCardNumber
  return isSameCard && entry.installmentMonths === request.installmentMonths ? answerOf(entry) : 'conflict'
}

/** A reversed transaction is reported as unknown. */
export async function inquire(
  { storage }: Ledger,
  { transactionId, amount }: NetworkReference,
): Promise<NetworkAnswer> {
  const entry = await findEntry(storage, transactionId)
  if (entry === undefined || entry.outcome === 'barred' || entry.reversedAt !== undefined)
    return { transactionId, amount, outcome: 'unknown_to_network' }
  return entry.amount === amount ? answerOf(entry) : 'conflict'
}

/** Idempotent. */
export async function reverse({ runtime, storage }: Ledger, reference: NetworkReference): Promise<NetworkAnswer> {
  const isSameAmount = await reverseEntry(storage, emptyEntry(reference, runtime.now()))
  return isSameAmount ? { ...reference, outcome: 'reversed' } : 'conflict'
}

/** Refunds once per sequence number: a repeat gets the first response. Never more than the charge. */
export async function cancel({ runtime, storage }: Ledger, request: NetworkCancelRequest): Promise<NetworkAnswer> {
  const { transactionId, amount, cancelSequence, cancelAmount, cancelTransactionId } = request
  const about = { transactionId, amount, cancelSequence, cancelAmount }
  const entry = await cancelEntry(storage, { ...request, cancelledAt: runtime.now() })
  if (entry === 'rejected') return { ...about, outcome: 'declined', reason: 'cancel_amount_invalid' }
  const isSame = entry.cancelAmount === cancelAmount && entry.cancelTransactionId === cancelTransactionId
  return isSame ? { ...about, outcome: 'cancelled', cancelledAt: entry.cancelledAt.toISOString() } : 'conflict'
}

const emptyEntry = ({ transactionId, amount }: NetworkReference, answeredAt: Date): LedgerEntry => ({
  transactionId,
  amount,
  maskedCardNumber: '',
  installmentMonths: 0,
  outcome: 'barred',
  declineReason: undefined,
  approvalNumber: '',
  issuerCode: '',
  acquirerCode: '',
  cardKind: 'credit',
  answeredAt,
  reversedAt: undefined,
})

function answerOf(entry: LedgerEntry): NetworkAnswer {
  if (entry.outcome !== 'approved') return answerDeclined(entry, entry.declineReason ?? 'issuer_declined')
  const { transactionId, amount, outcome, approvalNumber, issuerCode, acquirerCode, cardKind, answeredAt } = entry
  const approvedAt = answeredAt.toISOString()
  return { transactionId, amount, outcome, approvalNumber, approvedAt, issuerCode, acquirerCode, cardKind }
}

const answerDeclined = ({ transactionId, amount }: LedgerEntry, reason: string): NetworkAnswer => ({
  transactionId,
  amount,
  outcome: 'declined',
  reason,
})

const newApprovalNumber = (runtime: Runtime): string => String(randomBelow(runtime, 100_000_000)).padStart(8, '0')
