import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runArchive } from './archive-command.ts'
import type { Context, Settings } from './context.ts'
import { readHostNames, underOwnHost } from './http/own-host.ts'
import { type Listener, listen } from './listen.ts'
import { saveMerchant } from './merchants/store.ts'
import { type MerchantEntry, readMerchants } from './merchants-file.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { defaultSettings, type OpenedGateway, openGateway, usualRequestLog } from './open-gateway.ts'
import { isRootKey, openRootKey } from './root-key.ts'
import { realRuntime } from './runtime.ts'
import { Secret } from './secret.ts'
import { databaseFileIn, type StoragePlace } from './storage/open-storage.ts'
import { addressesOf } from './storage/postgres-pool.ts'

const help = `sspay-gateway: SS-Pay 간편결제 게이트웨이 / the SS-Pay payment gateway

환경 변수 / environment
  SSPAY_DATA              데이터 폴더(필수) / data folder (required)
  SSPAY_DATABASE_URL      SQLite 대신 PostgreSQL: postgres://사용자:암호@호스트:포트/데이터베이스. 게이트웨이 여럿이 함께 씁니다
                          호스트가 여럿이면 쉼표로 구분. SSPAY_DATA 대신 쓰며 SSPAY_ROOT_KEY가 필요합니다
                          PostgreSQL in place of the data folder, shared by many gateways; several hosts with commas;
                          needs SSPAY_ROOT_KEY or SSPAY_ROOT_KEY_FILE, the same for all
  SSPAY_DATABASE_CONNECTIONS  연결 수 / connections of this process (10)
  SSPAY_CARD_NETWORK_URL  카드망 주소(필수) / card network (required)
  SSPAY_IDENTITY_URL      본인인증 주소(필수) / identity verification (required)
  SSPAY_MERCHANTS         상점 목록 JSON 파일 / JSON file of merchants, saved at start
                          상점마다 allowedOrigins(돌아갈 주소와 결제창을 여는 페이지) 필수
                          each needs allowedOrigins: where its window returns to, and the pages that show it
                          interestFree: 무이자 할부 규칙(선택) / instalments free of interest (optional)
  SSPAY_HOST              수신 주소 / address to listen on (127.0.0.1)
  SSPAY_GATEWAY_PORT      HTTP 포트 / HTTP port (4610)
  SSPAY_GATEWAY_TLS_PORT  HTTPS 포트 / HTTPS port (4611, with a key and a certificate)
  SSPAY_TLS_KEY           개인키 PEM 파일 / private key, PEM file
  SSPAY_TLS_CERT          인증서 PEM 파일 / certificate chain, PEM file
  SSPAY_CONSOLE_PORT      관리 화면 포트(외부에 열지 마십시오) / console port, keep it private (4620)
  SSPAY_CONSOLE_HOSTS     관리 화면을 여는 호스트 이름, 쉼표로 구분. IP 주소와 localhost는 항상 열립니다
                          names to open the console by, separated by commas; IP addresses and localhost always do
  SSPAY_PROXY_HOPS        X-Forwarded-For를 덧붙이는 앞단 프록시 수 / proxies in front that append X-Forwarded-For (0)
  SSPAY_REQUEST_LOG       콘솔의 요청 로그: off, on(7일, 50,000건까지) 또는 일수,건수. 개인정보는 가리고 남깁니다
                          the console's request log: off, on (7 days, 50,000 calls) or days,calls; masked (off)
  SSPAY_WORKERS           off: 재통보와 미확정 결제 확인은 같은 데이터베이스의 다른 프로세스가 합니다 (on)
                          off: notices and open payments are left to other processes on the same database (on)
  SSPAY_DRAIN_SECONDS     SIGTERM 뒤에 /readyz가 503을 답하며 요청을 계속 받는 시간 / how long after SIGTERM requests are
                          still taken while /readyz answers 503 (0)
  SSPAY_ROOT_KEY          64자리 16진수 루트 키 / root key, 64 hexadecimal characters
  SSPAY_ROOT_KEY_FILE     루트 키 파일 / root key file (<SSPAY_DATA>/keys/root.key, made on first start)

오래된 결제를 파일로 옮기기 / moving old payments into files
  sspay-gateway archive --help

개인정보와 카드번호는 루트 키로 봉인합니다. 데이터베이스와 따로 백업하십시오.
Everything personal is sealed with the root key: back it up apart from the database.
`

