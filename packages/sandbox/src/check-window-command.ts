import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { ScriptInventory } from '@sspay/gateway'
import { type Environment, readPort } from './addresses.ts'
import type { Terminal } from './terminal.ts'
import {
  CheckImpossibleError,
  checkWindow,
  isInventory,
  type WindowCheck,
  type WindowReport,
} from './window-check/check-window.ts'

const flags = {
  gateway: { type: 'string' },
  window: { type: 'string' },
  inventory: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

const exitCodes = { same: 0, different: 1, usage: 2, impossible: 3 } as const

const checkWindowHelp = `sspay check-window — 실행 중인 결제창의 스크립트와 보안 헤더를 점검합니다 / compares a running window with its inventory

  --gateway URL     게이트웨이 주소, 기본 http://localhost:4610 / where the gateway is
  --window URL      열려 있는 결제창 주소. 없으면 테스트 가맹점으로 엽니다
                    an open window; otherwise the test merchant opens one, and stops it again
  --inventory FILE  보관해 둔 scripts.json. 없으면 게이트웨이가 주는 것 / a kept copy; otherwise the gateway's own
  --json            표준 출력에 JSON 하나 / one JSON object on stdout
  --help            이 도움말 / this help

게이트웨이가 통째로 바뀌면 목록도 바뀝니다. 정기 점검(PCI DSS 11.6.1)에는 보관해 둔 목록과 비교하십시오.
Who changes the whole gateway changes its inventory too: for regular checks (PCI DSS 11.6.1) compare with a kept copy.

끝 코드 / exit code: 0 모두 같음 / all the same   1 다른 것이 있음 / differences   2 잘못된 옵션 / wrong options   3 점검하지 못함 / could not check

예 / examples
  curl -o scripts.json https://pay.example/asset/scripts.json
  sspay check-window --gateway https://pay.example --inventory scripts.json
`

/** The command `sspay check-window`. Returns the exit code: 0 the same, 1 differences, 2 wrong options, 3 could not check. */
export async function runCheckWindow(
  given: readonly string[],
  { output, errors, environment }: Terminal,
): Promise<number> {
  const refuse = (sentence: string): number => {
    errors.write(`${sentence}\nsspay check-window --help\n`)
    return exitCodes.usage
  }
  let values: Flags
  try {
    ;({ values } = parseArgs({ args: [...given], options: flags }))
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause))
  }
  if (values.help) {
    output.write(checkWindowHelp)
    return exitCodes.same
  }
  const check = await readCheck(values, environment)
  if (typeof check === 'string') return refuse(check)
  try {
    const report = await checkWindow(check)
    output.write(values.json ? `${JSON.stringify(report)}\n` : describe(report))
    return report.differences.length === 0 ? exitCodes.same : exitCodes.different
  } catch (cause) {
    if (!(cause instanceof CheckImpossibleError)) throw cause
    errors.write(`${cause.message}\n`)
    return exitCodes.impossible
  }
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** What to check, or what is wrong with the options. */
async function readCheck(
  { gateway, window, inventory }: Flags,
  environment: Environment,
): Promise<WindowCheck | string> {
  for (const [name, value] of Object.entries({ gateway, window })) {
    if (value !== undefined && !isWebAddress(value)) return `--${name}: http(s) 주소 / an http(s) address`
  }
  const kept = inventory === undefined ? undefined : await readInventory(inventory)
  if (typeof kept === 'string') return kept
  const gatewayUrl = gateway ?? window ?? `http://localhost:${readPort('gateway', environment)}`
  return { gatewayUrl: new URL(gatewayUrl).origin, windowUrl: window, inventory: kept }
}

async function readInventory(file: string): Promise<ScriptInventory | string> {
  try {
    const inventory: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (isInventory(inventory)) return inventory
  } catch {
    // Said below: a file that cannot be read is no inventory either.
  }
  return `--inventory: ${file} 은 스크립트 목록이 아닙니다 / is no inventory of scripts`
}

function describe({ scripts, differences }: WindowReport): string {
  const known = scripts.map(
    ({ name, sha256, bytes }) => `  ${name.padEnd(24)}${String(bytes).padStart(6)} B  ${sha256}\n`,
  )
  const found = differences.map(
    ({ kind, subject, expected, found, ko, en }) =>
      `✗ ${subject}: ${ko} / ${en} (${kind})\n${expected ? `    기대 / expected  ${expected}\n` : ''}${found ? `    실제 / found     ${found}\n` : ''}`,
  )
  const end =
    found.length === 0
      ? '모두 목록과 같습니다 / everything is as the inventory says\n'
      : `다른 것 ${found.length}개 / ${found.length} differences\n`
  return `스크립트 목록 / inventory\n${known.join('')}${found.join('')}${end}`
}
