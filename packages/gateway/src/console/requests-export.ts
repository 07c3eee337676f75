import type { Context } from '../context.ts'
import { noPageHeaders } from '../http/answer.ts'
import type { CallFilter, RecordedCall } from '../request-log/model.ts'
import { listCalls } from '../request-log/store.ts'
import { type CsvCell, writeCsvRow } from './csv.ts'
import { formatMoment, kindText, resultText } from './requests-wording.ts'

/** What the list shows, and why a call ended so. */
const columns: Readonly<Record<string, (call: RecordedCall) => CsvCell>> = {
  번호: ({ id }) => id,
  시각: ({ startedAt }) => formatMoment(startedAt),
  방향: ({ direction }) => direction,
  종류: ({ kind }) => kindText[kind].ko,
  메서드: ({ method }) => method,
  주소: ({ address }) => address,
  세부: ({ detail }) => detail ?? '',
  HTTP상태: ({ status }) => status ?? '',
  결과: ({ result }) => resultText[result].ko,
  결과코드: ({ code }) => code ?? '',
  사유: ({ reason }) => reason?.ko ?? '',
  '걸린시간(ms)': ({ durationMs }) => durationMs,
  상점: ({ merchantId }) => merchantId ?? '',
  주문번호: ({ orderId }) => orderId ?? '',
  거래번호: ({ transactionId }) => transactionId ?? '',
  설명: ({ explanation }) => explanation?.words.ko ?? '',
  확인할항목: ({ problems }) => problems.map(({ field, rule }) => `${field}:${rule}`).join(' '),
  경고: ({ warnings }) => warnings.join(' '),
}

/** Without it Excel reads Korean as windows-949. */
const byteOrderMark = '\uFEFF'

const rowsAtOnce = 500

type Store = Pick<Context, 'storage'>

interface Shape {
  readonly type: string
  readonly fileName: string
  readonly start: string
  readonly end: string
  /** `isFirst`: nothing was written before. */
  write(call: RecordedCall, isFirst: boolean): string
}

const csv: Shape = {
  type: 'text/csv; charset=utf-8; header=present',
  fileName: 'requests.csv',
  start: byteOrderMark + writeCsvRow(Object.keys(columns)),
  end: '',
  write: (call) => writeCsvRow(Object.values(columns).map((cell) => cell(call))),
}

const json: Shape = {
  type: 'application/json; charset=utf-8',
  fileName: 'requests.json',
  start: '{"requests":[\n',
  end: '\n]}\n',
  write: (call, isFirst) => `${isFirst ? '' : ',\n'}${JSON.stringify(call)}`,
}

/** All calls that the filter lets through, newest first. */
export const requestsCsv = (context: Store, filter: CallFilter): Response => exportAs(context, filter, csv)

/** The same with every masked field, in the shape of `GET /api/requests`. */
export const requestsJson = (context: Store, filter: CallFilter): Response => exportAs(context, filter, json)

/** Read and sent in parts: however many there are, few are in memory. */
function exportAs(context: Store, filter: CallFilter, { type, fileName, start, end, write }: Shape): Response {
  const encoder = new TextEncoder()
  let before: number | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(start)),
    async pull(controller) {
      const calls = await listCalls(context, { filter, before, limit: rowsAtOnce })
      const isFirst = before === undefined
      const text = calls.map((call, index) => write(call, isFirst && index === 0)).join('')
      const isLast = calls.length < rowsAtOnce
      controller.enqueue(encoder.encode(isLast ? text + end : text))
      if (isLast) controller.close()
      before = calls.at(-1)?.id
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
