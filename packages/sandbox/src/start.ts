import { resolve } from 'node:path'
import type { Settings } from '@sspay/gateway'
import { readDuration, readHostNames, Secret } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { addresses, type Environment, nonEmpty, type PortName, portNames, readPorts, UsageError } from './addresses.ts'
import { spaced, testCards } from './card-network/scenarios.ts'
import { columns } from './command-line/columns.ts'
import { defineCommand } from './command-line/command.ts'
import { type Language, t, untranslated } from './command-line/language.ts'
import { readCommand } from './command-line/read-command.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

/** The defaults of data folder and host; the ports are in `addresses`. */
export const sandboxDefaults = { SSPAY_DATA: '.sspay', SSPAY_HOST: '127.0.0.1' } as const

export const sandboxCommand = defineCommand({
  name: 'sandbox',
  summary: { ko: 'SS-Pay 전체를 이 컴퓨터에서 실행합니다', en: 'runs all of SS-Pay on this machine' },
  verbs: { '': { ko: '', en: '' } },
  options: {
    data: {
      value: 'FOLDER',
      ko: `데이터 폴더, 기본 ${sandboxDefaults.SSPAY_DATA} (SSPAY_DATA)`,
      en: `data folder, ${sandboxDefaults.SSPAY_DATA} by default (SSPAY_DATA)`,
    },
    host: {
      value: 'ADDRESS',
      ko: `수신 주소, 기본 ${sandboxDefaults.SSPAY_HOST} (SSPAY_HOST)`,
      en: `address to listen on, ${sandboxDefaults.SSPAY_HOST} by default (SSPAY_HOST)`,
    },
    'private-networks': {
      ko: '컨테이너나 사설망(10.x, 172.16–31.x, 192.168.x)의 쇼핑몰에도 재통보를 보냄',
      en: 'also notifies shops in containers and on private networks (10.x, 172.16–31.x, 192.168.x)',
    },
    'card-timeout': {
      value: 'DURATION',
      ko: '카드사의 응답을 기다리는 시간, 기본 7s. 쇼핑몰의 읽기 제한시간보다 짧아야 합니다',
      en: 'how long the card network may take, 7s by default; less than the read timeout of the shop',
    },
    json: { ko: '시작하면 주소를 JSON 한 줄로', en: 'prints the addresses as one line of JSON after the start' },
  },
  sections: [
    {
      title: { ko: '환경 변수', en: 'environment' },
      rows: [
        ...portNames.map((name) => [addresses[name].variable, portText(name)] as const),
        [
          'SSPAY_CONSOLE_HOSTS',
          {
            ko: '콘솔을 여는 호스트 이름(IP 주소, localhost 외)',
            en: 'host names of the console, besides IP addresses and localhost',
          },
        ],
        [
          'SSPAY_MERCHANTS',
          {
            ko: '시작할 때마다 추가하거나 덮어쓸 상점들의 JSON 파일',
            en: 'JSON file of merchants that every start adds or overwrites',
          },
        ],
        [
          'SSPAY_DATABASE_URL',
          {
            ko: '결제 서비스를 데이터 폴더 대신 PostgreSQL에: postgres://…',
            en: 'stores the payment service in PostgreSQL instead of the data folder: postgres://…',
          },
        ],
      ],
    },
    {
      title: { ko: 'HTTPS 주소의 인증서를 신뢰하려면', en: 'to trust the certificate of the HTTPS address' },
      rows: [
        ['Node.js', untranslated('NODE_EXTRA_CA_CERTS=.sspay/tls/ca.pem node shop.js')],
        [
          'Java',
          untranslated(
            'keytool -importcert -noprompt -alias sspay -cacerts -storepass changeit -file .sspay/tls/ca.pem',
          ),
        ],
        ['curl', untranslated('curl --cacert .sspay/tls/ca.pem https://localhost:4611/healthz')],
      ],
    },
  ],
  exitCodes: {
    0: { ko: '멈춤(Ctrl+C)', en: 'stopped (Ctrl+C)' },
    1: { ko: '시작하지 못함', en: 'could not start' },
    2: { ko: '잘못된 사용', en: 'wrong usage' },
  },
  examples: [
    { line: 'sspay sandbox', ko: '.sspay 폴더에', en: 'in the folder .sspay' },
    { line: 'sspay sandbox --data /tmp/sspay-trial', ko: '다른 폴더에', en: 'in another folder' },
  ],
  async run({ values, terminal, language }) {
    return runSandbox(optionsOf(values, terminal.environment), (sandbox) => {
      const { urls, caFile } = sandbox
      terminal.output.write(values.json ? `${JSON.stringify({ urls, caFile })}\n` : describeSandbox(sandbox, language))
    })
  },
})

