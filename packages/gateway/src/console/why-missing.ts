import { openedAtOf } from '../approval/transaction-id.ts'
import { readWatermark } from '../archive/store.ts'
import type { Reader } from '../storage/storage.ts'

/** Why nothing is found under that transaction id, as far as the day in it tells: whether such a payment existed is not known any more. */
export async function whyMissing(store: { readonly storage: Reader }, transactionId: string): Promise<string> {
  const openedAt = openedAtOf(transactionId)
  if (openedAt === undefined) return '거래번호를 확인해 주세요.'
  const { archivedBefore, unauthenticatedDeletedBefore } = await readWatermark(store)
  if (openedAt < archivedBefore) return '거래번호를 확인해 주세요. 이때의 결제는 보관 파일로 옮겨졌을 수 있습니다.'
  if (openedAt < unauthenticatedDeletedBefore)
    return '거래번호를 확인해 주세요. 이때의 결제 중 구매자가 인증하지 않고 끝난 것은 지워졌습니다. 그런 결제에는 청구된 금액이 없습니다.'
  return '거래번호를 확인해 주세요.'
}
