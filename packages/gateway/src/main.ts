import { constants } from 'node:os'
import type { Context } from './context.ts'
import {
  type Addresses,
  type Environment,
  EnvironmentError,
  readAddresses,
  readNamedFile,
  readPlace,
  readRequestLog,
  readRootKey,
  readSwitch,
  readUrl,
  readWholeNumber,
  requireFolder,
} from './environment.ts'
import { underOwnHost } from './http/own-host.ts'
import { type Listener, type ListenOptions, listen } from './listen.ts'
import type { Log } from './log.ts'
import { saveMerchant } from './merchants/store.ts'
import { type MerchantEntry, readMerchants } from './merchants-file.ts'
import { removeNotificationTarget, saveNotificationTarget } from './notifications/store.ts'
import { defaultSettings, type OpenedGateway, openGateway } from './open-gateway.ts'
import { realRuntime } from './runtime.ts'

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
  SSPAY_CALM_MS           승인 요청이 카드사 시간 말고 게이트웨이에서 보내도 되는 평균 시간(ms). 넘으면 새 승인을 바로 거절(S901)합니다
                          how long an approval may be inside on average, without the card network's time, before new ones
                          are refused at once (50 ms)
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

async function openFromEnvironment(environment: Environment): Promise<OpenedGateway> {
  const { calmMs } = defaultSettings.limits
  const place = readPlace(environment)
  const merchantsFile = environment.SSPAY_MERCHANTS?.trim() ?? ''
  const merchants =
    merchantsFile === '' ? [] : readMerchants(merchantsFile, await readNamedFile(environment, 'SSPAY_MERCHANTS'))
  const options = {
    cardNetworkUrl: readUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
    identityUrl: readUrl(environment, 'SSPAY_IDENTITY_URL'),
    settings: {
      ...defaultSettings,
      limits: {
        ...defaultSettings.limits,
        proxyHops: readWholeNumber(environment, 'SSPAY_PROXY_HOPS', { from: 0, to: 9, fallback: 0 }),
        calmMs: readWholeNumber(environment, 'SSPAY_CALM_MS', { from: 1, to: 99_999, fallback: calmMs }),
      },
      requestLog: readRequestLog(environment),
    },
    hasWorkers: readSwitch(environment, 'SSPAY_WORKERS', 'on'),
  }
  await requireFolder(place)
  return openGateway({
    ...options,
    place,
    async seed(context) {
      for (const entry of merchants) await saveEntry(context, entry)
    },
    // The first start makes one: only when nothing else is wrong.
    rootKey: await readRootKey(environment, place),
    logDestination: 'stdout',
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

async function openListeners(
  gateway: OpenedGateway,
  { host, tls, ports, consoleHosts }: Addresses,
): Promise<readonly Listener[]> {
  const { fetch, around } = gateway
  const wanted = [
    { fetch, around, port: ports.gateway, variable: 'SSPAY_GATEWAY_PORT' },
    ...(tls ? [{ fetch, around, port: ports.gatewayTls, variable: 'SSPAY_GATEWAY_TLS_PORT', tls }] : []),
    { fetch: underOwnHost(gateway.console, consoleHosts), port: ports.console, variable: 'SSPAY_CONSOLE_PORT' },
  ]
  const opened: Listener[] = []
  try {
    for (const { variable, ...one } of wanted) opened.push(await listenAt({ ...one, host }, variable))
    return opened
  } catch (cause) {
    await Promise.all(opened.map((listener) => listener.close()))
    throw cause
  }
}

/** A port that is taken or not allowed is named with its variable. */
const listenAt = (options: ListenOptions, variable: string): Promise<Listener> =>
  listen(options).catch((cause: NodeJS.ErrnoException) => {
    const place = `${options.host}:${options.port}`
    const why = cause.code ?? cause.message
    throw new Error(
      `${variable}, SSPAY_HOST: ${place}에서 받을 수 없습니다(${why}).\n${variable}, SSPAY_HOST: cannot listen at ${place} (${why})`,
      { cause },
    )
  })

async function start(environment: Environment): Promise<void> {
  const drainMs = 1_000 * readWholeNumber(environment, 'SSPAY_DRAIN_SECONDS', { from: 0, to: 999, fallback: 0 })
  const addresses = await readAddresses(environment)
  const gateway = await openFromEnvironment(environment)
  const { log } = gateway.context
  let listeners: readonly Listener[]
  try {
    listeners = await openListeners(gateway, addresses)
  } catch (cause) {
    await gateway.close()
    throw cause
  }

  const stop = async (signal: string): Promise<void> => {
    log.info('stopping', { signal })
    // Whoever is told twice is not asked to wait.
    for (const again of signals) process.once(again, () => endAtOnce(log, again))
    gateway.drain()
    await new Promise<void>((resolve) => void realRuntime.schedule(drainMs, resolve))
    await Promise.all(listeners.map((listener) => listener.close()))
    await gateway.close()
    log.info('stopped')
  }
  for (const signal of signals) process.once(signal, () => void stop(signal))
  // Last: whoever reads an address may stop this process at once.
  for (const { url } of listeners) log.info('listening', { url })
}

/** Ends as a process does that the signal has killed: 128 and its number. */
function endAtOnce(log: Log, signal: (typeof signals)[number]): never {
  log.warn('stopped_at_once', { signal })
  process.exit(128 + constants.signals[signal])
}

if (process.argv[2] === 'archive') {
  const { runArchive } = await import('./archive-command.ts')
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
    process.exitCode = cause instanceof EnvironmentError ? 2 : 1
  }
}
