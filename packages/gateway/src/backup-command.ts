import { existsSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { groupThousands } from '@sspay/protocol/internal'
import { errorCodeOf, publishNew, publishOver } from './durable-file.ts'
import { rootKeyFileOf, textOf } from './environment.ts'
import {
  exitCodes,
  type GatewayProcess,
  onceASecond,
  parseOrUsageError,
  runCommand,
  UsageError,
} from './operator-command.ts'
import { backupSqlite, type CopyProgress } from './storage/backup-sqlite.ts'
import { requireGatewayDatabase } from './storage/migrate.ts'
import { databaseFileIn, openReaderOf, type StoragePlace } from './storage/open-storage.ts'

export const backupHelp = `sspay-gateway backup: SQLite 데이터베이스를 파일 하나로 백업합니다
                      backs a SQLite database up into one file

사용법 / usage
  sspay-gateway backup FILE [--replace] [--json]

옵션 / options
  --replace   있는 파일을 바꿉니다. 새 백업이 디스크에 다 쓰인 뒤에 바뀝니다
              replaces a file that exists, once the new backup is on disk
  --json      결과를 표준 출력에 JSON으로 / the result as JSON on stdout

게이트웨이가 결제를 받는 동안 실행합니다. 백업은 시작한 순간의 상태이며 소유자만 읽을 수 있습니다(0600).
루트 키와 상점 파일은 백업에 들어 있지 않습니다. 따로, 다른 곳에 보관하세요. 루트 키가 없으면 백업을 되살려도 쓸 수 없습니다.
PostgreSQL은 pg_dump로 백업합니다.
The gateway keeps running. The backup has the state of the moment when it began, and only its owner can read it (0600).
Root key and merchants file are not in it: keep them separately, in another place. Without the root key a restored backup is of no use.
Back PostgreSQL up with pg_dump.

예 / examples
  sspay-gateway backup /backup/gateway-20270105.db
  sspay-gateway verify --file /backup/gateway-20270105.db

끝 코드 / exit codes
  0  파일이 디스크에 있음 / the file is on disk
  1  거절, 있는 파일, 데이터베이스가 없음, 디스크가 참 / rejected, an existing file, no database, or a full disk
  2  잘못된 사용, PostgreSQL / wrong usage, or PostgreSQL
`

/** `sspay-gateway backup`: resolves with its exit code. */
export const runBackup = (args: readonly string[], command: GatewayProcess): Promise<number> =>
  runCommand('backup', command, async () => {
    const { values, positionals } = parse(args)
    if (values.help === true) {
      command.write(backupHelp)
      return exitCodes.done
    }
    const file = resolve(requireOneFile(positionals))
    const place = command.place()
    const from = databaseFileIn(requireDataFolder(place, 'pg_dump'))
    if (existsSync(file) && values.replace !== true) throw new Error(takenText(file))
    const reader = await openReaderOf(from)
    try {
      await requireGatewayDatabase(reader)
    } finally {
      await reader.close()
    }
    const partial = `${file}.partial`
    await backupSqlite(from, partial, reportPages(command))
    await publish(partial, file, values.replace === true)
    const report = { file, bytes: (await stat(file)).size, keepToo: keepTooOf(command, place) }
    command.write(values.json === true ? `${JSON.stringify(report)}\n` : describe(report))
    return exitCodes.done
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        replace: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  )

/** The one operand of the command. */
export function requireOneFile(positionals: readonly string[]): string {
  const [file, more] = positionals
  if (file === undefined || file === '') throw new UsageError('FILE: 파일이 없습니다. The file is missing.')
  if (more !== undefined) throw new UsageError(`${more}: 필요 없는 값입니다. Unexpected argument.`)
  return file
}

/** `tool`: what to use instead with PostgreSQL. */
export function requireDataFolder(place: StoragePlace, tool: string): string {
  if ('dataFolder' in place) return place.dataFolder
  throw new UsageError(
    `SSPAY_DATABASE_URL: PostgreSQL에는 ${tool}를 쓰세요. SQLite면 이 변수 대신 SSPAY_DATA를 설정합니다. With PostgreSQL use ${tool}; for SQLite set SSPAY_DATA instead of this variable.`,
  )
}

/** Reports the pages that were copied, once a second. */
export function reportPages({ runtime, report }: GatewayProcess): (progress: CopyProgress) => void {
  const isDue = onceASecond(runtime)
  return ({ pages, of }) => {
    if (isDue()) report(`${groupThousands(of)}쪽 중 ${groupThousands(pages)}쪽 복사 / pages copied\n`)
  }
}

async function publish(partial: string, file: string, isReplacing: boolean): Promise<void> {
  if (isReplacing) return publishOver(partial, file)
  await publishNew(partial, file).catch(async (cause: unknown) => {
    await rm(partial, { force: true })
    throw errorCodeOf(cause) === 'EEXIST' ? new Error(takenText(file)) : cause
  })
}

const takenText = (file: string): string =>
  `${file}: 이미 있는 파일입니다. 바꾸려면 --replace를 쓰세요. The file exists: use --replace to replace it.`

/** What a restore needs besides the backup. */
function keepTooOf({ environment }: GatewayProcess, place: StoragePlace) {
  const isVariable = textOf(environment, 'SSPAY_ROOT_KEY') !== ''
  return {
    rootKey: isVariable ? 'SSPAY_ROOT_KEY' : (rootKeyFileOf(environment, place) ?? ''),
    merchants: textOf(environment, 'SSPAY_MERCHANTS') || null,
  }
}

interface Report {
  readonly file: string
  readonly bytes: number
  readonly keepToo: ReturnType<typeof keepTooOf>
}

const describe = ({ file, bytes, keepToo }: Report): string =>
  `백업했습니다 / backed up: ${file} (${groupThousands(bytes)} bytes)
백업에 없으니 따로 보관하세요 / not in it, keep separately:
  루트 키 / root key: ${keepToo.rootKey}
  상점 파일 / merchants file: ${keepToo.merchants ?? '없음 / none'}
`