const signals = ['SIGTERM', 'SIGINT'] as const

type Environment = Readonly<Record<string, string | undefined>>

function required(environment: Environment, name: string): string {
  const value = environment[name]?.trim() ?? ''
  if (value === '') throw new Error(`${name} 환경 변수가 없습니다. ${name} is not set; see sspay-gateway --help.`)
  return value
}

function readPort(environment: Environment, name: string, fallback: number): number {
  const value = environment[name]?.trim() || String(fallback)
  if (!/^[0-9]{1,5}$/.test(value) || Number(value) > 65_535) throw new Error(`${name} is not a port: ${value}`)
  return Number(value)
}

function readProxyHops(environment: Environment): number {
  const value = environment.SSPAY_PROXY_HOPS?.trim() || '0'
  if (!/^[0-9]$/.test(value)) throw new Error(`SSPAY_PROXY_HOPS is not a number from 0 to 9: ${value}`)
  return Number(value)
}

function readDrainMs(environment: Environment): number {
  const value = environment.SSPAY_DRAIN_SECONDS?.trim() || '0'
  if (!/^[0-9]{1,3}$/.test(value)) throw new Error(`SSPAY_DRAIN_SECONDS is not a number from 0 to 999: ${value}`)
  return Number(value) * 1_000
}

function readWorkers(environment: Environment): boolean {
  const value = environment.SSPAY_WORKERS?.trim() || 'on'
  if (value !== 'on' && value !== 'off') throw new Error(`SSPAY_WORKERS is neither on nor off: ${value}`)
  return value === 'on'
}

function readRequestLog(environment: Environment): Settings['requestLog'] {
  const value = environment.SSPAY_REQUEST_LOG?.trim() || 'off'
  if (value === 'off') return 'off'
  if (value === 'on') return usualRequestLog
  const [, days, calls] = /^([1-9][0-9]{0,2}),([1-9][0-9]{0,6})$/.exec(value) ?? []
  if (days === undefined || calls === undefined)
    throw new Error(`SSPAY_REQUEST_LOG is neither off nor on nor days,calls (7,50000): ${value}`)
  return { keepMs: Number(days) * 24 * 60 * 60_000, mostRows: Number(calls) }
}

function readUrl(environment: Environment, name: string): string {
  const value = required(environment, name)
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new Error(`${name} is not an http(s) address: ${value}`)
  return value.replace(/\/+$/, '')
}

function readPlace(environment: Environment): StoragePlace {
  const url = environment.SSPAY_DATABASE_URL?.trim() ?? ''
  if (url === '') return { dataFolder: required(environment, 'SSPAY_DATA') }
  try {
    addressesOf(url)
  } catch (cause) {
    throw new Error('SSPAY_DATABASE_URL is not postgres://user:password@host:port/database.', { cause })
  }
  const connections = environment.SSPAY_DATABASE_CONNECTIONS?.trim() || '10'
  if (!/^[1-9][0-9]{0,2}$/.test(connections)) throw new Error('SSPAY_DATABASE_CONNECTIONS is a number from 1 to 999.')
  return { databaseUrl: new Secret(url), connections: Number(connections) }
}

async function readRootKey(environment: Environment, place: StoragePlace): Promise<Secret> {
  const given = environment.SSPAY_ROOT_KEY?.trim() ?? ''
  if (given !== '' && !isRootKey(given)) throw new Error('SSPAY_ROOT_KEY must be 64 lower-case hexadecimal characters.')
  if (given !== '') return new Secret(given)
  const namedFile = environment.SSPAY_ROOT_KEY_FILE?.trim() ?? ''
  if ('databaseUrl' in place) {
    if (namedFile === '' || !existsSync(namedFile))
      throw new Error(
        'SSPAY_ROOT_KEY, or SSPAY_ROOT_KEY_FILE, must be set with SSPAY_DATABASE_URL: all gateways share it.',
      )
    return openRootKey(realRuntime, namedFile)
  }
  const keyFile = namedFile || join(place.dataFolder, 'keys', 'root.key')
  const databaseFile = databaseFileIn(place.dataFolder)
  if (existsSync(databaseFile) && !existsSync(keyFile)) {
    throw new Error(`${keyFile} is missing, but ${databaseFile} was sealed with it: put the key file back.`)
  }
  return openRootKey(realRuntime, keyFile)
}

