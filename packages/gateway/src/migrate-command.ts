import { parseArgs } from 'node:util'
import { type CommandProcess, exitCodes, onceASecond, parseOrUsageError, runCommand } from './operator-command.ts'
import { type MigrationStep, migrate, readSchema, type SchemaState } from './storage/migrate.ts'
import { openStorage } from './storage/open-storage.ts'

export const migrateHelp = `sspay-gateway migrate: 데이터베이스의 테이블을 이 버전에 맞춥니다
                       brings the tables of the database up to this version

사용법 / usage
  sspay-gateway migrate [--dry-run] [--json]

옵션 / options
  --dry-run   남은 마이그레이션의 이름만 말합니다 / only names the pending migrations
  --json      결과를 표준 출력에 JSON으로 / the result as JSON on stdout

게이트웨이는 시작할 때 같은 일을 합니다. 게이트웨이의 데이터베이스 사용자가 테이블을 고칠 수 없거나, 큰 테이블이거나, 백업과 겹칠 때 먼저 실행합니다.
PostgreSQL이면 게이트웨이들이 결제를 받는 동안 실행하며, SSPAY_DATABASE_URL에는 테이블의 소유자를 적습니다. SQLite면 게이트웨이를 멈추고 실행합니다.
A gateway does the same when it starts. Run it first where the gateway's database user may not change tables, where tables are big, or beside a
backup. With PostgreSQL the gateways keep running, and SSPAY_DATABASE_URL has the owner of the tables; with SQLite stop the gateway.

다른 세션이 쓰는 테이블은 시간 제한 없이 기다립니다. 결제를 막지 않도록 잠깐만 줄을 서고 다시 시도합니다. 언제 꺼져도 다음 실행이 이어서 합니다.
It waits without limit for tables that other sessions use, a moment at a time so that payments do not wait behind it. After an interruption
the next run continues.

예 / examples
  sspay-gateway migrate --dry-run
  SSPAY_DATABASE_URL=postgres://owner:password@db/sspay sspay-gateway migrate

끝 코드 / exit codes
  0  이 버전에 맞음. --dry-run은 말했음 / the tables are those of this version; named, with --dry-run
  1  거절, 데이터베이스가 없음, 권한이 없음 / rejected, no database, or a lack of rights
  2  잘못된 사용 / wrong usage
`

/** `sspay-gateway migrate`: resolves with its exit code. */
export const runMigration = (args: readonly string[], command: CommandProcess): Promise<number> =>
  runCommand('migrate', command, async () => {
    const values = parse(args)
    if (values.help !== true) return migrateHere(values, command)
    command.write(migrateHelp)
    return exitCodes.done
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }),
  ).values

async function migrateHere(values: ReturnType<typeof parse>, command: CommandProcess): Promise<number> {
  const { runtime } = command
  const storage = await openStorage(command.place(), { runtime, onError: () => {} })
  try {
    const before = await readSchema(storage)
    if (values['dry-run'] !== true) {
      const isDue = onceASecond(runtime)
      const onStep = (step: MigrationStep): void => {
        if (step.step === 'applying' || isDue()) command.report(`${sentenceOf(step)}\n`)
      }
      await migrate(storage, { waitMs: Number.POSITIVE_INFINITY, onStep })
    }
    const { pending, newer } = await readSchema(storage)
    const report = { applied: before.pending.filter((name) => !pending.includes(name)), pending, newer }
    command.write(values.json === true ? `${JSON.stringify(report)}\n` : describe(report))
    return exitCodes.done
  } finally {
    await storage.close()
  }
}

function sentenceOf({ step, name }: MigrationStep): string {
  return step === 'applying'
    ? `${name}: 적용하는 중 / being applied`
    : `${name}: 다른 세션이 테이블을 쓰고 있어 기다립니다 / waiting for other sessions that use its tables`
}

function describe({ applied, pending, newer }: SchemaState): string {
  const lines = [
    ...applied.map((name) => `${name}  적용했습니다 / applied`),
    ...pending.map((name) => `${name}  남았습니다 / pending`),
    ...newer.map((name) => `${name}  더 새로운 버전의 것입니다 / of a newer version`),
  ]
  const end = pending.length === 0 ? '테이블이 이 버전에 맞습니다 / the tables are those of this version' : ''
  return `${[...lines, end].filter(Boolean).join('\n')}\n`
}
