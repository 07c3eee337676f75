import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { koreanTimestamp } from '@sspay/protocol'
import { reportPages, requireDataFolder, requireOneFile } from './backup-command.ts'
import { rootKeyFileOf, textOf } from './environment.ts'
import { createKeyRingOf, listMerchantsOf } from './key-rotation/open-key-ring.ts'
import { listRootKeys } from './key-rotation/store.ts'
import { exitCodes, type GatewayProcess, parseOrUsageError, runCommand } from './operator-command.ts'
import { backupSqlite, removeDatabase } from './storage/backup-sqlite.ts'
import { readSchema, requireGatewayDatabase } from './storage/migrate.ts'
import { databaseFileIn, lockFolder, openReaderOf, type StoragePlace } from './storage/open-storage.ts'
import { replaceSqlite } from './storage/replace-sqlite.ts'
import type { Reader } from './storage/storage.ts'
import { isIntact } from './verification/model.ts'
import { verifyDatabase } from './verification/verify-database.ts'
import { describeVerified, reportVerifySteps } from './verify-command.ts'

export const restoreHelp = `sspay-gateway restore: 백업을 확인한 뒤 데이터 폴더의 데이터베이스로 둡니다
                       verifies a backup, then makes it the database of the data folder

사용법 / usage
  sspay-gateway restore FILE [--replace] [--json]

옵션 / options
  --replace   있는 데이터베이스를 바꿉니다. 그것은 gateway.db.before-…로 남습니다
              replaces a database that exists, which stays as gateway.db.before-…
  --json      결과를 표준 출력에 JSON으로 / the result as JSON on stdout

게이트웨이를 멈추고 실행합니다. 백업을 데이터 폴더에 복사하고, 복사본의 파일 구조와 모든 사건 사슬, 루트 키를 확인한 다음에만 바꿉니다. 언제 꺼져도
전의 것이나 백업 가운데 하나가 온전히 있으며, 다시 실행하면 됩니다. 루트 키와 상점 파일은 백업에 없으니 따로 되살리세요.
백업 뒤의 결제는 들어 있지 않습니다. 카드사의 내역과 비교하세요(sspay-gateway reconcile).
Stop the gateway first. The backup is copied into the data folder; only after the structure of the copy, every chain of events and the root
key were checked does it take the place of the database. After an interruption either the former one or the backup is there, whole: run it
again. Root key and merchants file are not in a backup: restore them separately. Payments after the backup are not in it: compare with the
records of the card network (sspay-gateway reconcile).

예 / examples
  sspay-gateway restore /backup/gateway-20270105.db --replace

끝 코드 / exit codes
  0  되살림 / restored
  1  거절, 온전하지 않은 백업, 실행 중인 게이트웨이 / rejected, a backup that is not intact, or a running gateway
  2  잘못된 사용, 틀린 루트 키, PostgreSQL / wrong usage, a wrong root key, or PostgreSQL
`

/** `sspay-gateway restore`: resolves with its exit code. */
export const runRestore = (args: readonly string[], command: GatewayProcess): Promise<number> =>
  runCommand('restore', command, async () => {
    const { values, positionals } = parse(args)
    if (values.help === true) {
      command.write(restoreHelp)
      return exitCodes.done
    }
    const from = resolve(requireOneFile(positionals))
    const place = command.place()
    const folder = requireDataFolder(place, 'pg_restore')
    const file = databaseFileIn(folder)
    if (existsSync(file) && values.replace !== true)
      throw new Error(
        `${file}: 이미 데이터베이스가 있습니다. 바꾸려면 --replace를 쓰세요. There is a database: use --replace to replace it.`,
      )
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const unlock = lockFolder(folder)
    try {
      return await restore({ from, file, place, isJson: values.json === true }, command)
    } finally {
      unlock()
    }
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { replace: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }),
  )

interface Restoring {
  readonly from: string
  readonly file: string
  readonly place: StoragePlace
  readonly isJson: boolean
}

async function restore({ from, file, place, isJson }: Restoring, command: GatewayProcess): Promise<number> {
  await (await openReaderOf(from)).close()
  const copy = `${file}.restoring`
  try {
    await backupSqlite(from, copy, reportPages(command))
    const checked = await check(copy, place, command)
    const { verified } = checked
    if (!isIntact(verified)) {
      command.write(isJson ? `${JSON.stringify({ restored: false, ...checked })}\n` : describeVerified(verified))
      return exitCodes.rejected
    }
    const kept = existsSync(file) ? `${file}.before-${koreanTimestamp(command.runtime.now())}` : null
    await replaceSqlite(file, { by: copy, kept: kept ?? '' })
    command.write(isJson ? `${JSON.stringify({ restored: true, ...checked, kept })}\n` : describe(checked, kept))
    return exitCodes.done
  } finally {
    await removeDatabase(copy)
  }
}

type Checked = Awaited<ReturnType<typeof check>>

async function check(file: string, place: StoragePlace, command: GatewayProcess) {
  const reader = await openReaderOf(file)
  try {
    await requireGatewayDatabase(reader)
    const { pending } = await readSchema(reader)
    const rootKey = await checkRootKey(reader, place, command)
    const verified = await verifyDatabase(reader, { hasFile: true, onStep: reportVerifySteps(command) })
    return { verified, rootKey, pending }
  } finally {
    await reader.close()
  }
}

/** Throws for a wrong key. None is made where it is missing: that may be restored later. */
async function checkRootKey(reader: Reader, place: StoragePlace, command: GatewayProcess): Promise<'fits' | 'missing'> {
  const { environment } = command
  if (textOf(environment, 'SSPAY_ROOT_KEY') === '' && !existsSync(rootKeyFileOf(environment, place) ?? ''))
    return 'missing'
  const keys = await command.rootKeys(place)
  await listMerchantsOf(reader, createKeyRingOf(command, keys, await listRootKeys(reader)))
  return 'fits'
}

function describe({ verified, rootKey, pending }: Checked, kept: string | null): string {
  const lines = [
    `되살렸습니다 / restored. ${describeVerified(verified).trimEnd()}`,
    ...(kept === null ? [] : [`전의 데이터베이스 / the former database: ${kept}`]),
    ...(rootKey === 'fits'
      ? []
      : ['루트 키가 아직 없습니다. 시작하기 전에 되살리세요 / no root key yet: restore it before the start']),
    ...(pending.length === 0 ? [] : [`시작할 때 적용합니다 / applied by the start: ${pending.join(' ')}`]),
    '백업 뒤의 결제는 없습니다. 카드사의 내역과 비교하세요 / payments after the backup are missing: compare with the card network',
  ]
  return `${lines.join('\n')}\n`
}