async function readTls(environment: Environment): Promise<{ readonly key: string; readonly cert: string } | undefined> {
  if (!environment.SSPAY_TLS_KEY && !environment.SSPAY_TLS_CERT) return undefined
  const [key, cert] = await Promise.all([
    readFile(required(environment, 'SSPAY_TLS_KEY'), 'utf8'),
    readFile(required(environment, 'SSPAY_TLS_CERT'), 'utf8'),
  ])
  return { key, cert }
}

async function openFromEnvironment(environment: Environment): Promise<OpenedGateway> {
  const place = readPlace(environment)
  const cardNetworkUrl = readUrl(environment, 'SSPAY_CARD_NETWORK_URL')
  const identityUrl = readUrl(environment, 'SSPAY_IDENTITY_URL')
  const merchantsFile = environment.SSPAY_MERCHANTS?.trim() ?? ''
  const merchants = merchantsFile === '' ? [] : await readMerchants(merchantsFile)
  return openGateway({
    place,
    cardNetworkUrl,
    identityUrl,
    async seed(context) {
      for (const entry of merchants) await saveEntry(context, entry)
    },
    rootKey: await readRootKey(environment, place),
    settings: {
      ...defaultSettings,
      limits: { ...defaultSettings.limits, proxyHops: readProxyHops(environment) },
      requestLog: readRequestLog(environment),
    },
    logDestination: 'stdout',
    hasWorkers: readWorkers(environment),
  })
}

async function saveEntry(
  context: Pick<Context, 'storage' | 'keyRing'>,
  { merchant, notificationTarget }: MerchantEntry,
): Promise<void> {
  await saveMerchant(context, merchant)
  if (notificationTarget === undefined) await removeNotificationTarget(context, merchant.merchantId)
  else await saveNotificationTarget(context, notificationTarget)
}

async function openListeners(gateway: OpenedGateway, environment: Environment): Promise<readonly Listener[]> {
  const host = environment.SSPAY_HOST?.trim() || '127.0.0.1'
  const tls = await readTls(environment)
  const consoleHosts = readHostNames('SSPAY_CONSOLE_HOSTS', environment.SSPAY_CONSOLE_HOSTS)
  const wanted = [
    { fetch: gateway.fetch, port: readPort(environment, 'SSPAY_GATEWAY_PORT', 4610) },
    ...(tls ? [{ fetch: gateway.fetch, port: readPort(environment, 'SSPAY_GATEWAY_TLS_PORT', 4611), tls }] : []),
    { fetch: underOwnHost(gateway.console, consoleHosts), port: readPort(environment, 'SSPAY_CONSOLE_PORT', 4620) },
  ]
  const opened: Listener[] = []
  try {
    for (const one of wanted) opened.push(await listen({ ...one, host }))
    return opened
  } catch (cause) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw cause
  }
}

async function start(environment: Environment): Promise<void> {
  const drainMs = readDrainMs(environment)
  const gateway = await openFromEnvironment(environment)
  const { log } = gateway.context
  let listeners: readonly Listener[]
  try {
    listeners = await openListeners(gateway, environment)
  } catch (cause) {
    await gateway.close()
    throw cause
  }
  for (const { url } of listeners) log.info('listening', { url })

  const stop = async (signal: string): Promise<void> => {
    log.info('stopping', { signal })
    // Whoever is told twice is not asked to wait.
    for (const again of signals) process.once(again, () => process.exit(1))
    gateway.drain()
    await new Promise<void>((resolve) => void realRuntime.schedule(drainMs, resolve))
    await Promise.all(listeners.map((listener) => listener.close()))
    await gateway.close()
    log.info('stopped')
  }
  for (const signal of signals) process.once(signal, () => void stop(signal))
}

if (process.argv[2] === 'archive') {
  process.exitCode = await runArchive(process.argv.slice(3), {
    runtime: realRuntime,
    place: () => readPlace(process.env),
    write: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(text),
  })
} else if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(help)
} else {
  try {
    await start(process.env)
  } catch (cause) {
    process.stderr.write(`sspay-gateway: ${cause instanceof Error ? cause.message : 'could not start'}\n`)
    process.exitCode = 1
  }
}
