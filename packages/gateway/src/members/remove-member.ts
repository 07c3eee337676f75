import { deletePasskeysOf } from '../passkeys/store.ts'
import type { Transaction } from '../storage/storage.ts'
import { deleteCardsOf } from '../vault/store.ts'
import { deleteMemberRow } from './store.ts'

/** Deletes everything that pays for the member. Returns how many cards there were. */
export async function removeMeansOfPayment(transaction: Transaction, memberId: string): Promise<number> {
  const deletedCards = await deleteCardsOf(transaction, memberId)
  await deletePasskeysOf(transaction, memberId)
  return deletedCards
}

/** Deletes the member with all cards and passkeys. Returns how many cards there were. */
export async function removeMember(transaction: Transaction, memberId: string): Promise<number> {
  const deletedCards = await removeMeansOfPayment(transaction, memberId)
  await deleteMemberRow(transaction, memberId)
  return deletedCards
}
