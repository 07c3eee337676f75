import { stat } from 'node:fs/promises'
import { setTimeout as rest } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { archivePayments, countArchivable } from './archive/archive-payments.ts'
import type { ArchiveContext, ArchiveStep } from './archive/context.ts'
import { daysBefore, leastAgeDays, readAge, usualAgeDays } from './archive/model.ts'
import { type VerifiedArchive, verifyArchive } from './archive/verify.ts'
import { type Runtime, randomHex } from './runtime.ts'
import { requireMigrated } from './storage/migrate.ts'
import { openStorageBeside, type StoragePlace } from './storage/open-storage.ts'

export const archiveHelp = `sspay-gateway archive: 오래되고 끝난 결제를 데이터베이스에서 파일로 옮깁니다
                       moves old, settled payments out of the database into files

사용법 / usage
  sspay-gateway archive --to FOLDER [--older-than 400d] [--most NUMBER] [--dry-run] [--json]
  sspay-gateway archive --verify FILE… [--json]

옵션 / options
  --to FOLDER          파일을 두는 폴더. 데이터베이스와 다른 디스크가 좋습니다
                       folder for the files, better on another disk than the database
  --older-than DAYS    마지막 변화가 이만큼 지난 결제만 (${usualAgeDays}d). ${leastAgeDays}d보다 짧으면 거절합니다
                       only what has not changed for so long (${usualAgeDays}d); less than ${leastAgeDays}d is refused
  --most NUMBER        많아야 이만큼 / at most so many payments
  --dry-run            세기만 합니다 / counts, and changes nothing
  --verify             파일을 끝까지 읽어 건수, 해시, 결제마다의 사건 사슬을 확인합니다. 키도 데이터베이스도 필요 없습니다
                       reads files to their end: count, digest, the chain of events of every payment; needs no key and no database
  --json               결과를 표준 출력에 JSON으로 / the result as JSON on stdout

데이터베이스는 게이트웨이와 같은 SSPAY_DATA 또는 SSPAY_DATABASE_URL로 찾습니다. 게이트웨이가 실행 중이어도 됩니다.
보관한 결제는 취소하거나 조회할 수 없고, 상점은 S107을 받습니다. 중간에 꺼져도 다음 실행이 이어서 합니다.
The database is found as the gateway finds it, SSPAY_DATA or SSPAY_DATABASE_URL, while the gateway serves. An archived payment
can be neither cancelled nor asked about; shops are told S107. Whatever ends it half-way, the next run goes on from there.

예 / examples
  sspay-gateway archive --to /backup/payments --dry-run
  sspay-gateway archive --to /backup/payments --older-than 400d --most 1000000
  sspay-gateway archive --verify /backup/payments/sspay-payments-20270105-0a1b2c3d.jsonl.gz

끝 코드 / exit codes
  0  완료 / done
  1  거절, 다른 보관 작업이 실행 중, 온전하지 않은 파일이나 결제 / refused, another run at work, or something that is not whole
  2  잘못된 사용 / wrong usage
`

/** What the command has of its process. */
export interface ArchiveTerminal {
  readonly runtime: Runtime
  /** Throws with a sentence for people. */
  place(): StoragePlace
  /** Standard output: the result. */
  write(text: string): void
  /** Standard error: progress and problems. */
  tell(text: string): void
}

const exitCodes = { done: 0, rejected: 1, usage: 2 } as const

const perFile = 50_000
const holdMs = 30_000
const tellEveryMs = 1_000

class UsageError extends Error {}

/** `sspay-gateway archive`: resolves with its exit code. */
export async function runArchive(args: readonly string[], terminal: ArchiveTerminal): Promise<number> {
  try {
    const { values, positionals } = parse(args)
    if (values.help === true) {
      terminal.write(archiveHelp)
      return exitCodes.done
    }
    if (values.verify === true) return await verify(positionals, values.json === true, terminal)
    if (positionals.length > 0) throw new UsageError(`${positionals[0]}: 필요 없는 값입니다. It is not expected here.`)
    return await archive(readOptions(values), terminal)
  } catch (cause) {
    terminal.tell(`sspay-gateway archive: ${cause instanceof Error ? cause.message : 'failed'}\n`)
    if (!(cause instanceof UsageError)) return exitCodes.rejected
    terminal.tell('sspay-gateway archive --help\n')
    return exitCodes.usage
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
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
    })
  } catch (cause) {
    throw new UsageError(`잘못된 옵션입니다. ${(cause as Error).message}`, { cause })
  }
}

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
    throw new UsageError(`--older-than ${age}: 날수와 d로 씁니다. It is a number of days and a d, such as 400d.`)
  if (days < leastAgeDays)
    throw new UsageError(
      `--older-than ${age}: 상점이 아직 취소할 수 있는 결제입니다. ${leastAgeDays}d부터 됩니다. Shops may still cancel such payments; it starts at ${leastAgeDays}d.`,
    )
  const most = values.most ?? String(Number.MAX_SAFE_INTEGER)
  if (!/^[1-9][0-9]{0,15}$/.test(most))
    throw new UsageError(`--most ${most}: 1 이상의 수입니다. It is a number from 1.`)
  const isDryRun = values['dry-run'] === true
  if (values.to === undefined && !isDryRun)
    throw new UsageError('--to: 파일을 둘 폴더가 없습니다. The folder for the files is missing.')
  return { folder: values.to, days, most: Number(most), isDryRun, isJson: values.json === true }
}

