import { findCardCompany } from '@sspay/protocol'
import { type KoreanDay, koreanTime } from '@sspay/protocol/internal'
import { type CsvCell, writeCsvRow } from '../csv.ts'
import type { Reader } from '../storage/storage.ts'
import {
  createDayTotals,
  type DayTotals,
  type Entry,
  type EntryKind,
  entryKinds,
  type Grouping,
  groupings,
  isClosed,
  netOf,
  type Totals,
} from './model.ts'
import { type EntryFilter, readEntries, readIndeterminate } from './store.ts'

export const kindNames: Readonly<Record<EntryKind, string>> = {
  approval: '승인',
  refund: '취소',
  reversal: '망취소',
  indeterminate: '미확정',
}

/** The columns of the report, and of the file that `sspay cards ledger` writes as the acquirer. */
export const columnNames = { kind: '구분', time: '시각', transactionId: '거래번호', amount: '금액' } as const

/** No personal data: neither buyer nor card. */
const columns: Readonly<Record<string, (entry: Entry) => CsvCell>> = {
  [columnNames.kind]: ({ kind }) => kindNames[kind],
  [columnNames.time]: ({ at }) => koreanTime(at),
  상점: ({ merchantId }) => merchantId,
  [columnNames.transactionId]: ({ transactionId }) => transactionId,
  원거래번호: ({ originalTransactionId }) => originalTransactionId ?? '',
  주문번호: ({ orderId }) => orderId,
  승인번호: ({ approvalNumber }) => approvalNumber ?? '',
  취소번호: ({ cancelNumber }) => cancelNumber ?? '',
  [columnNames.amount]: ({ amount }) => amount,
  순액: netOf,
  할부개월: ({ installmentMonths }) => installmentMonths,
  발급사코드: ({ issuerCode }) => issuerCode ?? '',
  발급사: ({ issuerCode }) => companyName(issuerCode),
  매입사코드: ({ acquirerCode }) => acquirerCode ?? '',
  매입사: ({ acquirerCode }) => companyName(acquirerCode),
}

const companyName = (code = ''): string => findCardCompany(code)?.name ?? ''

const groupingNames: Readonly<Record<Grouping, string>> = {
  merchantId: '상점',
  issuerCode: '발급사',
  acquirerCode: '매입사',
}

export interface ReportRequest {
  readonly day: KoreanDay
  readonly filter: EntryFilter
  readonly format: 'csv' | 'json'
  /** The totals in place of the entries; JSON holds both. */
  readonly isTotals: boolean
  /** Excel reads UTF-8 only after a byte order mark. */
  readonly hasMark: boolean
  readonly now: Date
}

export interface ReportSummary {
  readonly day: string
  readonly isClosed: boolean
  readonly totals: DayTotals
}

/** The text of a report, piece by piece; returns its totals. */
export async function* writeReport(
  storage: Reader,
  { day, filter, format, isTotals, hasMark, now }: ReportRequest,
): AsyncGenerator<string, ReportSummary> {
  const totals = createDayTotals()
  const isJson = format === 'json'
  if (!isJson && hasMark) yield '\uFEFF'
  if (isJson) yield `{"day":${JSON.stringify(day.name)},"entries":[`
  else if (!isTotals) yield writeCsvRow(Object.keys(columns))
  let separator = '\n'
  for await (const entry of entriesOf(storage, day, filter)) {
    totals.add(entry)
    if (isJson) yield `${separator}${JSON.stringify({ ...entry, net: netOf(entry) })}`
    else if (!isTotals) yield writeCsvRow(Object.values(columns).map((cell) => cell(entry)))
    separator = ',\n'
  }
  const summary = { day: day.name, isClosed: isClosed(day, totals.read(), now), totals: totals.read() }
  if (isJson) yield `\n],"isClosed":${summary.isClosed},"totals":${JSON.stringify(summary.totals)}}\n`
  else if (isTotals) yield* totalsRows(summary.totals)
  return summary
}

async function* entriesOf(storage: Reader, day: KoreanDay, filter: EntryFilter): AsyncGenerator<Entry> {
  yield* readEntries(storage, day, filter)
  yield* await readIndeterminate(storage, day, filter)
}

function* totalsRows({ all, groups }: DayTotals): Generator<string> {
  const sums = entryKinds.flatMap((kind) => [`${kindNames[kind]} 건수`, `${kindNames[kind]} 금액`])
  yield writeCsvRow(['기준', '코드', '이름', ...sums, '순액'])
  const cellsOf = (totals: Totals): readonly CsvCell[] => [
    ...entryKinds.flatMap((kind) => [totals[kind].count, totals[kind].amount]),
    totals.net,
  ]
  for (const name of groupings)
    for (const totals of groups[name]) {
      const company = name === 'merchantId' ? '' : companyName(totals.code)
      yield writeCsvRow([groupingNames[name], totals.code, company, ...cellsOf(totals)])
    }
  yield writeCsvRow(['전체', '', '', ...cellsOf(all)])
}
