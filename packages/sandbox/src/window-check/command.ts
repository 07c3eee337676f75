import { type ScriptInventory, scriptInventoryPath } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { type Environment, readPort, UsageError } from '../addresses.ts'
import { runtimeAt } from '../clock/command.ts'
import { addressOption, type Call, defineCommand, exitCodes, jsonOption } from '../command-line/command.ts'
import { readRequired } from '../command-line/read-input.ts'
import { CheckImpossibleError, checkWindow, isInventory, type WindowCheck, type WindowReport } from './check-window.ts'

const options = {
  gateway: addressOption({
    ko: '게이트웨이 주소, 기본 http://localhost:4610 (SSPAY_GATEWAY_PORT)',
    en: 'the gateway, http://localhost:4610 by default (SSPAY_GATEWAY_PORT)',
  }),
  window: addressOption({
    ko: '열려 있는 결제창 주소. 없으면 테스트 가맹점으로 열고 다시 닫습니다',
    en: 'an open window; by default the test merchant opens one and aborts it',
  }),
  cookie: {
    value: 'COOKIE',
    ko: '--window 를 연 브라우저의 쿠키(이름=값). 결제창은 다른 브라우저에 답하지 않습니다',
    en: 'cookie (NAME=VALUE) of the browser that opened --window; the window rejects other browsers',
  },
  inventory: {
    value: 'FILE',
    ko: '보관해 둔 scripts.json. 없으면 게이트웨이가 주는 것',
    en: "a saved scripts.json; by default the gateway's",
  },
  json: jsonOption,
} as const

export const checkWindowCommand = defineCommand({
  name: 'check-window',
  summary: {
    ko: '실행 중인 결제창의 스크립트와 보안 헤더를 점검합니다',
    en: 'checks scripts and security headers of a running payment window',
  },
  verbs: { '': { ko: '', en: '' } },
  options,
  notes: [
    {
      ko: '게이트웨이가 통째로 바뀌면 목록도 바뀝니다. 정기 점검(PCI DSS 11.6.1)에는 보관해 둔 목록과 비교하세요.',
      en: 'An attacker who replaces the gateway replaces its inventory too: for regular checks (PCI DSS 11.6.1) compare with a saved copy.',
    },
  ],
  exitCodes: {
    0: { ko: '모두 같음', en: 'no differences' },
    1: { ko: '다른 것이 있음', en: 'differences' },
    2: { ko: '잘못된 사용', en: 'wrong usage' },
    3: { ko: '점검하지 못함', en: 'could not check' },
  },
  examples: [
    { line: 'sspay check-window', ko: '이 컴퓨터의 샌드박스', en: 'the local sandbox' },
    {
      line: 'sspay check-window --gateway http://localhost:4610 --inventory scripts.json',
      ko: '보관해 둔 목록과 비교',
      en: 'against a saved copy',
    },
  ],
  async run({ values, terminal, t }) {
    const { output, errors, environment } = terminal
    const check = await readCheck(values, environment)
    try {
      const report = await checkWindow(check)
      output.write(values.json ? `${JSON.stringify(report)}\n` : describe(report, t))
      return report.differences.length === 0 ? exitCodes.done : exitCodes.rejected
    } catch (cause) {
      if (!(cause instanceof CheckImpossibleError)) throw cause
      errors.write(`${t(cause.text)}\n`)
      return exitCodes.unreachable
    }
  },
})

async function readCheck(
  { gateway, window, cookie, inventory }: Call<typeof options>['values'],
  environment: Environment,
): Promise<WindowCheck> {
  const kept = inventory === undefined ? undefined : await readInventory(inventory)
  const gatewayUrl = gateway ?? window ?? `http://localhost:${readPort('gateway', environment)}`
  const isOwnSandbox = gateway === undefined && window === undefined
  return {
    gatewayUrl: new URL(gatewayUrl).origin,
    windowUrl: window,
    windowCookie: cookie,
    inventory: kept,
    runtime: isOwnSandbox ? await runtimeAt(`http://localhost:${readPort('console', environment)}`) : undefined,
  }
}

async function readInventory(file: string): Promise<ScriptInventory> {
  const text = Buffer.from(await readRequired(file, '--inventory ')).toString()
  try {
    const inventory: unknown = JSON.parse(text)
    if (isInventory(inventory)) return inventory
  } catch {
    // Reported below, like a file with other contents.
  }
  throw new UsageError({
    ko: `--inventory: ${file} 은 스크립트 목록이 아닙니다. 게이트웨이의 ${scriptInventoryPath} 를 저장한 파일을 주세요`,
    en: `--inventory: ${file} is not a script inventory. Give a saved copy of ${scriptInventoryPath} of the gateway`,
  })
}

function describe({ scripts, differences, orderId }: WindowReport, t: (text: LocalizedText) => string): string {
  const known = scripts.map(
    ({ name, sha256, bytes }) => `  ${name.padEnd(24)}${String(bytes).padStart(6)} B  ${sha256}\n`,
  )
  const found = differences.map(
    ({ kind, subject, expected, found, ko, en }) =>
      `✗ ${subject}: ${t({ ko, en })} (${kind})\n${expected ? `    ${t({ ko: '기대', en: 'expected' })}  ${expected}\n` : ''}${found ? `    ${t({ ko: '실제', en: 'found' })}  ${found}\n` : ''}`,
  )
  const end =
    found.length === 0
      ? t({ ko: '모두 목록과 같습니다', en: 'everything matches the inventory' })
      : t({ ko: `다른 것 ${found.length}개`, en: `${found.length} differences` })
  const left =
    orderId === undefined
      ? ''
      : `${t({
          ko: `점검하려고 연 결제 ${orderId} 는 청구 없이 중단했고, 콘솔에 '중단'으로 남습니다`,
          en: `The payment ${orderId} of this check was aborted without a charge, and stays in the console as aborted`,
        })}\n`
  return `${t({ ko: '스크립트 목록', en: 'inventory' })}\n${known.join('')}${found.join('')}${end}\n${left}`
}
