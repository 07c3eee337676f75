import { stat } from 'node:fs/promises'
import { setTimeout as rest } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { groupThousands } from '@sspay/protocol/internal'
import { archivePayments, countArchivable } from './archive/archive-payments.ts'
import type { ArchiveContext, ArchiveStep } from './archive/context.ts'
import { daysBefore, leastAgeDays, readAge, usualAgeDays } from './archive/model.ts'
import { type VerifiedArchive, verifyArchive } from './archive/verify.ts'
import {
  type CommandProcess,
  exitCodes,
  onceASecond,
  parseOrUsageError,
  runCommand,
  UsageError,
} from './operator-command.ts'
import { randomHex } from './runtime.ts'
import { requireMigrated } from './storage/migrate.ts'
import { openStorageBeside } from './storage/open-storage.ts'

export const archiveHelp = `sspay-gateway archive: 오래되고 끝난 결제를 데이터베이스에서 파일로 옮깁니다
                       moves old, finished payments from the database into files

사용법 / usage
  sspay-gateway archive --to FOLDER [--older-than 400d] [--most NUMBER] [--dry-run] [--json]
  sspay-gateway archive --verify FILE… [--json]

옵션 / options
  --to FOLDER          파일을 두는 폴더. 데이터베이스와 다른 디스크가 좋습니다
                       folder of the files, preferably on another disk than the database
  --older-than DAYS    마지막 변화가 이만큼 지난 결제만 (${usualAgeDays}d). ${leastAgeDays}d보다 짧으면 거절합니다
                       only payments that have not changed for this long (${usualAgeDays}d); at least ${leastAgeDays}d
  --most NUMBER        많아야 이만큼 / at most so many payments
  --dry-run            세기만 합니다 / only counts
  --verify             파일을 끝까지 읽어 건수, 해시, 결제마다의 사건 사슬을 확인합니다. 키도 데이터베이스도 필요 없습니다
                       checks count, digest and event chain of each payment; needs neither key nor database
  --json               결과를 표준 출력에 JSON으로 / the result as JSON on stdout

데이터베이스는 게이트웨이와 같은 SSPAY_DATA 또는 SSPAY_DATABASE_URL로 찾습니다. 게이트웨이가 실행 중이어도 됩니다.
보관한 결제는 취소하거나 조회할 수 없고, 상점은 S107을 받습니다. 중간에 꺼져도 다음 실행이 이어서 합니다.
The database is that of the gateway (SSPAY_DATA or SSPAY_DATABASE_URL), which may be running. An archived payment can be neither
refunded nor inquired about: shops get S107. After an interruption the next run continues.

예 / examples
  sspay-gateway archive --to /backup/payments --dry-run
  sspay-gateway archive --to /backup/payments --older-than 400d --most 1000000
  sspay-gateway archive --verify /backup/payments/sspay-payments-20270105-0a1b2c3d.jsonl.gz

끝 코드 / exit codes
  0  완료 / done
  1  거절, 다른 보관 작업이 실행 중, 온전하지 않은 파일이나 결제 / rejected, another run in progress, or a damaged file or payment
  2  잘못된 사용 / wrong usage
`

const perFile = 50_000
const holdMs = 30_000

