import { setTimeout as rest } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { countLeft, type Rotation, type RotationStep, rotateRootKey } from './key-rotation/rotate-root-key.ts'
import type { RootKeys } from './root-key.ts'
import type { Runtime } from './runtime.ts'
import { requireMigrated } from './storage/migrate.ts'
import { openStorageBeside, type StoragePlace } from './storage/open-storage.ts'

export const rotationHelp = `sspay-gateway rotate-root-key: 데이터베이스의 모든 암호문을 새 루트 키로 다시 암호화합니다
                               re-encrypts everything in the database under a new root key

사용법 / usage
  sspay-gateway rotate-root-key [--dry-run] [--json]

옵션 / options
  --dry-run   세기만 합니다 / counts, and changes nothing
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
The database is found as the gateway finds it, while the gateways take payments. Whatever ends it half-way, the next run goes on from there.

끝 코드 / exit codes
  0  옛 키로 된 행이 없음. --dry-run은 다 세었음 / no row is left under the old key; counted, with --dry-run
  1  거절, 틀린 키, 남은 행 / refused, a wrong key, or rows that are left
  2  잘못된 사용 / wrong usage
`

/** What the command has of its process. */
export interface RotationTerminal {
  readonly runtime: Runtime
  /** Throws with a sentence for people. */
  place(): StoragePlace
  rootKeys(place: StoragePlace): Promise<RootKeys>
  /** Standard output: the result. */
  write(text: string): void
  /** Standard error: progress and problems. */
  tell(text: string): void
}

const exitCodes = { done: 0, rejected: 1, usage: 2 } as const
const tellEveryMs = 1_000

class UsageError extends Error {}

/** `sspay-gateway rotate-root-key`: resolves with its exit code. */
export async function runRotation(args: readonly string[], terminal: RotationTerminal): Promise<number> {
  try {
    const values = parse(args)
    if (values.help !== true) return await rotate(values, terminal)
    terminal.write(rotationHelp)
    return exitCodes.done
  } catch (cause) {
    terminal.tell(`sspay-gateway rotate-root-key: ${cause instanceof Error ? cause.message : 'failed'}\n`)
    if (!(cause instanceof UsageError)) return exitCodes.rejected
    terminal.tell('sspay-gateway rotate-root-key --help\n')
    return exitCodes.usage
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (cause) {
    throw new UsageError(`잘못된 옵션입니다. ${(cause as Error).message}`, { cause })
  }
}

async function rotate(values: ReturnType<typeof parse>, terminal: RotationTerminal): Promise<number> {
  const { runtime } = terminal
  const isDryRun = values['dry-run'] === true
  const place = terminal.place()
  const storage = await openStorageBeside(place, { runtime, onError: () => {} })
  try {
    await requireMigrated(storage)
    const given = await terminal.rootKeys(place)
    const context = { runtime, storage, rest, onStep: tellSteps(terminal) }
    const rotation = await (isDryRun ? countLeft(context, given) : rotateRootKey(context, given))
    terminal.write(values.json === true ? `${JSON.stringify(rotation)}\n` : describe(rotation))
    return isDryRun || rotation.left === 0 ? exitCodes.done : exitCodes.rejected
  } finally {
    await storage.close()
  }
}

const inGroups = (number: number): string => number.toLocaleString('en-US')

/** Work that takes long says so, about once in a second. */
function tellSteps({ runtime, tell }: RotationTerminal): (step: RotationStep) => void {
  let toldAt = runtime.now().getTime()
  return ({ pass, table, rows, rotated }) => {
    const now = runtime.now().getTime()
    if (now - toldAt < tellEveryMs) return
    toldAt = now
    tell(`${pass}. ${table}: ${inGroups(rows)}행 중 ${inGroups(rotated)}행 다시 암호화 / rows read and re-encrypted\n`)
  }
}

function describe({ keyId, formerKeyIds, rotated, left, damaged }: Rotation): string {
  const lines = Object.entries(rotated).map(([table, rows]) => `  ${table}  ${inGroups(rows)}`)
  const broken = damaged.map((row) => `  ${row}: 어느 키로도 열리지 않습니다 / no key opens it`)
  const former = formerKeyIds.join(', ')
  const end =
    left === 0
      ? `옛 키 ${former}(으)로 된 행이 없습니다. 모두 ${keyId} / no row is left under ${former}, all are under ${keyId}`
      : `${inGroups(left)}행이 아직 ${keyId}(으)로 되어 있지 않습니다 / rows are not under ${keyId} yet`
  return `${[...lines, ...broken, end].join('\n')}\n`
}
