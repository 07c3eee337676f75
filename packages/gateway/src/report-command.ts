import { open, rename, rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { encodeText } from '@sspay/protocol/charset'
import { groupThousands, type KoreanDay, readKoreanDay } from '@sspay/protocol/internal'
import { readWatermark } from './archive/store.ts'
import {
  type CommandProcess,
  exitCodes,
  onceASecond,
  parseOrUsageError,
  runCommand,
  UsageError,
} from './operator-command.ts'
import { clockMarginMs, entryKinds } from './reconciliation/model.ts'
import { kindNames, type ReportRequest, type ReportSummary, writeReport } from './reconciliation/write-report.ts'
import { requireMigrated } from './storage/migrate.ts'
import { openStorageBeside } from './storage/open-storage.ts'
import type { Reader } from './storage/storage.ts'

export const reportHelp = `sspay-gateway report: 하루의 승인, 취소, 망취소, 미확정 거래와 합계
                      approvals, refunds, reversals and indeterminate payments of one day, and their totals

사용법 / usage
  sspay-gateway report --day 2026-12-01 [--merchant MID] [--acquirer CODE] [--totals]
                       [--format csv|json] [--charset utf-8|cp949] [--to FILE [--json]]

옵션 / options
  --day DAY            한국 시각의 하루. 승인과 취소는 카드사 시각으로 셉니다
                       a day in Korean time; approvals and refunds count by the card network's clock
  --merchant MID       이 상점만 / only this merchant
  --acquirer CODE      이 매입사만. 예: 06 / only this acquirer, such as 06
  --totals             CSV에 거래 대신 상점, 발급사, 매입사마다의 합계를
                       in CSV the totals of each merchant, issuer and acquirer, in place of the entries
  --format csv|json    형식, 기본 csv. JSON에는 거래와 합계가 모두 있습니다 / csv by default; JSON has entries and totals
  --charset CHARSET    utf-8(기본) 또는 cp949 / utf-8 by default, or cp949
  --to FILE            표준 출력 대신 파일에. 같은 이름의 파일을 바꿉니다
                       into a file in place of stdout; replaces a file of that name
  --json               --to와 함께: 요약을 표준 출력에 JSON으로 / with --to: the summary as JSON on stdout

데이터베이스는 게이트웨이와 같은 SSPAY_DATA 또는 SSPAY_DATABASE_URL로 찾습니다. 게이트웨이가 실행 중이어도 됩니다.
끝난 하루에 미확정 거래가 없으면 마감입니다. 마감한 날의 보고서는 언제 다시 만들어도 같은 바이트입니다.
The database is that of the gateway (SSPAY_DATA or SSPAY_DATABASE_URL), which may be running. A day is closed when it is over and
nothing of it is indeterminate. From then on its report has the same bytes, whenever it is written.

예 / examples
  sspay-gateway report --day 2026-12-01 --to 2026-12-01.csv
  sspay-gateway report --day 2026-12-01 --totals --charset cp949 --to totals.csv
  sspay-gateway report --day 2026-12-01 --merchant ssptest01m --format json

끝 코드 / exit codes
  0  완료 / done
  1  거절: 보관한 날, 쓸 수 없는 파일 / rejected: an archived day, a file that cannot be written
  2  잘못된 사용 / wrong usage
`

/** `sspay-gateway report`: resolves with its exit code. */
export const runReport = (args: readonly string[], command: CommandProcess): Promise<number> =>
  runCommand('report', command, async () => {
    const values = parse(args)
    if (values.help === true) {
      command.write(reportHelp)
      return exitCodes.done
    }
    return report(readOptions(values), command)
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      options: {
        day: { type: 'string' },
        merchant: { type: 'string', default: '' },
        acquirer: { type: 'string', default: '' },
        totals: { type: 'boolean', default: false },
        format: { type: 'string', default: 'csv' },
        charset: { type: 'string', default: 'utf-8' },
        to: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  ).values

type Options = Omit<ReportRequest, 'now' | 'hasMark'> & {
  readonly charset: 'utf-8' | 'cp949'
  readonly to: string | undefined
  readonly isJson: boolean
}

function readOptions({
  day,
  merchant,
  acquirer,
  totals,
  format,
  charset,
  to,
  json,
}: ReturnType<typeof parse>): Options {
  if (format !== 'csv' && format !== 'json')
    throw new UsageError(`--format ${format}: csv 또는 json입니다. It must be csv or json.`)
  if (charset !== 'utf-8' && charset !== 'cp949')
    throw new UsageError(`--charset ${charset}: utf-8 또는 cp949입니다. It must be utf-8 or cp949.`)
  if (json && to === undefined)
    throw new UsageError(
      '--json: --to와 함께 씁니다. 보고서를 JSON으로 쓰려면 --format json입니다. It needs --to; --format json writes the report as JSON.',
    )
  if (totals && format === 'json')
    throw new UsageError(
      '--totals: --format json에는 합계가 이미 있습니다. --format json has the totals already; omit --totals.',
    )
  const filter = { merchantId: merchant, acquirerCode: acquirer }
  return { day: requireDay(day), filter, format, isTotals: totals, charset, to, isJson: json }
}

/** The day of `--day`. */
export function requireDay(given: string | undefined): KoreanDay {
  if (given === undefined) throw new UsageError('--day: 날짜가 없습니다. The day is missing, such as 2026-12-01.')
  const day = readKoreanDay(given)
  if (day === undefined)
    throw new UsageError(`--day ${given}: 2026-12-01처럼 씁니다. It must be a day of the calendar, such as 2026-12-01.`)
  return day
}

/** @throws when rows of the day may have left the database */
export async function requireDayInDatabase(storage: Reader, day: KoreanDay): Promise<void> {
  const { archivedBefore } = await readWatermark({ storage })
  if (day.start.getTime() - clockMarginMs < archivedBefore.getTime())
    throw new Error(
      `--day ${day.name}: ${archivedBefore.toISOString()} 이전의 결제는 파일로 보관했습니다. Payments before ${archivedBefore.toISOString()} were archived to files; a report of that day would be incomplete.`,
    )
}

async function report(options: Options, command: CommandProcess): Promise<number> {
  const { runtime } = command
  const { charset, to, day } = options
  const storage = await openStorageBeside(command.place(), { runtime, onError: () => {} })
  try {
    await requireMigrated(storage)
    await requireDayInDatabase(storage, day)
    const text = writeReport(storage, { ...options, hasMark: charset === 'utf-8', now: runtime.now() })
    const encode = (piece: string): string | Uint8Array => (charset === 'utf-8' ? piece : encodeText(piece, 'euc-kr'))
    const isDue = onceASecond(runtime)
    const showProgress = (rows: number): void => {
      if (isDue()) command.report(`${groupThousands(rows)}줄을 썼습니다 / lines written so far\n`)
    }
    if (to === undefined) {
      const summary = await pass(text, async (piece) => command.write(encode(piece)), showProgress)
      command.report(describe(summary))
      return exitCodes.done
    }
    const summary = await writeFileWhole(to, (write) => pass(text, (piece) => write(encode(piece)), showProgress))
    command.write(options.isJson ? `${JSON.stringify({ file: to, ...summary })}\n` : describe(summary))
    return exitCodes.done
  } finally {
    await storage.close()
  }
}

/** Pieces of about this many characters go out at once. */
const pieceLength = 64 * 1024

async function pass(
  text: AsyncGenerator<string, ReportSummary>,
  write: (piece: string) => Promise<unknown>,
  showProgress: (rows: number) => void,
): Promise<ReportSummary> {
  let waiting = ''
  for (let rows = 1; ; rows++) {
    const { done, value } = await text.next()
    if (done !== true) waiting += value
    if (waiting.length > 0 && (done === true || waiting.length >= pieceLength)) {
      await write(waiting)
      waiting = ''
      showProgress(rows)
    }
    if (done === true) return value
  }
}

/** The file is there whole or, after an error, as it was. */
async function writeFileWhole<Result>(
  file: string,
  work: (write: (piece: string | Uint8Array) => Promise<unknown>) => Promise<Result>,
): Promise<Result> {
  const partial = `${file}.partial`
  const opened = await open(partial, 'w', 0o600).catch((cause: unknown) => {
    throw new Error(`--to ${file}: 쓸 수 없습니다. It cannot be written: ${String((cause as Error).message)}`, {
      cause,
    })
  })
  try {
    const result = await work((piece) => opened.writeFile(piece))
    await opened.sync()
    await opened.close()
    await rename(partial, file)
    return result
  } catch (cause) {
    await opened.close()
    await rm(partial, { force: true })
    throw cause
  }
}

function describe({ day, isClosed, totals: { all } }: ReportSummary): string {
  const status = isClosed
    ? '마감 / closed'
    : '마감 전: 하루가 끝나지 않았거나 미확정 거래가 있습니다 / not closed: the day is not over, or something is indeterminate'
  const lines = entryKinds.map(
    (kind) =>
      `  ${kindNames[kind]} / ${kind}: ${groupThousands(all[kind].count)}건, ${groupThousands(all[kind].amount)}원 / won`,
  )
  return `${[`${day}: ${status}`, ...lines, `  순액 / net: ${groupThousands(all.net)}원 / won`].join('\n')}\n`
}
