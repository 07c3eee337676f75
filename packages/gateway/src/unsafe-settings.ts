import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { LocalizedText } from '@sspay/protocol'
import { type Environment, EnvironmentError, readUrl, rootKeyFileOf, textOf } from './environment.ts'
import { keysOf } from './merchants/keys.ts'
import { isOrderly } from './merchants/new-secrets.ts'
import type { MerchantEntry } from './merchants-file.ts'
import { isLoopbackHost } from './network-address.ts'
import type { Addresses } from './read-addresses.ts'
import { type SettingName, type UnsafeSettingName, unsafeSettingNames } from './settings.ts'
import type { StoragePlace } from './storage/open-storage.ts'

export interface GivenSettings {
  readonly environment: Environment
  readonly place: StoragePlace
  readonly addresses: Pick<Addresses, 'host' | 'tls' | 'ports'>
  readonly proxyHops: number
  readonly merchants: readonly MerchantEntry[]
}

interface UnsafeUse {
  readonly setting: SettingName
  /** A file, a merchant or an address; not secret. */
  readonly what: string
}

interface UnsafeSetting {
  readonly danger: LocalizedText
  readonly cure: LocalizedText
  find(given: GivenSettings): Promise<readonly UnsafeUse[]> | readonly UnsafeUse[]
}

const useHttps: LocalizedText = { ko: 'https:// 주소를 쓰세요', en: 'use an https:// address' }

/** Settings that the gateway rejects outside a sandbox unless SSPAY_ALLOW_UNSAFE names them. */
export const unsafeSettings: Readonly<Record<UnsafeSettingName, UnsafeSetting>> = {
  'plain-card-network': {
    danger: { ko: '카드번호가 암호화되지 않고 나갑니다', en: 'sends card numbers unencrypted' },
    cure: useHttps,
    find: ({ environment }) => plainUrl(environment, 'SSPAY_CARD_NETWORK_URL'),
  },
  'plain-identity': {
    danger: { ko: '이름과 생년월일, 휴대폰 번호가 암호화되지 않고 나갑니다', en: 'sends identity data unencrypted' },
    cure: useHttps,
    find: ({ environment }) => plainUrl(environment, 'SSPAY_IDENTITY_URL'),
  },
  'password-in-url': {
    danger: { ko: '주소의 암호는 로그와 오류에 남습니다', en: 'holds a password, which logs and errors may show' },
    cure: { ko: '…_TOKEN_FILE이나 클라이언트 인증서를 쓰세요', en: 'use its token file or a client certificate' },
    find: ({ environment }) =>
      (['SSPAY_CARD_NETWORK_URL', 'SSPAY_IDENTITY_URL'] as const).flatMap((setting) => {
        const { username, password, host } = new URL(readUrl(environment, setting))
        return username === '' && password === '' ? [] : [{ setting, what: host }]
      }),
  },
  'plain-window': {
    danger: {
      ko: '다른 기기의 구매자가 암호화되지 않은 연결로 카드번호를 입력하게 됩니다',
      en: 'lets buyers on other machines type card numbers over plain HTTP',
    },
    cure: {
      ko: 'SSPAY_TLS_KEY와 SSPAY_TLS_CERT를 설정하거나, 앞의 프록시가 HTTPS를 끝내면 SSPAY_PROXY_HOPS를 설정하세요',
      en: 'set SSPAY_TLS_KEY and SSPAY_TLS_CERT, or SSPAY_PROXY_HOPS where proxies in front end TLS',
    },
    find: ({ addresses: { host, tls, ports }, proxyHops }) =>
      ports.gateway === undefined || tls !== undefined || proxyHops > 0 || isLoopbackHost(host)
        ? []
        : [{ setting: 'SSPAY_HOST', what: host }],
  },
  'test-merchant-key': {
    danger: { ko: '누구나 아는 테스트 상점키입니다', en: 'has a merchant key that is published for tests' },
    cure: { ko: '새 상점키를 발급하세요', en: 'issue a new merchant key' },
    find: ({ merchants }) =>
      usesOf(merchants, ({ merchant }) => keysOf(merchant).some((key) => publicKeys.has(sha256(key)))),
  },
  'weak-merchant-key': {
    danger: { ko: '짐작할 수 있는 상점키입니다', en: 'has a merchant key that can be guessed' },
    cure: {
      ko: '무작위로 만든 상점키를 쓰세요. 예: openssl rand -base64 64',
      en: 'use a random merchant key, such as openssl rand -base64 64',
    },
    find: ({ merchants }) => usesOf(merchants, ({ merchant }) => keysOf(merchant).some(isPredictable)),
  },
  'weak-cancel-password': {
    danger: { ko: '짐작할 수 있는 취소 비밀번호입니다', en: 'has a cancel password that can be guessed' },
    cure: { ko: '무작위 숫자 6자리를 쓰세요', en: 'use six random digits' },
    find: ({ merchants }) => usesOf(merchants, ({ merchant }) => isOrderly(merchant.cancelPassword.expose())),
  },
  'readable-merchants-file': {
    danger: {
      ko: '상점키가 든 파일을 다른 사용자가 읽을 수 있습니다',
      en: 'holds merchant keys, and others may read it',
    },
    cure: { ko: 'chmod 600', en: 'run chmod 600' },
    find: ({ environment }) => openFiles(environment, ['SSPAY_MERCHANTS']),
  },
  'readable-key-files': {
    danger: {
      ko: '키나 토큰이 든 파일을 다른 사용자가 읽을 수 있습니다',
      en: 'holds a key or token, and others may read it',
    },
    cure: { ko: 'chmod 600', en: 'run chmod 600' },
    find: ({ environment }) =>
      openFiles(environment, [
        ...(['SSPAY_TLS_KEY', 'SSPAY_CARD_NETWORK_TLS_KEY', 'SSPAY_IDENTITY_TLS_KEY'] as const),
        ...(['SSPAY_CARD_NETWORK_TOKEN_FILE', 'SSPAY_IDENTITY_TOKEN_FILE'] as const),
      ]),
  },
  'readable-root-key-file': {
    danger: { ko: '루트 키 파일을 다른 사용자가 읽을 수 있습니다', en: 'holds the root key, and others may read it' },
    cure: { ko: 'chmod 600', en: 'run chmod 600' },
    async find({ environment, place }) {
      const file = rootKeyFileOf(environment, place)
      const isUsed = file !== undefined && textOf(environment, 'SSPAY_ROOT_KEY') === ''
      return isUsed && (await isOpenTo(file, 0o077)) ? [{ setting: 'SSPAY_ROOT_KEY_FILE', what: file }] : []
    },
  },
  'open-data-folder': {
    danger: { ko: '다른 사용자가 데이터 폴더에 쓸 수 있습니다', en: 'is a folder that others may write to' },
    cure: { ko: 'chmod 700', en: 'run chmod 700' },
    find: async ({ place }) =>
      'dataFolder' in place && (await isOpenTo(place.dataFolder, 0o022))
        ? [{ setting: 'SSPAY_DATA', what: place.dataFolder }]
        : [],
  },
}

