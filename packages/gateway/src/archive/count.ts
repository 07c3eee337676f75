import type { Reader } from '../storage/storage.ts'
import { start } from './archive-payments.ts'
import { finishedPayments, type Position } from './store.ts'

const pageSize = 500

/** How many payments would leave, and when the first of them was opened. Changes nothing. */
export async function countArchivable(
  storage: Reader,
  changedBefore: Date,
  onStep: (counted: number) => void,
): Promise<{ readonly payments: number; readonly oldest: Date | undefined }> {
  let payments = 0
  let oldest: Date | undefined
  for (let next: Position | undefined = start; next !== undefined; ) {
    const page = await finishedPayments(storage, { changedBefore, after: next, limit: pageSize })
    payments += page.records.length
    const [first] = page.records
    if (first !== undefined) oldest ??= new Date(Number(first.payment.requested_at))
    next = page.next
    onStep(payments)
  }
  return { payments, oldest }
}
