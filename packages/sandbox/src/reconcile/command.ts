import { type FileCharset, UnreadableFileError } from '@sspay/gateway/tools'
import { UsageError } from '../addresses.ts'
import { type Call, defineCommand, exitCodes, jsonOption, oneOf } from '../command-line/command.ts'
import { readRequired } from '../command-line/read-input.ts'
import { accountsOf, compareOrders, differenceClasses } from './compare.ts'
import { type OrderMapping, readOrderMapping, usualOrderMapping } from './mapping.ts'
import { type Order, readOrders } from './read-orders.ts'
import { type ReportEntry, readReport } from './read-report.ts'
import { classNames, describe, summarize } from './write-result.ts'

const options = {
  report: {
    value: 'FILE',
    isRepeatable: true,
    ko: 'sspay-gateway report의 CSV나 JSON 파일(필수). 여러 날이면 날마다 지정',
    en: 'CSV or JSON file of sspay-gateway report (required); repeat it for each day',
  },
  columns: {
    value: 'FILE',
    ko: '열의 이름이나 순서, 상태의 값을 적은 JSON. 없으면 주문번호, 금액, 취소금액, 상태',
    en: 'JSON with names or positions of the columns and the values of the state; by default the Korean names of the guide',
  },
  charset: {
    value: 'CHARSET',
    fallback: 'utf-8',
    ...oneOf('utf-8', 'cp949'),
    ko: '주문 파일의 문자 집합: utf-8 또는 cp949',
    en: 'charset of the orders: utf-8 or cp949',
  },
  json: jsonOption,
} as const

type ReconcileCall = Call<typeof options>

export const reconcileCommand = defineCommand({
  name: 'reconcile',
  summary: {
    ko: '상점의 주문을 결제 서비스의 하루 보고서와 비교합니다(대사)',
    en: "compares the shop's orders with the payment service's report of a day",
  },
  verbs: { '': { operands: ['FILE'], ko: '', en: '' } },
  options,
  sections: [
    {
      title: { ko: '차이의 종류', en: 'differences' },
      rows: differenceClasses.map((name) => [name, classNames[name]] as const),
    },
  ],
  notes: [
    {
      ko: 'FILE: 보고서의 날에 결제했거나 취소한 주문을 모두 담은 CSV. 보고서는 이 상점만의 것입니다(report --merchant MID).',
      en: 'FILE: CSV with every order that was paid or refunded on the days of the reports, which are of this shop only (report --merchant MID).',
    },
  ],
  exitCodes: {
    0: { ko: '차이 없음', en: 'no difference' },
    1: { ko: '차이 있음, 읽을 수 없는 파일', en: 'differences, or an unreadable file' },
    2: { ko: '잘못된 사용', en: 'wrong usage' },
  },
  examples: [
    { line: 'sspay reconcile orders.csv --report 2026-12-01.csv', ko: '하루의 주문', en: 'the orders of a day' },
    {
      line: 'sspay reconcile own-orders.csv --report 2026-12-01.csv --columns columns.json --charset cp949 --json',
      ko: '상점의 열 이름으로, JSON으로',
      en: "columns of the shop's own, as JSON",
    },
  ],
  findProblem: ({ values }) =>
    values.report.length === 0
      ? {
          ko: '--report: 보고서가 필요합니다. sspay-gateway report --day 2026-12-01 --to 2026-12-01.csv',
          en: '--report is required: sspay-gateway report --day 2026-12-01 --to 2026-12-01.csv',
        }
      : undefined,
  async run(call) {
    try {
      return await reconcile(call)
    } catch (cause) {
      if (!(cause instanceof UnreadableFileError)) throw cause
      call.terminal.errors.write(`${call.t(cause.text)}\n`)
      return exitCodes.rejected
    }
  },
})

async function reconcile(call: ReconcileCall): Promise<number> {
  const { values, terminal } = call
  const orders = await readAllOrders(call)
  const entries = await readReports(values.report)
  const differences = [...compareOrders(orders, accountsOf(entries))]
  const summary = summarize(orders, entries, differences)
  terminal.output.write(
    values.json ? `${JSON.stringify({ differences, summary })}\n` : describe(differences, summary, call.t),
  )
  return differences.length === 0 ? exitCodes.done : exitCodes.rejected
}

async function readAllOrders({ operands: [name = ''], values }: ReconcileCall): Promise<readonly Order[]> {
  const mapping = values.columns === undefined ? usualOrderMapping : await readMappingFile(values.columns)
  const bytes = await readRequired(name)
  const charset = values.charset as FileCharset
  const orders: Order[] = []
  for await (const order of readOrders({ name, bytes, mapping, charset })) orders.push(order)
  return orders
}

async function readMappingFile(file: string): Promise<OrderMapping> {
  const bytes = await readRequired(file, '--columns ')
  try {
    return readOrderMapping(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    const { ko, en } =
      cause instanceof UnreadableFileError ? cause.text : { ko: 'JSON이 아닙니다', en: 'it is not JSON' }
    throw new UsageError({ ko: `--columns ${file}: ${ko}`, en: `--columns ${file}: ${en}` })
  }
}

async function readReports(files: readonly string[]): Promise<readonly ReportEntry[]> {
  const entries: ReportEntry[] = []
  const seen = new Set<string>()
  for (const file of files)
    for (const entry of await readReport(file, await readRequired(file, '--report '))) {
      const { kind, transactionId } = entry
      const key = `${kind} ${transactionId}`
      if (kind !== 'indeterminate' && seen.has(key))
        throw new UnreadableFileError({
          ko: `${file}: ${transactionId} 거래가 두 번 있습니다. 같은 날의 보고서를 두 번 주었는지 확인하세요.`,
          en: `${file}: ${transactionId} stands twice. Check whether two reports of one day were given.`,
        })
      seen.add(key)
      entries.push(entry)
    }
  return entries
}
