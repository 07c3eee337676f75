import { setTimeout as rest } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { groupThousands } from '@sspay/protocol/internal'
import { countLeft, type Rotation, type RotationStep, rotateRootKey } from './key-rotation/rotate-root-key.ts'
import { type CommandProcess, exitCodes, onceASecond, parseOrUsageError, runCommand } from './operator-command.ts'
import type { RootKeys } from './root-key.ts'
import { requireMigrated } from './storage/migrate.ts'
import { openStorageBeside, type StoragePlace } from './storage/open-storage.ts'

export const rotationHelp = `sspay-gateway rotate-root-key: 데이터베이스의 모든 암호문을 새 루트 키로 다시 암호화합니다
                               re-encrypts everything in the database under a new root key

사용법 / usage
  sspay-gateway rotate-root-key [--dry-run] [--json]

옵션 / options
  --dry-run   세기만 합니다 / only counts
  --json      결과를 표준 출력에 JSON으로 / the result as JSON on stdout

순서 / in this order
  1. SSPAY_ROOT_KEY_FILE에 새 키를 둘째 줄로 더하고 모든 게이트웨이를 다시 시작합니다. 게이트웨이가 하나면 2부터 합니다
     add the new key to SSPAY_ROOT_KEY_FILE as its second line, restart every gateway; with a single gateway begin with 2
  2. 새 키를 첫째 줄로 옮기고 모든 게이트웨이를 다시 시작합니다
     make it the first line, restart every gateway
  3. sspay-gateway rotate-root-key
  4. 옛 키를 지우고 다시 시작합니다. 옛 키는 그 키로 쓴 백업과 보관 파일이 있는 동안 따로 보관합니다
     remove the old key and restart; keep it elsewhere as long as there are backups and archives from its time
  SSPAY_ROOT_KEY에는 줄 대신 쉼표로 씁니다 / in SSPAY_ROOT_KEY the keys stand with commas between them

새 키 / a new key
  openssl rand -hex 32

데이터베이스는 게이트웨이와 같은 설정으로 찾습니다. 게이트웨이가 결제를 받는 동안 실행합니다. 중간에 꺼져도 다음 실행이 이어서 합니다.
The database is that of the gateway, which keeps running. After an interruption the next run continues.

끝 코드 / exit codes
  0  옛 키로 된 행이 없음. --dry-run은 다 세었음 / no row is left under the old key; counted, with --dry-run
  1  거절, 남은 행 / rejected, or rows that are left
  2  잘못된 사용, 틀린 루트 키 / wrong usage, or a wrong root key
`

export interface RotationProcess extends CommandProcess {
  rootKeys(place: StoragePlace): Promise<RootKeys>
}

/** `sspay-gateway rotate-root-key`: resolves with its exit code. */
export const runRotation = (args: readonly string[], command: RotationProcess): Promise<number> =>
  runCommand('rotate-root-key', command, async () => {
    const values = parse(args)
    if (values.help !== true) return rotate(values, command)
    command.write(rotationHelp)
    return exitCodes.done
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }),
  ).values

async function rotate(values: ReturnType<typeof parse>, command: RotationProcess): Promise<number> {
  const { runtime } = command
  const isDryRun = values['dry-run'] === true
  const place = command.place()
  const storage = await openStorageBeside(place, { runtime, onError: () => {} })
  try {
    await requireMigrated(storage)
    const given = await command.rootKeys(place)
    const isDue = onceASecond(runtime)
    const onStep = ({ pass, table, rows, rotated }: RotationStep): void => {
      const counts = `${groupThousands(rows)}행 중 ${groupThousands(rotated)}행 다시 암호화 / rows read and re-encrypted`
      if (isDue()) command.report(`${pass}. ${table}: ${counts}\n`)
    }
    const context = { runtime, storage, rest, onStep }
    const rotation = await (isDryRun ? countLeft(context, given) : rotateRootKey(context, given))
    command.write(values.json === true ? `${JSON.stringify(rotation)}\n` : describe(rotation))
    return isDryRun || rotation.left === 0 ? exitCodes.done : exitCodes.rejected
  } finally {
    await storage.close()
  }
}

function describe({ keyId, formerKeyIds, rotated, left, damaged }: Rotation): string {
  const lines = Object.entries(rotated).map(([table, rows]) => `  ${table}  ${groupThousands(rows)}`)
  const broken = damaged.map((row) => `  ${row}: 어느 키로도 열리지 않습니다 / no key opens it`)
  const former = formerKeyIds.join(', ')
  const end =
    left === 0
      ? `옛 키 ${former}(으)로 된 행이 없습니다. 모두 ${keyId} / no row is left under ${former}, all are under ${keyId}`
      : `${groupThousands(left)}행이 아직 ${keyId}(으)로 되어 있지 않습니다 / rows are not under ${keyId} yet`
  return `${[...lines, ...broken, end].join('\n')}\n`
}
