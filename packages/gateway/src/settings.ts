import type { LocalizedText } from '@sspay/protocol'
import { groupThousands } from '@sspay/protocol/internal'
import { defaultLimits } from './admission/limits.ts'
import type { Settings } from './context.ts'

/**
 * One environment variable of `sspay-gateway`, with the default of SSPAY_…; `ko` and `en` are its help text. Settings
 * without a variable, such as the time limit of an approval ticket, have their defaults in `defaultSettings` below.
 */
export interface Setting extends LocalizedText {
  readonly type: 'text' | 'url' | 'folder' | 'file' | 'number' | 'switch'
  readonly default?: string | number
  readonly unit?: 'ms' | 's' | 'days'
  readonly isRequired?: boolean
  /** Range of a number. */
  readonly from?: number
  readonly to?: number
}

const dayMs = 24 * 60 * 60_000

export const requestLogOn = { days: 7, calls: 50_000 } as const

const callsWritten = groupThousands(requestLogOn.calls)

/** Values of SSPAY_ALLOW_UNSAFE; see `unsafe-settings.ts`. */
export const unsafeSettingNames = [
  'plain-card-network',
  'plain-identity',
  'password-in-url',
  'plain-window',
  'test-merchant-key',
  'weak-merchant-key',
  'weak-cancel-password',
  'readable-merchants-file',
  'readable-key-files',
  'readable-root-key-file',
  'open-data-folder',
] as const

export type UnsafeSettingName = (typeof unsafeSettingNames)[number]

const unsafeNames = `${unsafeSettingNames.slice(0, 6).join(', ')},
${unsafeSettingNames.slice(6).join(', ')}`

const port = { type: 'number', from: 0, to: 65_535 } as const

