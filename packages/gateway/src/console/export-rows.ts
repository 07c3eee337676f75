import { koreanTime } from '@sspay/protocol/internal'
import type { PaymentSummary, PaymentsRange } from '../approval/model.ts'
import { type ListContext, listPayments } from '../approval/store.ts'
import { type CsvCell, writeCsvRow } from '../csv.ts'
import { noPageHeaders } from '../http/answer.ts'
import { stateText } from './wording.ts'

/** No personal data: what the list shows, and two numbers that an operator compares. */
const columns: Readonly<Record<string, (payment: PaymentSummary) => CsvCell>> = {
  요청시각: ({ requestedAt }) => koreanTime(requestedAt),
  거래번호: ({ transactionId }) => transactionId,
  상점: ({ merchantId }) => merchantId,
  주문번호: ({ orderId }) => orderId,
  상품명: ({ goodsName }) => goodsName,
  금액: ({ amount }) => amount,
  할부개월: ({ installmentMonths }) => installmentMonths,
  상태: ({ state }) => stateText[state].ko,
  상태변경시각: ({ stateChangedAt }) => koreanTime(stateChangedAt),
  승인번호: ({ approvalNumber }) => approvalNumber ?? '',
  거절사유: ({ declineReason }) => declineReason ?? '',
}

/** All payments of the range, newest first. Reads every page of it: a search would end with the newest ones. */
export function paymentsCsv(context: ListContext, { state, text = '', ...range }: PaymentsRange): Response {
  const { write, ...format } = csvOf(columns)
  const isWanted = (payment: PaymentSummary): boolean =>
    (state === undefined || payment.state === state) &&
    (text === '' || text === payment.orderId || text === payment.transactionId)
  return exportRows<PaymentSummary>(
    'payments.csv',
    { ...format, write: (payment, isFirst) => (isWanted(payment) ? write(payment, isFirst) : '') },
    (last, limit) => listPayments(context, { ...range, before: last ?? range.before, limit }),
  )
}

const rowsPerPage = 500

interface Format<Row> {
  readonly type: string
  readonly start: string
  readonly end: string
  write(row: Row, isFirst: boolean): string
}

/** Without the byte order mark Excel reads Korean as windows-949. */
export const csvOf = <Row>(columns: Readonly<Record<string, (row: Row) => CsvCell>>): Format<Row> => ({
  type: 'text/csv; charset=utf-8; header=present',
  start: `\uFEFF${writeCsvRow(Object.keys(columns))}`,
  end: '',
  write: (row) => writeCsvRow(Object.values(columns).map((cell) => cell(row))),
})

/** Streams a list as a file, page by page. `readPage` gets the last row before the page, undefined for the first. */
export function exportRows<Row>(
  fileName: string,
  { type, start, end, write }: Format<Row>,
  readPage: (last: Row | undefined, limit: number) => Promise<readonly Row[]>,
): Response {
  const encoder = new TextEncoder()
  let last: Row | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(start)),
    async pull(controller) {
      // A stream does not pull again after a pull without a piece.
      for (let written = ''; written === ''; ) {
        const rows = await readPage(last, rowsPerPage)
        const text = rows.map((row, index) => write(row, last === undefined && index === 0)).join('')
        const isLast = rows.length < rowsPerPage
        written = isLast ? text + end : text
        if (written !== '') controller.enqueue(encoder.encode(written))
        if (isLast) return controller.close()
        last = rows.at(-1)
      }
    },
  })
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      ...noPageHeaders,
    },
  })
}