/** `sspay-gateway archive`: resolves with its exit code. */
export const runArchive = (args: readonly string[], command: CommandProcess): Promise<number> =>
  runCommand('archive', command, async () => {
    const { values, positionals } = parse(args)
    if (values.help === true) {
      command.write(archiveHelp)
      return exitCodes.done
    }
    if (values.verify === true) return verify(positionals, values.json === true, command)
    if (positionals.length > 0) throw new UsageError(`${positionals[0]}: 필요 없는 값입니다. Unexpected argument.`)
    return archive(readOptions(values), command)
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: { type: 'string' },
        'older-than': { type: 'string' },
        most: { type: 'string' },
        'dry-run': { type: 'boolean' },
        verify: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  )

type Values = ReturnType<typeof parse>['values']

interface Options {
  readonly folder: string | undefined
  readonly days: number
  readonly most: number
  readonly isDryRun: boolean
  readonly isJson: boolean
}

function readOptions(values: Values): Options {
  const age = values['older-than'] ?? `${usualAgeDays}d`
  const days = readAge(age)
  if (days === undefined)
    throw new UsageError(`--older-than ${age}: 날수와 d로 씁니다. It must be a number of days and a d, such as 400d.`)
  if (days < leastAgeDays)
    throw new UsageError(
      `--older-than ${age}: 상점이 아직 취소할 수 있는 결제입니다. ${leastAgeDays}d부터 됩니다. Shops may still cancel such payments; it starts at ${leastAgeDays}d.`,
    )
  const most = values.most ?? String(Number.MAX_SAFE_INTEGER)
  if (!/^[1-9][0-9]{0,15}$/.test(most))
    throw new UsageError(`--most ${most}: 1 이상의 수입니다. It must be a number from 1.`)
  const isDryRun = values['dry-run'] === true
  if (values.to === undefined && !isDryRun)
    throw new UsageError('--to: 파일을 둘 폴더가 없습니다. The folder for the files is missing.')
  return { folder: values.to, days, most: Number(most), isDryRun, isJson: values.json === true }
}

async function archive(options: Options, command: CommandProcess): Promise<number> {
  const { runtime } = command
  const { folder } = options
  if (folder !== undefined) await requireFolder(folder)
  const storage = await openStorageBeside(command.place(), { runtime, onError: () => {} })
  try {
    await requireMigrated(storage)
    const changedBefore = daysBefore(runtime.now(), options.days)
    if (options.isDryRun || folder === undefined) return await count(storage, { ...options, changedBefore }, command)
    const damaged: string[] = []
    const isDue = onceASecond(runtime)
    const onStep = (step: ArchiveStep): void => {
      if (step.step === 'damaged') damaged.push(step.transactionId)
      const isFrequent = step.step === 'writing' || step.step === 'deleting'
      if (!isFrequent || isDue()) command.report(`${sentenceOf(step)}\n`)
    }
    const context = { runtime, storage, folder, holder: randomHex(runtime, 16), holdMs, rest, onStep }
    const files = await archivePayments(context, { changedBefore, most: options.most, perFile })
    const report = { olderThanDays: options.days, changedBefore, files, damaged }
    command.write(options.isJson ? `${JSON.stringify(report)}\n` : describe(report))
    return damaged.length === 0 ? exitCodes.done : exitCodes.rejected
  } finally {
    await storage.close()
  }
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new Error(`--to ${folder}: 폴더가 없습니다. There is no such folder.`)
}

async function count(
  storage: ArchiveContext['storage'],
  { changedBefore, days, isJson }: Options & { readonly changedBefore: Date },
  command: CommandProcess,
): Promise<number> {
  const isDue = onceASecond(command.runtime)
  const { payments, oldest } = await countArchivable(storage, changedBefore, (counted) => {
    if (isDue()) command.report(`${groupThousands(counted)}건을 셌습니다 / counted so far\n`)
  })
  const since = oldest === undefined ? '' : ` (${oldest.toISOString().slice(0, 10)}부터 / since)`
  command.write(
    isJson
      ? `${JSON.stringify({ olderThanDays: days, changedBefore, payments, oldest })}\n`
      : `${groupThousands(payments)}건을 옮길 수 있습니다 / payments would be archived${since}\n`,
  )
  return exitCodes.done
}

function sentenceOf(step: ArchiveStep): string {
  switch (step.step) {
    case 'waiting':
      return '다른 보관 작업이 실행 중이거나 꺼졌습니다. 기다립니다 / another run is in progress or has died; waiting'
    case 'writing':
      return `${step.fileName}: ${groupThousands(step.payments)}건 쓰는 중 / written so far`
    case 'deleting':
      return `${step.fileName}: ${groupThousands(step.of)}건 중 ${groupThousands(step.payments)}건 지우는 중 / deleted so far`
    case 'elsewhere':
      return `${step.fileName}: 이 폴더에 없습니다. 남은 결제를 다시 씁니다 / not in this folder; its remaining payments are written again`
    case 'damaged':
      return `${step.transactionId}: 사건의 사슬이 끊어져 옮기지 않습니다 / its event chain is broken; it stays in the database`
  }
}

interface Report {
  readonly files: Awaited<ReturnType<typeof archivePayments>>
  readonly damaged: readonly string[]
}

function describe({ files, damaged }: Report): string {
  const sum = files.reduce((removed, file) => removed + file.removed, 0)
  const lines = files.map(
    ({ fileName, payments, stayed, sha256 }) =>
      `${fileName}  ${groupThousands(payments)}건 / payments${stayed === 0 ? '' : `, ${groupThousands(stayed)} 남음 / stayed`}  sha256 ${sha256}`,
  )
  if (damaged.length > 0) lines.push(`${groupThousands(damaged.length)}건은 온전하지 않아 남았습니다 / damaged, stayed`)
  return [...lines, `${groupThousands(sum)}건을 옮겼습니다 / payments archived\n`].join('\n')
}

async function verify(files: readonly string[], isJson: boolean, command: CommandProcess): Promise<number> {
  if (files.length === 0) throw new UsageError('--verify: 확인할 파일이 없습니다. The files to verify are missing.')
  const verified: VerifiedArchive[] = []
  for (const file of files) verified.push(await verifyArchive(file))
  command.write(isJson ? `${JSON.stringify(verified)}\n` : verified.map(describeVerified).join(''))
  return verified.every(isIntact) ? exitCodes.done : exitCodes.rejected
}

const isIntact = ({ damage, broken }: VerifiedArchive): boolean => damage === undefined && broken.length === 0

function describeVerified(verified: VerifiedArchive): string {
  const { file, payments, events, damage, broken } = verified
  if (isIntact(verified))
    return `${file}: 온전합니다 / whole: ${groupThousands(payments)}건 / payments, ${groupThousands(events)} events\n`
  const problems = [...(damage === undefined ? [] : [damage]), ...broken.map((id) => `${id}: 사슬이 끊어짐 / broken`)]
  return `${file}: 온전하지 않습니다 / not whole\n${problems.map((problem) => `  ${problem}\n`).join('')}`
}
