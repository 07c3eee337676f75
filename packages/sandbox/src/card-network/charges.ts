import type { Storage } from '@sspay/gateway'
import type { LedgerEntry } from './model.ts'
import { cancelsOf, findEntry, listEntries } from './store.ts'

/** One transaction in the issuers' ledger. Amounts in won; times are ISO 8601 in JSON. */
export type Charge = Awaited<ReturnType<typeof chargeOf>>

/** Newest first. */
export async function listCharges(
  storage: Storage,
  { transactionId, limit }: { readonly transactionId: string | undefined; readonly limit: number },
): Promise<readonly Charge[]> {
  if (transactionId === undefined)
    return Promise.all((await listEntries(storage, limit)).map((entry) => chargeOf(storage, entry)))
  const entry = await findEntry(storage, transactionId)
  return entry === undefined ? [] : [await chargeOf(storage, entry)]
}

async function chargeOf(storage: Storage, entry: LedgerEntry) {
  const { issuerCode, acquirerCode, cardKind, ...shown } = entry
  const cancels = (await cancelsOf(storage, entry.transactionId)).map(
    ({ cancelSequence: sequence, cancelAmount: amount, cancelledAt }) => ({ sequence, amount, cancelledAt }),
  )
  const cancelled = cancels.reduce((sum, { amount }) => sum + amount, 0)
  const isCharged = entry.outcome === 'approved' && entry.reversedAt === undefined
  /** `paid`: after reversals and refunds. */
  return { ...shown, cancels, paid: isCharged ? entry.amount - cancelled : 0 }
}
