import type { DeclineReason, Storage } from '@sspay/gateway'
import type { LedgerEntry } from './model.ts'
import { cancelsOf, findEntry, listEntries } from './store.ts'

/** One transaction in the issuers' ledger. Amounts in won; times are ISO 8601 in JSON. */
export interface Charge {
  readonly transactionId: string
  readonly amount: number
  readonly outcome: LedgerEntry['outcome']
  readonly declineReason: DeclineReason | undefined
  readonly maskedCardNumber: string
  readonly installmentMonths: number
  readonly approvalNumber: string
  readonly answeredAt: Date
  readonly reversedAt: Date | undefined
  readonly cancels: readonly { readonly sequence: number; readonly amount: number; readonly cancelledAt: Date }[]
  /** After reversals and refunds. */
  readonly paid: number
}

export interface ChargeSearch {
  readonly transactionId: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listCharges(
  storage: Storage,
  { transactionId, limit }: ChargeSearch,
): Promise<readonly Charge[]> {
  if (transactionId === undefined)
    return Promise.all((await listEntries(storage, limit)).map((entry) => chargeOf(storage, entry)))
  const entry = await findEntry(storage, transactionId)
  return entry === undefined ? [] : [await chargeOf(storage, entry)]
}

async function chargeOf(storage: Storage, entry: LedgerEntry): Promise<Charge> {
  const { issuerCode, acquirerCode, cardKind, ...shown } = entry
  const cancels = await cancelsOf(storage, entry.transactionId)
  const cancelled = cancels.reduce((sum, { cancelAmount }) => sum + cancelAmount, 0)
  const isCharged = entry.outcome === 'approved' && entry.reversedAt === undefined
  return {
    ...shown,
    cancels: cancels.map(({ cancelSequence, cancelAmount, cancelledAt }) => ({
      sequence: cancelSequence,
      amount: cancelAmount,
      cancelledAt,
    })),
    paid: isCharged ? entry.amount - cancelled : 0,
  }
}
