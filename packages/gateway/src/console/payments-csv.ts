import type { PaymentSummary } from '../approval/model.ts'
import { type ListContext, listPayments, type PaymentsRange } from '../approval/store.ts'
import type { CsvCell } from './csv.ts'
import { csvOf, exportRows } from './export-rows.ts'
import { formatTime, stateText } from './wording.ts'

/** No personal data: what the list shows, and two numbers that an operator compares. */
const columns: Readonly<Record<string, (payment: PaymentSummary) => CsvCell>> = {
  요청시각: ({ requestedAt }) => formatTime(requestedAt),
  거래번호: ({ transactionId }) => transactionId,
  상점: ({ merchantId }) => merchantId,
  주문번호: ({ orderId }) => orderId,
  상품명: ({ goodsName }) => goodsName,
  금액: ({ amount }) => amount,
  할부개월: ({ installmentMonths }) => installmentMonths,
  상태: ({ state }) => stateText[state].ko,
  상태변경시각: ({ stateChangedAt }) => formatTime(stateChangedAt),
  승인번호: ({ approvalNumber }) => approvalNumber ?? '',
  거절사유: ({ declineReason }) => declineReason ?? '',
}

/** All payments of the range, newest first. */
export const paymentsCsv = (context: ListContext, range: PaymentsRange): Response =>
  exportRows<PaymentSummary>('payments.csv', csvOf(columns), (last, limit) =>
    listPayments(context, { ...range, before: last ?? range.before, limit }),
  )
