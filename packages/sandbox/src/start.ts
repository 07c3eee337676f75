import { resolve } from 'node:path'
import { readHostNames } from '@sspay/gateway'
import { addresses, type Environment, nonEmpty, type PortName, portNames, readPort, UsageError } from './addresses.ts'
import { testCards } from './card-network/scenarios.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

const flags = ['--data', '--host'] as const

export const sandboxHelp = `sspay sandbox — SS-Pay 전체를 이 컴퓨터에서 실행합니다 / runs the whole of SS-Pay on this machine

  --data FOLDER             데이터 폴더, 기본 .sspay / data folder (SSPAY_DATA)
  --host ADDRESS            수신 주소, 기본 127.0.0.1 / address to listen on (SSPAY_HOST)
${portNames
  .map(
    (name) =>
      `  ${addresses[name].variable.padEnd(24)}  ${addresses[name].ko} / ${addresses[name].en}, ${addresses[name].defaultPort}`,
  )
  .join('\n')}
  SSPAY_CONSOLE_HOSTS       콘솔을 여는 호스트 이름(IP 주소, localhost 외) / names to open the console by, beside IP addresses and localhost

HTTPS 주소의 인증서를 신뢰하려면 / to trust the certificate of the HTTPS address
  Node.js   NODE_EXTRA_CA_CERTS=.sspay/tls/ca.pem node shop.js
  Java      keytool -importcert -noprompt -alias sspay -cacerts -storepass changeit -file .sspay/tls/ca.pem
  curl      curl --cacert .sspay/tls/ca.pem https://localhost:4611/healthz
`

export function readSandboxOptions(given: readonly string[], environment: Environment): SandboxOptions {
  const chosen: Partial<Record<(typeof flags)[number], string>> = {}
  for (let at = 0; at < given.length; at++) {
    const [name = '', inline] = (given[at] ?? '').split(/=(.*)/s)
    const flag = flags.find((known) => known === name)
    if (flag === undefined) throw new UsageError(`${name}: 없는 옵션입니다 / there is no such option`)
    const value = inline ?? given[++at] ?? ''
    if (value === '') throw new UsageError(`${name}: 값이 필요합니다 / needs a value`)
    chosen[flag] = value
  }
  return {
    dataFolder: resolve(chosen['--data'] ?? nonEmpty(environment.SSPAY_DATA) ?? '.sspay'),
    host: chosen['--host'] ?? nonEmpty(environment.SSPAY_HOST) ?? '127.0.0.1',
    ports: Object.fromEntries(portNames.map((name) => [name, readPort(name, environment)])) as Record<PortName, number>,
    consoleHosts: readConsoleHosts(environment),
  }
}

function readConsoleHosts({ SSPAY_CONSOLE_HOSTS }: Environment): readonly string[] {
  try {
    return readHostNames('SSPAY_CONSOLE_HOSTS', SSPAY_CONSOLE_HOSTS)
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
}

/** Starts the sandbox, says where everything is, and runs until it is told to stop. Returns the exit code. */
export async function runSandbox(options: SandboxOptions, print: (text: string) => void): Promise<number> {
  const sandbox = await startSandbox(options)
  const stopped = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop())
  })
  print(describeSandbox(sandbox))
  await stopped
  await sandbox.close()
  return 0
}

export function describeSandbox({ urls, caFile }: Pick<Sandbox, 'urls' | 'caFile'>): string {
  const lines = portNames.map((name) => `  ${urls[name].padEnd(24)} ${addresses[name].ko} / ${addresses[name].en}`)
  const card = testCards[0].cardNumber.replace(/(\d{4})(?=\d)/g, '$1 ')
  return `
SS-Pay 샌드박스 / sandbox

${lines.join('\n')}

  테스트 카드 / test card   ${card}  (${urls.console}/sandbox/cards)
  인증번호 / one-time codes ${urls.console}/sandbox/phone
  HTTPS 신뢰 / trust       NODE_EXTRA_CA_CERTS=${caFile}

  끝내기 / stop: Ctrl+C
`
}