/** Every environment variable of `sspay-gateway`, in the order of `--help`; readers, help and docs use this table. */
export const settingsTable = {
  SSPAY_DATA: { type: 'folder', isRequired: true, ko: '데이터 폴더', en: 'data folder' },
  SSPAY_DATABASE_URL: {
    type: 'url',
    ko: `SQLite 대신 PostgreSQL: postgres://사용자:암호@호스트:포트/데이터베이스. 게이트웨이 여럿이 함께 씁니다
호스트가 여럿이면 쉼표로 구분. SSPAY_DATA 대신 쓰며 SSPAY_ROOT_KEY가 필요합니다`,
    en: `PostgreSQL in place of the data folder, shared by many gateways; several hosts with commas;
needs SSPAY_ROOT_KEY or SSPAY_ROOT_KEY_FILE, the same for all`,
  },
  SSPAY_DATABASE_CONNECTIONS: {
    type: 'number',
    default: 10,
    from: 1,
    to: 999,
    ko: '연결 수',
    en: 'connections of this process',
  },
  SSPAY_CARD_NETWORK_URL: { type: 'url', isRequired: true, ko: '카드망 주소', en: 'card network' },
  SSPAY_CARD_NETWORK_TOKEN_FILE: {
    type: 'file',
    ko: '카드망에 Authorization: Bearer로 보내는 토큰 파일',
    en: 'file with the token sent to the card network as Authorization: Bearer',
  },
  SSPAY_CARD_NETWORK_TLS_CERT: {
    type: 'file',
    ko: '카드망에 내는 클라이언트 인증서 PEM 파일',
    en: 'client certificate for the card network, PEM file',
  },
  SSPAY_CARD_NETWORK_TLS_KEY: { type: 'file', ko: '그 개인키 PEM 파일', en: 'its private key, PEM file' },
  SSPAY_CARD_NETWORK_CA: {
    type: 'file',
    ko: '카드망 서버 인증서를 발급한 CA의 PEM 파일. 있으면 이 CA만 믿습니다',
    en: 'CA that issued the certificate of the card network, PEM file; no other is trusted then',
  },
  SSPAY_IDENTITY_URL: { type: 'url', isRequired: true, ko: '본인인증 주소', en: 'identity verification' },
  SSPAY_IDENTITY_TOKEN_FILE: {
    type: 'file',
    ko: '본인인증에 Authorization: Bearer로 보내는 토큰 파일',
    en: 'file with the token sent to identity verification as Authorization: Bearer',
  },
  SSPAY_IDENTITY_TLS_CERT: {
    type: 'file',
    ko: '본인인증에 내는 클라이언트 인증서 PEM 파일',
    en: 'client certificate for identity verification, PEM file',
  },
  SSPAY_IDENTITY_TLS_KEY: { type: 'file', ko: '그 개인키 PEM 파일', en: 'its private key, PEM file' },
  SSPAY_IDENTITY_CA: {
    type: 'file',
    ko: '본인인증 서버 인증서를 발급한 CA의 PEM 파일. 있으면 이 CA만 믿습니다',
    en: 'CA that issued the certificate of identity verification, PEM file; no other is trusted then',
  },
  SSPAY_MERCHANTS: {
    type: 'file',
    ko: `상점 목록 JSON 파일. 시작할 때와 SIGHUP을 받을 때 저장합니다
상점마다 allowedOrigins(돌아갈 주소와 결제창을 여는 페이지) 필수, interestFree(무이자 할부 규칙) 선택`,
    en: `JSON file of merchants, saved at start and on SIGHUP
each needs allowedOrigins: where its window returns to, and the pages that show it
interestFree: instalments free of interest, optional`,
  },
  SSPAY_HOST: { type: 'text', default: '127.0.0.1', ko: '수신 주소', en: 'address to listen on' },
  SSPAY_GATEWAY_PORT: {
    ...port,
    default: 4610,
    ko: 'HTTP 포트. off면 열지 않습니다. 구매자의 입력은 이 기기나 SSPAY_PROXY_HOPS의 프록시가 HTTPS로 받은 것만 받습니다',
    en: `HTTP port, or off; what buyers type is taken from this machine only, or from the proxies of SSPAY_PROXY_HOPS
that say they got it over HTTPS`,
  },
  SSPAY_GATEWAY_TLS_PORT: {
    ...port,
    default: 4611,
    ko: 'HTTPS 포트. 키와 인증서가 있을 때만 엽니다',
    en: 'HTTPS port, with a key and a certificate only',
  },
  SSPAY_TLS_KEY: { type: 'file', ko: '개인키 PEM 파일', en: 'private key, PEM file' },
  SSPAY_TLS_CERT: { type: 'file', ko: '인증서 PEM 파일', en: 'certificate chain, PEM file' },
  SSPAY_PUBLIC_HOSTS: {
    type: 'text',
    ko: `결제창을 여는 호스트 이름, 쉼표로 구분. 없으면 인증서의 이름
둘 다 없으면 모든 이름으로 열리지만 패스키는 쓸 수 없습니다`,
    en: `host names of the payment window, separated by commas; those of the certificate without it
without either any name opens it, and there are no passkeys`,
  },
  SSPAY_CONSOLE_PORT: {
    ...port,
    default: 4620,
    ko: '콘솔 포트. 외부에 열지 마세요',
    en: 'console port, keep it private',
  },
  SSPAY_CONSOLE_HOST: {
    type: 'text',
    default: '127.0.0.1',
    ko: '콘솔의 수신 주소. 루프백이 아니면 SSPAY_CONSOLE_BEHIND_LOGIN이 필요합니다',
    en: 'address that the console listens on; other than loopback it needs SSPAY_CONSOLE_BEHIND_LOGIN',
  },
  SSPAY_CONSOLE_BEHIND_LOGIN: {
    type: 'switch',
    default: 'off',
    ko: 'on: 콘솔 앞에서 로그인이나 방화벽이 막고 있습니다. 콘솔에는 로그인이 없습니다',
    en: 'on: a login or a firewall stands in front of the console, which has no login itself',
  },
  SSPAY_CONSOLE_HOSTS: {
    type: 'text',
    ko: '콘솔을 여는 호스트 이름과 IPv4 주소, 쉼표로 구분. localhost와 루프백 주소는 항상 열립니다',
    en: 'host names and IPv4 addresses of the console, separated by commas; localhost and loopback addresses always open it',
  },
  SSPAY_CONSOLE_USER_HEADER: {
    type: 'text',
    ko: '콘솔 앞의 로그인 프록시가 사용자 이름을 적는 헤더. 콘솔에서 한 일의 로그에 남깁니다',
    en: 'header in which a login proxy in front of the console names the user; logged with what is done there',
  },
  SSPAY_PROXY_HOPS: {
    type: 'number',
    default: defaultLimits.proxyHops,
    from: 0,
    to: 9,
    ko: 'X-Forwarded-For를 덧붙이는 앞단 프록시 수',
    en: 'proxies in front that append X-Forwarded-For',
  },
  SSPAY_LATENCY_TARGET_MS: {
    type: 'number',
    default: defaultLimits.targetLatencyMs,
    unit: 'ms',
    from: 1,
    to: 99_999,
    ko: '카드사 시간을 빼고 승인 하나가 게이트웨이에 머물러도 되는 평균 시간(ms). 넘으면 동시 처리 수를 줄이고 나머지는 S901로 돌려보냅니다',
    en: `average time of an approval in the gateway, without the card network's time; above it fewer are worked on
at once and the others are shed with S901`,
  },
  SSPAY_REQUEST_LOG: {
    type: 'text',
    default: 'off',
    ko: `콘솔의 요청 로그: off, on(${requestLogOn.days}일, ${callsWritten}건까지) 또는 일수,건수. 개인정보는 가리고 남깁니다`,
    en: `the console's request log: off, on (${requestLogOn.days} days, ${callsWritten} calls) or days,calls; masked`,
  },
  SSPAY_LOG_LEVEL: {
    type: 'text',
    default: 'info',
    ko: '로그에 남기는 것: info, warn 또는 error. 보안 이벤트와 시작, 다시 읽기, 종료는 항상 남깁니다',
    en: 'what is logged: info, warn or error; security events, start, reload and stop always are',
  },
  SSPAY_LOG_LEVEL_FILE: {
    type: 'file',
    ko: 'SSPAY_LOG_LEVEL 대신 그 값이 든 파일. SIGHUP을 받으면 다시 읽으며, 없어도 됩니다',
    en: 'file with that value instead of SSPAY_LOG_LEVEL, read again on SIGHUP; it may be missing',
  },
  SSPAY_UNAUTHENTICATED_DAYS: {
    type: 'number',
    default: 7,
    unit: 'days',
    from: 1,
    to: 9_999,
    ko: '구매자가 인증하지 않고 끝난 결제를 지우기까지의 일수. 청구된 것이 없는 결제입니다',
    en: 'after how many days a payment is deleted whose buyer never authenticated; nothing was charged',
  },
  SSPAY_WORKERS: {
    type: 'switch',
    default: 'on',
    ko: 'off: 재통보와 미확정 결제 확인은 같은 데이터베이스의 다른 프로세스가 합니다',
    en: 'off: other processes on the same database send notifications and resolve indeterminate payments',
  },
  SSPAY_DRAIN_SECONDS: {
    type: 'number',
    default: 0,
    unit: 's',
    from: 0,
    to: 999,
    ko: 'SIGTERM 뒤에 /readyz가 503을 답하며 요청을 계속 받는 시간(초)',
    en: 'how long after SIGTERM requests are still taken while /readyz answers 503',
  },
  SSPAY_ROOT_KEY: {
    type: 'text',
    ko: '64자리 16진수 루트 키. 교체하는 동안에는 쉼표로 여럿: 첫째로 암호화하고 모두로 읽습니다',
    en: 'root key, 64 hexadecimal characters; while it is replaced several with commas: the first encrypts, all decrypt',
  },
  SSPAY_ROOT_KEY_FILE: {
    type: 'file',
    default: '<SSPAY_DATA>/keys/root.key',
    ko: '루트 키 파일. 처음 시작할 때 만듭니다. 키를 교체하는 동안에는 여러 키를 한 줄에 하나씩 적습니다',
    en: 'root key file, created on first start; during a key rotation it holds several keys, one per line',
  },
  SSPAY_SERVICE_NAME: {
    type: 'text',
    default: 'SS-Pay',
    ko: '결제창 아래에 구매자에게 보이는 결제 서비스 이름',
    en: 'name of the payment service, shown to buyers at the foot of the window',
  },
  SSPAY_SERVICE_PHONE: {
    type: 'text',
    ko: '결제창 아래에 구매자에게 보이는 고객센터 전화번호. 없으면 보이지 않습니다',
    en: 'phone number of customer care, shown to buyers at the foot of the window; none without it',
  },
  SSPAY_ALLOW_UNSAFE: {
    type: 'text',
    ko: `위험해서 시작을 막는 설정 가운데 알고도 쓰는 것, 쉼표로 구분
${unsafeNames}`,
    en: `dangerous settings with which it would not start, and which are used all the same, separated by commas
${unsafeNames}`,
  },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof settingsTable

/** Names of the settings of one type. */
export type SettingOf<Type extends Setting['type']> = {
  [Name in SettingName]: (typeof settingsTable)[Name]['type'] extends Type ? Name : never
}[SettingName]

/** The defaults of {@link Settings}. Those with an environment variable are rows of `settingsTable`. */
export const defaultSettings: Settings = {
  windowLifeMs: 30 * 60_000,
  ticketLifeMs: 10 * 60_000,
  keypadLifeMs: 3 * 60_000,
  identityCodeLifeMs: 3 * 60_000,
  cardNetworkTimeoutMs: 7_000,
  reverseAfterMs: 60_000,
  identityTimeoutMs: 5_000,
  notificationTimeoutMs: 10_000,
  answerReplayMs: dayMs,
  bodyLimitBytes: 64 * 1024,
  limits: defaultLimits,
  keepUnauthenticatedMs: settingsTable.SSPAY_UNAUTHENTICATED_DAYS.default * dayMs,
  consoleUserHeader: undefined,
  requestLog: settingsTable.SSPAY_REQUEST_LOG.default,
  service: { name: settingsTable.SSPAY_SERVICE_NAME.default, phone: '' },
  isSandbox: false,
}

/** The request log when it is `on`: a week, about 100 MB. */
export const usualRequestLog = { keepMs: requestLogOn.days * dayMs, mostRows: requestLogOn.calls } as const