async function archive(options: Options, terminal: ArchiveTerminal): Promise<number> {
  const { runtime } = terminal
  const { folder } = options
  if (folder !== undefined) await requireFolder(folder)
  const storage = await openStorageBeside(terminal.place(), { runtime, onError: () => {} })
  try {
    await requireMigrated(storage)
    const changedBefore = daysBefore(runtime.now(), options.days)
    if (options.isDryRun || folder === undefined) return await count(storage, { ...options, changedBefore }, terminal)
    const told = tellSteps(terminal)
    const context = { runtime, storage, folder, holder: randomHex(runtime, 16), holdMs, rest, onStep: told.onStep }
    const files = await archivePayments(context, { changedBefore, most: options.most, perFile })
    const report = { olderThanDays: options.days, changedBefore, files, damaged: told.damaged }
    terminal.write(options.isJson ? `${JSON.stringify(report)}\n` : describe(report))
    return told.damaged.length === 0 ? exitCodes.done : exitCodes.rejected
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
  terminal: ArchiveTerminal,
): Promise<number> {
  const tellNow = atIntervals(terminal.runtime)
  const { payments, oldest } = await countArchivable(storage, changedBefore, (counted) => {
    if (tellNow()) terminal.tell(`${inGroups(counted)}건을 셌습니다 / counted so far\n`)
  })
  const since = oldest === undefined ? '' : ` (${oldest.toISOString().slice(0, 10)}부터 / since)`
  terminal.write(
    isJson
      ? `${JSON.stringify({ olderThanDays: days, changedBefore, payments, oldest })}\n`
      : `${inGroups(payments)}건을 옮길 수 있습니다 / payments would be archived${since}\n`,
  )
  return exitCodes.done
}

const inGroups = (number: number): string => number.toLocaleString('en-US')

/** Work that takes long says so, about once in a second. */
function atIntervals(runtime: Runtime): () => boolean {
  let toldAt = runtime.now().getTime()
  return () => {
    const now = runtime.now().getTime()
    if (now - toldAt < tellEveryMs) return false
    toldAt = now
    return true
  }
}

function tellSteps({ runtime, tell }: ArchiveTerminal): {
  readonly onStep: (step: ArchiveStep) => void
  readonly damaged: readonly string[]
} {
  const damaged: string[] = []
  const tellNow = atIntervals(runtime)
  const onStep = (step: ArchiveStep): void => {
    if (step.step === 'damaged') damaged.push(step.transactionId)
    if ((step.step === 'writing' || step.step === 'deleting') && !tellNow()) return
    tell(`${sentenceOf(step)}\n`)
  }
  return { onStep, damaged }
}

function sentenceOf(step: ArchiveStep): string {
  switch (step.step) {
    case 'waiting':
      return '다른 보관 작업이 실행 중이거나 꺼졌습니다. 기다립니다 / another run is at work or has died; waiting'
    case 'writing':
      return `${step.fileName}: ${inGroups(step.payments)}건 쓰는 중 / written so far`
    case 'deleting':
      return `${step.fileName}: ${inGroups(step.of)}건 중 ${inGroups(step.payments)}건 지우는 중 / deleted so far`
    case 'elsewhere':
      return `${step.fileName}: 이 폴더에 없습니다. 남은 결제를 다시 씁니다 / not in this folder; what is left of it is written again`
    case 'damaged':
      return `${step.transactionId}: 사건의 사슬이 끊어져 옮기지 않습니다 / its chain of events is broken; it stays`
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
      `${fileName}  ${inGroups(payments)}건 / payments${stayed === 0 ? '' : `, ${inGroups(stayed)} 남음 / stayed`}  sha256 ${sha256}`,
  )
  const broken =
    damaged.length === 0 ? [] : [`${inGroups(damaged.length)}건은 온전하지 않아 남았습니다 / damaged, stayed`]
  return [...lines, ...broken, `${inGroups(sum)}건을 옮겼습니다 / payments archived\n`].join('\n')
}

async function verify(files: readonly string[], isJson: boolean, terminal: ArchiveTerminal): Promise<number> {
  if (files.length === 0) throw new UsageError('--verify: 확인할 파일이 없습니다. The files to verify are missing.')
  const verified: VerifiedArchive[] = []
  for (const file of files) verified.push(await verifyArchive(file))
  terminal.write(isJson ? `${JSON.stringify(verified)}\n` : verified.map(describeVerified).join(''))
  return verified.every(isWholeArchive) ? exitCodes.done : exitCodes.rejected
}

const isWholeArchive = ({ damage, broken }: VerifiedArchive): boolean => damage === undefined && broken.length === 0

function describeVerified(verified: VerifiedArchive): string {
  const { file, payments, events, damage, broken } = verified
  if (isWholeArchive(verified))
    return `${file}: 온전합니다 / whole: ${inGroups(payments)}건 / payments, ${inGroups(events)} events\n`
  const problems = [...(damage === undefined ? [] : [damage]), ...broken.map((id) => `${id}: 사슬이 끊어짐 / broken`)]
  return `${file}: 온전하지 않습니다 / not whole\n${problems.map((problem) => `  ${problem}\n`).join('')}`
}
