import type { Reader, Transaction } from '../storage/storage.ts'

/** From when on no payment has left the database; the beginning of time when none ever has. */
export async function paymentsCompleteSince({ storage }: { readonly storage: Reader }): Promise<Date> {
  const [row] = await storage.read<{ readonly complete_since: number }>('select complete_since from payment_horizon')
  return new Date(row?.complete_since ?? 0)
}

/**
 * From when on no payment was deleted because its buyer never authenticated. Such a payment charged nothing and has no ticket, so a shop
 * cannot ask about it: only the console tells.
 */
export async function unauthenticatedCompleteSince({ storage }: { readonly storage: Reader }): Promise<Date> {
  const [row] = await storage.read<{ readonly authenticated_only_before: number }>(
    'select authenticated_only_before from payment_horizon',
  )
  return new Date(row?.authenticated_only_before ?? 0)
}

/** Payments that were opened before `since` and never authenticated may be deleted from now on. Never goes back. */
export async function raiseUnauthenticatedHorizon(transaction: Transaction, since: Date): Promise<void> {
  await transaction.write(
    'update payment_horizon set authenticated_only_before = ?1 where authenticated_only_before < ?1',
    [since.getTime()],
  )
}

/** Payments that were opened before `since` may leave from now on. Never goes back. */
export async function raiseHorizon(transaction: Transaction, since: Date): Promise<void> {
  await transaction.write('update payment_horizon set complete_since = ?1 where complete_since < ?1', [since.getTime()])
}
