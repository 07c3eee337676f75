import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { groupThousands } from '@sspay/protocol/internal'
import { textOf } from './environment.ts'
import type { Moved, MoveStep } from './move/model.ts'
import { endMove, moveDatabase } from './move/move-database.ts'
import {
  exitCodes,
  type GatewayProcess,
  onceASecond,
  parseOrUsageError,
  runCommand,
  UsageError,
} from './operator-command.ts'
import { databaseFileIn, lockFolder, openReaderOf, openStorage } from './storage/open-storage.ts'
import type { Reader, Storage } from './storage/storage.ts'
import { isIntact, type VerifiedDatabase } from './verification/model.ts'
import { verifyDatabase } from './verification/verify-database.ts'
import { describeVerified, reportVerifySteps } from './verify-command.ts'

export const moveHelp = `sspay-gateway move: SQLite의 모든 데이터를 빈 PostgreSQL로 옮깁니다
                    moves everything from SQLite into an empty PostgreSQL

사용법 / usage
  sspay-gateway move [--from FOLDER] [--json]

옵션 / options
  --from FOLDER   SQLite의 데이터 폴더. 없으면 SSPAY_DATA / data folder of SQLite; SSPAY_DATA by default
  --json          결과를 표준 출력에 JSON으로 / the result as JSON on stdout

대상은 SSPAY_DATABASE_URL입니다. 게이트웨이를 멈추고 실행합니다. 원본은 읽기만 합니다. 언제 꺼져도 다시 실행하면 이어서 하며, 끝날 때까지 게이트웨이는 대상에서
시작하지 않습니다. 다 옮기면 두 데이터베이스를 행마다 비교하고 모든 사건 사슬을 확인합니다.
The target is SSPAY_DATABASE_URL. Stop the gateway first. The source is only read. After an interruption the next run continues, and until the
end no gateway starts on the target. When everything was copied, the databases are compared row by row and every chain of events is checked.

다음에 할 일 / afterwards
  루트 키는 그대로 씁니다: SSPAY_ROOT_KEY_FILE=FOLDER/keys/root.key. SSPAY_DATABASE_URL로 시작하고, SQLite로는 다시 시작하지 마세요.
  The root key stays the same: SSPAY_ROOT_KEY_FILE=FOLDER/keys/root.key. Start with SSPAY_DATABASE_URL, and never again on SQLite.

예 / examples
  SSPAY_DATABASE_URL=postgres://sspay:password@db/sspay sspay-gateway move --from /var/lib/sspay

끝 코드 / exit codes
  0  옮기고 확인함, 또는 이미 옮김 / moved and verified, or moved before
  1  거절, 비어 있지 않은 대상, 차이, 실행 중인 게이트웨이 / rejected, a target that is not empty, a difference, or a running gateway
  2  잘못된 사용 / wrong usage
`

/** `sspay-gateway move`: resolves with its exit code. */
export const runMove = (args: readonly string[], command: GatewayProcess): Promise<number> =>
  runCommand('move', command, async () => {
    const values = parse(args)
    if (values.help === true) {
      command.write(moveHelp)
      return exitCodes.done
    }
    const folder = resolve(readFolder(values.from, command))
    const place = command.place()
    if ('dataFolder' in place)
      throw new UsageError('SSPAY_DATABASE_URL: 옮길 PostgreSQL이 없습니다. The PostgreSQL to move into is missing.')
    const source = await openReaderOf(databaseFileIn(folder))
    const unlock = lockFolder(folder)
    try {
      const target = await openStorage(place, { runtime: command.runtime, onError: () => {} })
      try {
        return await move({ source, target, isJson: values.json === true }, command)
      } finally {
        await target.close()
      }
    } finally {
      unlock()
      await source.close()
    }
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      options: { from: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }),
  ).values

function readFolder(from: string | undefined, { environment }: GatewayProcess): string {
  const folder = from ?? textOf(environment, 'SSPAY_DATA')
  if (folder === '') throw new UsageError('--from: 데이터 폴더가 없습니다. The data folder is missing.')
  return folder
}

interface Databases {
  readonly source: Reader
  readonly target: Storage
  readonly isJson: boolean
}

async function move({ source, target, isJson }: Databases, command: GatewayProcess): Promise<number> {
  const { runtime } = command
  const moved = await moveDatabase({ source, target, runtime, onStep: reportSteps(command) })
  if (moved === undefined) {
    command.write(isJson ? '{"alreadyMoved":true}\n' : '이미 모두 옮겼습니다 / everything was moved before\n')
    return exitCodes.done
  }
  const verified = await verifyDatabase(target, { hasFile: false, onStep: reportVerifySteps(command) })
  // What is not intact here was not intact in the source either.
  await endMove({ target, runtime })
  const rowsPerSecond = Math.round(moved.copied / Math.max(0.001, moved.copyMs / 1_000))
  const done = { ...moved, rowsPerSecond, verified }
  command.write(isJson ? `${JSON.stringify(done)}\n` : describe(done))
  return isIntact(verified) ? exitCodes.done : exitCodes.rejected
}

function reportSteps({ runtime, report }: GatewayProcess): (step: MoveStep) => void {
  const isDue = onceASecond(runtime)
  const rows = new Map<string, number>()
  return (step) => {
    if (!('table' in step)) {
      report(step.step === 'began' ? '옮기기 시작합니다 / the move begins\n' : '이어서 옮깁니다 / the move continues\n')
      return
    }
    rows.set(`${step.step} ${step.table}`, step.rows)
    if (!isDue()) return
    const verb = step.step === 'copying' ? '복사 / rows copied' : '비교 / rows compared'
    const sum = [...rows].reduce((all, [name, count]) => (name.startsWith(step.step) ? all + count : all), 0)
    report(`${step.table} ${groupThousands(step.rows)}, 모두 ${groupThousands(sum)}행 ${verb}\n`)
  }
}

interface Done extends Moved {
  readonly rowsPerSecond: number
  readonly verified: VerifiedDatabase
}

function describe({ rows, copied, copyMs, rowsPerSecond, verified }: Done): string {
  const counts = Object.entries(rows).filter(([, count]) => count > 0)
  return `${counts.map(([table, count]) => `  ${table}  ${groupThousands(count)}\n`).join('')}${groupThousands(copied)}행을 ${Math.round(copyMs / 1_000)}초에 복사, 1초에 ${groupThousands(rowsPerSecond)}행 / rows copied, seconds, rows a second
원본과 같습니다 / the same as the source. ${describeVerified(verified)}`
}
