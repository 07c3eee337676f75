import type { PaymentSummary } from '../approval/model.ts'
import { type ListContext, listPayments, type PaymentsRange } from '../approval/store.ts'
import { noPageHeaders } from '../http/answer.ts'
import { type CsvCell, writeCsvRow } from './csv.ts'
import { formatTime, stateText } from './wording.ts'

/** Nothing of the buyer: what the list on the page shows, and the two numbers that an operator compares. */
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

/** Without it Excel reads Korean as windows-949. */
const byteOrderMark = '\uFEFF'

const rowsAtOnce = 500

/** All payments of the range, newest first, read and sent in parts: however many there are, few are in memory. */
export function paymentsCsv(context: ListContext, range: PaymentsRange): Response {
  const encoder = new TextEncoder()
  let before: PaymentsRange['before'] = range.before
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(byteOrderMark + writeCsvRow(Object.keys(columns)))),
    async pull(controller) {
      const payments = await listPayments(context, { ...range, before, limit: rowsAtOnce })
      const rows = payments.map((payment) => writeCsvRow(Object.values(columns).map((cell) => cell(payment))))
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.join('')))
      if (rows.length < rowsAtOnce) controller.close()
      before = payments.at(-1)
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="payments.csv"',
      'cache-control': 'no-store',
      ...noPageHeaders,
    },
  })
}
