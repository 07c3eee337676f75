import { access, readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { groupThousands, type KoreanDay } from '@sspay/protocol/internal'
import {
  type CommandProcess,
  exitCodes,
  onceASecond,
  parseOrUsageError,
  runCommand,
  UsageError,
} from './operator-command.ts'
import { type Difference, type DifferenceClass, differenceClasses } from './reconciliation/compare.ts'
import type { Totals } from './reconciliation/model.ts'
import { type Mapping, readAcquirerFile, readMapping, usualMapping } from './reconciliation/read-acquirer-file.ts'
import type { FileCharset } from './reconciliation/read-csv.ts'
import { type ReconciledTotals, reconcile } from './reconciliation/reconcile.ts'
import { type EntryFilter, readIndeterminate } from './reconciliation/store.ts'
import { kindNames } from './reconciliation/write-report.ts'
import { requireDay, requireDayInDatabase } from './report-command.ts'
import { requireMigrated } from './storage/migrate.ts'
import { openStorageBeside } from './storage/open-storage.ts'

export const reconcileHelp = `sspay-gateway reconcile: 하루의 승인과 취소를 매입사의 파일과 비교합니다(대사)
                         compares the approvals and refunds of one day with an acquirer's file

사용법 / usage
  sspay-gateway reconcile FILE --day 2026-12-01 [--acquirer CODE] [--merchant MID]
                          [--columns MAPPING.json] [--charset utf-8|cp949] [--json]

옵션 / options
  --day DAY            파일의 하루, 한국 시각 / the day of the file, in Korean time
  --acquirer CODE      이 매입사의 파일입니다. 예: 06 / the file is of this acquirer, such as 06
  --merchant MID       이 상점의 파일입니다 / the file is of this merchant
  --columns FILE       열의 이름이나 순서, 구분의 값을 적은 JSON. 없으면 보고서와 같은 열 이름을 읽습니다
                       JSON with names or positions of the columns and the values of the kind; by default those of the report
  --charset CHARSET    utf-8(기본) 또는 cp949 / utf-8 by default, or cp949
  --json               결과를 표준 출력에 JSON으로 / the result as JSON on stdout

차이의 종류 / differences
  missingHere          파일에만 있음 / only in the file
  missingThere         여기에만 있음 / only here
  amount               금액이 다름 / the amounts differ
  date                 날짜가 다름 / the days differ
  doubled              파일에 두 번 있음 / twice in the file
  state                여기서는 다른 상태 / known here in another state, such as declined

데이터베이스는 게이트웨이와 같은 SSPAY_DATA 또는 SSPAY_DATABASE_URL로 찾습니다. 아무것도 바꾸지 않습니다.
The database is that of the gateway (SSPAY_DATA or SSPAY_DATABASE_URL). Nothing is changed.

예 / examples
  sspay-gateway reconcile shinhan-1201.csv --day 2026-12-01 --acquirer 06
  sspay-gateway reconcile bc.txt --day 2026-12-01 --acquirer 01 --columns bc.json --charset cp949 --json

끝 코드 / exit codes
  0  차이 없음 / no difference
  1  차이 있음, 또는 거절: 읽을 수 없는 파일, 보관한 날 / differences, or rejected: an unreadable file, an archived day
  2  잘못된 사용 / wrong usage
`

/** `sspay-gateway reconcile`: resolves with its exit code. */
export const runReconcile = (args: readonly string[], command: CommandProcess): Promise<number> =>
  runCommand('reconcile', command, async () => {
    const { values, positionals } = parse(args)
    if (values.help === true) {
      command.write(reconcileHelp)
      return exitCodes.done
    }
    return compare(await readOptions(values, positionals), command)
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        day: { type: 'string' },
        merchant: { type: 'string', default: '' },
        acquirer: { type: 'string', default: '' },
        columns: { type: 'string' },
        charset: { type: 'string', default: 'utf-8' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  )

interface Options {
  readonly file: string
  readonly day: KoreanDay
  readonly filter: EntryFilter
  readonly mapping: Mapping
  readonly charset: FileCharset
  readonly isJson: boolean
}

async function readOptions(
  { day, merchant, acquirer, columns, charset, json }: ReturnType<typeof parse>['values'],
  [file, unexpected]: readonly string[],
): Promise<Options> {
  if (file === undefined) throw new UsageError('FILE: 비교할 파일이 없습니다. The file to compare with is missing.')
  if (unexpected !== undefined) throw new UsageError(`${unexpected}: 필요 없는 값입니다. Unexpected argument.`)
  if (charset !== 'utf-8' && charset !== 'cp949')
    throw new UsageError(`--charset ${charset}: utf-8 또는 cp949입니다. It must be utf-8 or cp949.`)
  const filter = { merchantId: merchant, acquirerCode: acquirer }
  const mapping = columns === undefined ? usualMapping : await readMappingFile(columns)
  return { file, day: requireDay(day), filter, mapping, charset, isJson: json }
}

const readMappingFile = (file: string): Promise<Mapping> =>
  readFile(file, 'utf8')
    .then((text) => readMapping(JSON.parse(text)))
    .catch((cause: unknown) => {
      throw new UsageError(`--columns ${file}: ${(cause as Error).message}`, { cause })
    })

async function compare({ file, day, filter, mapping, charset, isJson }: Options, command: CommandProcess) {
  const { runtime } = command
  await access(file).catch((cause: unknown) => {
    throw new Error(`${file}: 파일이 없습니다. There is no such file.`, { cause })
  })
  const storage = await openStorageBeside(command.place(), { runtime, onError: () => {} })
  try {
    await requireMigrated(storage)
    await requireDayInDatabase(storage, day)
    const isDue = onceASecond(runtime)
    const onProgress = (step: 'here' | 'there', rows: number): void => {
      if (isDue()) command.report(`${step}: ${groupThousands(rows)}건을 읽었습니다 / rows read so far\n`)
    }
    const rows = readAcquirerFile(file, { mapping, charset })
    const found = reconcile(storage, { day, filter, rows, onProgress })
    const { counted, totals } = await writeDifferences(found, command, isJson)
    const counts = Object.fromEntries(
      differenceClasses.map((name) => [name, counted.get(name) ?? 0]),
    ) as Summary['counts']
    const sum = Object.values(counts).reduce((count, one) => count + one, 0)
    const indeterminate = (await readIndeterminate(storage, day, filter)).length
    const summary = { day: day.name, counts, indeterminate, ...totals }
    command.write(isJson ? `\n],"summary":${JSON.stringify(summary)}}\n` : describeSummary(summary, sum))
    return sum === 0 ? exitCodes.done : exitCodes.rejected
  } finally {
    await storage.close()
  }
}

type Counts = ReadonlyMap<Difference['class'], number>

/** Writes each difference as it is found. */
async function writeDifferences(
  found: AsyncGenerator<Difference, ReconciledTotals>,
  { write }: CommandProcess,
  isJson: boolean,
): Promise<{ readonly counted: Counts; readonly totals: ReconciledTotals }> {
  const counted = new Map<Difference['class'], number>()
  // A file that cannot be read fails here, before anything is written.
  let step = await found.next()
  let before = '{"differences":[\n'
  while (step.done !== true) {
    const { value } = step
    counted.set(value.class, (counted.get(value.class) ?? 0) + 1)
    write(isJson ? before + JSON.stringify(value) : describe(value))
    before = ',\n'
    step = await found.next()
  }
  if (isJson && counted.size === 0) write(before)
  return { counted, totals: step.value }
}

const classNames: Readonly<Record<Difference['class'], string>> = {
  missingHere: '파일에만 있음',
  missingThere: '여기에만 있음',
  amount: '금액이 다름',
  date: '날짜가 다름',
  doubled: '두 번 있음',
  state: '상태가 다름',
  reversedLater: '다음 날 망취소됨(차이 아님) / no difference: the next file has the reversal',
}

function describe({ class: name, kind, transactionId, line, here, there }: Difference): string {
  const side = (given: { readonly amount: number; readonly day?: string | undefined; readonly state?: string }) =>
    [`${groupThousands(given.amount)}원`, given.day, given.state].filter((part) => part !== undefined).join(' ')
  const parts = [
    `${name} ${classNames[name]}`,
    `${kindNames[kind]} ${transactionId}`,
    here && `여기 / here: ${side(here)}`,
    there && `파일 / file: ${side(there)}`,
    line && `${line}번째 줄 / line ${line}`,
  ]
  return `${parts.filter((part) => part !== undefined).join('  ')}\n`
}

interface Summary extends ReconciledTotals {
  readonly day: string
  readonly counts: Readonly<Record<DifferenceClass, number>>
  readonly indeterminate: number
}

function describeSummary({ day, counts, indeterminate, here, there }: Summary, sum: number): string {
  const side = ({ approval, refund, net }: Totals): string =>
    `승인 / approvals ${groupThousands(approval.count)}, 취소 / refunds ${groupThousands(refund.count)}, 순액 / net ${groupThousands(net)}원`
  const found = differenceClasses.flatMap((name) =>
    counts[name] === 0 ? [] : [`${name} ${groupThousands(counts[name])}`],
  )
  const lines = [
    `${day}: ${sum === 0 ? '차이가 없습니다 / no difference' : `차이 ${groupThousands(sum)}건 / differences: ${found.join(', ')}`}`,
    `  여기 / here: ${side(here)}`,
    `  파일 / file: ${side(there)}`,
  ]
  if (indeterminate > 0)
    lines.push(
      `  미확정 ${groupThousands(indeterminate)}건이 남아 있습니다 / still indeterminate; compare again once they are known`,
    )
  return `${lines.join('\n')}\n`
}