/** The names in SSPAY_ALLOW_UNSAFE. */
export function readAllowedUnsafe(environment: Environment): ReadonlySet<UnsafeSettingName> {
  const setting = 'SSPAY_ALLOW_UNSAFE'
  const names = textOf(environment, setting)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const unknown = names.find((name) => !(unsafeSettingNames as readonly string[]).includes(name))
  if (unknown === undefined) return new Set(names as UnsafeSettingName[])
  const known = unsafeSettingNames.join(', ')
  throw new EnvironmentError(setting, `다음 이름만 쓸 수 있습니다: ${known}`, `may name only: ${known}`, unknown)
}

export const rootKeyOptionsOf = (allowed: ReadonlySet<UnsafeSettingName>): { readonly isReadableAllowed: boolean } => ({
  isReadableAllowed: allowed.has('readable-root-key-file'),
})

export interface AllowedUse extends UnsafeUse {
  readonly name: UnsafeSettingName
}

/**
 * The unsafe settings in use that are allowed.
 *
 * @throws EnvironmentError for the first one that is not allowed
 */
export async function requireSafeSettings(
  given: GivenSettings,
  allowed: ReadonlySet<UnsafeSettingName>,
): Promise<readonly AllowedUse[]> {
  const uses: AllowedUse[] = []
  for (const name of unsafeSettingNames) {
    const found = (await unsafeSettings[name].find(given)).map((use) => ({ ...use, name }))
    if (found[0] !== undefined && !allowed.has(name)) throw errorOf(found[0])
    uses.push(...found)
  }
  return uses
}

function errorOf({ name, setting, what }: AllowedUse): EnvironmentError {
  const { danger, cure } = unsafeSettings[name]
  return new EnvironmentError(
    setting,
    `${danger.ko}. ${cure.ko}. 알고도 쓰려면 SSPAY_ALLOW_UNSAFE=${name}`,
    `${danger.en}: ${cure.en}. To start all the same set SSPAY_ALLOW_UNSAFE=${name}`,
    what,
  )
}

type UrlSetting = 'SSPAY_CARD_NETWORK_URL' | 'SSPAY_IDENTITY_URL'

function plainUrl(environment: Environment, setting: UrlSetting): readonly UnsafeUse[] {
  const { protocol, hostname, host } = new URL(readUrl(environment, setting))
  return protocol === 'http:' && !isLoopbackHost(hostname) ? [{ setting, what: `http://${host}` }] : []
}

const usesOf = (
  merchants: readonly MerchantEntry[],
  isUnsafe: (entry: MerchantEntry) => boolean,
): readonly UnsafeUse[] =>
  merchants.filter(isUnsafe).map(({ merchant }) => ({ setting: 'SSPAY_MERCHANTS', what: merchant.merchantId }))

async function openFiles(environment: Environment, settings: readonly SettingName[]): Promise<readonly UnsafeUse[]> {
  const uses: UnsafeUse[] = []
  for (const setting of settings) {
    const file = textOf(environment, setting)
    if (file !== '' && (await isOpenTo(file, 0o077))) uses.push({ setting, what: file })
  }
  return uses
}

/** False on Windows, which has no mode bits; a missing file is reported where it is read. */
async function isOpenTo(path: string, bits: number): Promise<boolean> {
  if (process.platform === 'win32') return false
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && (found.isFile() || found.isDirectory()) && (found.mode & bits) !== 0
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** SHA-256 of published keys: the test merchant's, and the placeholder of the operating guide. */
const publicKeys: ReadonlySet<string> = new Set([
  '7e9cce0c0640288dcbfd5f34cd662135fc42c887d84b1ef7fee34d40432d418d',
  '83c6d9c380ebfea38da4ef8edff23a3b93bc27b22d534556270f098b63acddb8',
])

/** A random key has many different characters and is not periodic. */
const fewestCharacters = 12
const shortestKey = 32

/** Keys that are too short are rejected when the merchant is saved. */
function isPredictable(key: string): boolean {
  if (key.length < shortestKey) return false
  if (new Set(key).size < fewestCharacters) return true
  for (let period = 1; period <= key.length / 2; period++)
    if (key.slice(period) === key.slice(0, key.length - period)) return true
  return false
}
