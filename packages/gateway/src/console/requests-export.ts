import type { Context } from '../context.ts'
import type { CsvCell } from '../csv.ts'
import type { CallFilter, RecordedCall } from '../request-log/model.ts'
import { listCalls } from '../request-log/store.ts'
import { csvOf, exportRows } from './export-rows.ts'
import { formatMoment, kindText, resultText } from './requests-wording.ts'

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

const json = {
  type: 'application/json; charset=utf-8',
  start: '{"requests":[\n',
  end: '\n]}\n',
  write: (call: RecordedCall, isFirst: boolean) => `${isFirst ? '' : ',\n'}${JSON.stringify(call)}`,
}

/** All calls that match the filter, newest first; `json` with their masked fields, as in `GET /api/requests`. */
export const exportCalls = (context: Pick<Context, 'storage'>, filter: CallFilter, format: 'csv' | 'json'): Response =>
  exportRows<RecordedCall>(`requests.${format}`, format === 'csv' ? csvOf(columns) : json, (last, limit) =>
    listCalls(context, { filter, before: last?.id, limit }),
  )