function portText(name: PortName): LocalizedText {
  const { ko, en, defaultPort } = addresses[name]
  return { ko: `${ko} 포트, 기본 ${defaultPort}`, en: `port of the ${en}, ${defaultPort} by default` }
}

interface SandboxValues {
  readonly data?: string | undefined
  readonly host?: string | undefined
  readonly 'private-networks'?: boolean | undefined
  readonly 'card-timeout'?: string | undefined
}

/** Throws a usage error for an invalid option or variable. */
export function readSandboxOptions(given: readonly string[], environment: Environment): SandboxOptions {
  const read = readCommand(sandboxCommand, given, environment)
  if (read.kind === 'problem') throw new UsageError(read.text)
  return optionsOf(read.kind === 'call' ? read.values : {}, environment)
}

function optionsOf({ data, host, ...values }: SandboxValues, environment: Environment): SandboxOptions {
  const databaseUrl = nonEmpty(environment.SSPAY_DATABASE_URL)
  return {
    dataFolder: resolve(data ?? nonEmpty(environment.SSPAY_DATA) ?? sandboxDefaults.SSPAY_DATA),
    databaseUrl: databaseUrl === undefined ? undefined : new Secret(databaseUrl),
    merchantsFile: nonEmpty(environment.SSPAY_MERCHANTS),
    host: host ?? nonEmpty(environment.SSPAY_HOST) ?? sandboxDefaults.SSPAY_HOST,
    ports: readPorts(environment),
    consoleHosts: readConsoleHosts(environment),
    settings: settingsOf(values),
  }
}

function settingsOf(values: Omit<SandboxValues, 'data' | 'host'>): Partial<Settings> {
  const given = values['card-timeout']
  const cardNetworkTimeoutMs = given === undefined ? undefined : readDuration(given)
  if (given !== undefined && (cardNetworkTimeoutMs ?? 0) <= 0)
    throw new UsageError({ ko: `--card-timeout: ${given}: 3s 처럼 적습니다`, en: `--card-timeout: ${given}: write 3s` })
  return {
    ...(values['private-networks'] === true ? { reachesPrivateNetworks: true } : {}),
    ...(cardNetworkTimeoutMs === undefined ? {} : { cardNetworkTimeoutMs }),
  }
}

function readConsoleHosts({ SSPAY_CONSOLE_HOSTS }: Environment): readonly string[] {
  try {
    return readHostNames('SSPAY_CONSOLE_HOSTS', SSPAY_CONSOLE_HOSTS)
  } catch (cause) {
    throw new UsageError(untranslated(cause instanceof Error ? cause.message : String(cause)))
  }
}

/** Starts the sandbox and runs until SIGINT or SIGTERM. Returns the exit code. */
async function runSandbox(options: SandboxOptions, onStart: (sandbox: Sandbox) => void): Promise<number> {
  const sandbox = await startSandbox(options)
  const stopped = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop())
  })
  onStart(sandbox)
  await stopped
  await sandbox.close()
  return 0
}

export function describeSandbox({ urls, caFile }: Pick<Sandbox, 'urls' | 'caFile'>, language: Language): string {
  const translate = (ko: string, en: string): string => t(language, { ko, en })
  return `
SS-Pay ${translate('샌드박스', 'sandbox')}

${columns(portNames.map((name) => [urls[name], t(language, addresses[name])]))}
${columns([
  [translate('테스트 카드', 'test card'), `${spaced(testCards[0].cardNumber)}  (${urls.console}/sandbox/cards)`],
  [translate('인증번호', 'one-time codes'), `${urls.console}/sandbox/phone`],
  [translate('HTTPS 신뢰', 'trust'), `NODE_EXTRA_CA_CERTS=${caFile}`],
  [translate('재통보를 내 쇼핑몰로', 'notifications to your shop'), 'sspay merchants set ssptest01m --notify-url URL'],
])}
  ${translate('끝내기', 'stop')}: Ctrl+C
`
}
