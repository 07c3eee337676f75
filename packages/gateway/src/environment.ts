import { existsSync } from 'node:fs'
import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { Settings } from './context.ts'
import { type LogLevel, logLevels } from './logging/log.ts'
import { type FileOptions, openRootKeys, parseRootKeys, RootKeyError, type RootKeys } from './root-key.ts'
import { realRuntime } from './runtime.ts'
import { Secret } from './secret.ts'
import { type SettingName, type SettingOf, settingsTable, usualRequestLog } from './settings.ts'
import { databaseFileIn, type StoragePlace } from './storage/open-storage.ts'
import { addressesOf } from './storage/storage.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * A variable is missing or invalid; restarting does not help. The message names variable and rule in both languages.
 */
export class EnvironmentError extends Error {
  /** `found` is the offending value: leave it out where it may be secret. */
  constructor(name: string, ko: string, en: string, found?: string) {
    const [now, is] = found === undefined ? ['', ''] : [` 지금 값: ${found}`, `, it is: ${found}`]
    super(`${name}: ${ko}.${now}\n${name} ${en}${is}`)
    this.name = 'EnvironmentError'
  }
}

/** Whether another start or run cannot succeed either, until an operator changes a setting or a file. */
export const isLasting = (cause: unknown): boolean => cause instanceof EnvironmentError || cause instanceof RootKeyError

/** Trimmed; empty when the variable is not set. */
export const textOf = (environment: Environment, name: SettingName): string => environment[name]?.trim() ?? ''

function readRequired(environment: Environment, name: SettingName): string {
  const value = textOf(environment, name)
  if (value === '')
    throw new EnvironmentError(
      name,
      '환경 변수가 없습니다. sspay-gateway --help를 보세요',
      'is not set; see sspay-gateway --help',
    )
  return value
}

export function readWholeNumber(environment: Environment, name: SettingOf<'number'>): number {
  const { from, to, ...setting } = settingsTable[name]
  const value = textOf(environment, name) || String(setting.default)
  const number = /^(0|[1-9][0-9]{0,6})$/.test(value) ? Number(value) : Number.NaN
  if (number >= from && number <= to) return number
  throw new EnvironmentError(name, `${from}~${to}의 정수여야 합니다`, `must be ${from} to ${to}`, value)
}

export function readSwitch(environment: Environment, name: SettingOf<'switch'>): boolean {
  const value = textOf(environment, name) || settingsTable[name].default
  if (value !== 'on' && value !== 'off')
    throw new EnvironmentError(name, 'on 또는 off여야 합니다', 'must be on or off', value)
  return value === 'on'
}

export function readRequestLog(environment: Environment): Settings['requestLog'] {
  const name = 'SSPAY_REQUEST_LOG'
  const value = textOf(environment, name) || settingsTable[name].default
  if (value === 'off') return 'off'
  if (value === 'on') return usualRequestLog
  const [, days, calls] = /^([1-9][0-9]{0,2}),([1-9][0-9]{0,6})$/.exec(value) ?? []
  if (days === undefined || calls === undefined)
    throw new EnvironmentError(
      name,
      'off, on 또는 일수,건수(예: 7,50000. 999일, 9999999건까지)여야 합니다',
      'must be off, on or days,calls such as 7,50000 (up to 999,9999999)',
      value,
    )
  return { keepMs: Number(days) * 24 * 60 * 60_000, mostRows: Number(calls) }
}

/** From the file, which may be missing, or else from the variable. */
export async function readLogLevel(environment: Environment): Promise<LogLevel> {
  const names = ['SSPAY_LOG_LEVEL_FILE', 'SSPAY_LOG_LEVEL'] as const
  const file = textOf(environment, names[0])
  const written = file !== '' && existsSync(file) ? (await readNamedFile(environment, names[0])).trim() : ''
  const value = written || textOf(environment, names[1]) || settingsTable.SSPAY_LOG_LEVEL.default
  const level = logLevels.find((one) => one === value)
  if (level !== undefined) return level
  const known = logLevels.join(', ')
  throw new EnvironmentError(
    names[written === '' ? 1 : 0],
    `${known} 가운데 하나여야 합니다`,
    `must be one of ${known}`,
    value,
  )
}

/** Who runs the service and where buyers call, as the window shows it. */
export function readCustomerCare(environment: Environment): Settings['service'] {
  const name = textOf(environment, 'SSPAY_SERVICE_NAME') || settingsTable.SSPAY_SERVICE_NAME.default
  if (!/^[^\p{C}]{1,40}$/u.test(name))
    throw new EnvironmentError('SSPAY_SERVICE_NAME', '40자까지입니다', 'has at most 40 characters', name)
  const phone = textOf(environment, 'SSPAY_SERVICE_PHONE')
  if (!/^[0-9+() -]{0,20}$/.test(phone))
    throw new EnvironmentError(
      'SSPAY_SERVICE_PHONE',
      '1588-0000 같은 전화번호여야 합니다',
      'must be a phone number such as 1588-0000',
      phone,
    )
  return { name, phone }
}

/** In lower case; undefined when the variable is not set. */
export function readHeaderName(environment: Environment, name: 'SSPAY_CONSOLE_USER_HEADER'): string | undefined {
  const value = textOf(environment, name)
  if (value === '') return undefined
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(value)) return value.toLowerCase()
  throw new EnvironmentError(
    name,
    'HTTP 헤더 이름 하나여야 합니다(예: X-Forwarded-User)',
    'must be one HTTP header name, such as X-Forwarded-User',
    value,
  )
}

export function readUrl(environment: Environment, name: SettingOf<'url'>): string {
  const value = readRequired(environment, name)
  // The part before an @ may be a password.
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new EnvironmentError(
      name,
      'http:// 또는 https:// 주소여야 합니다',
      'must be an http:// or https:// address',
      value.includes('@') ? undefined : value,
    )
  return value.replace(/\/+$/, '')
}

export function readPlace(environment: Environment): StoragePlace {
  const url = textOf(environment, 'SSPAY_DATABASE_URL')
  if (url === '') return { dataFolder: readRequired(environment, 'SSPAY_DATA') }
  try {
    addressesOf(url)
  } catch {
    throw new EnvironmentError(
      'SSPAY_DATABASE_URL',
      'postgres://사용자:암호@호스트:포트/데이터베이스여야 합니다. 암호의 @ / ? # %는 %40 %2F %3F %23 %25로 적습니다',
      'must be postgres://user:password@host:port/database, with @ / ? # % in the password written as %40 %2F %3F %23 %25',
    )
  }
  const connections = readWholeNumber(environment, 'SSPAY_DATABASE_CONNECTIONS')
  return { databaseUrl: new Secret(url), connections }
}

/** Creates the data folder if necessary; throws unless it is writable. */
export async function requireFolder(place: StoragePlace): Promise<void> {
  if ('databaseUrl' in place) return
  try {
    await mkdir(place.dataFolder, { recursive: true, mode: 0o700 })
    await access(place.dataFolder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const found = `${place.dataFolder} (${codeOf(cause)})`
    throw new EnvironmentError('SSPAY_DATA', '읽고 쓸 수 있는 폴더여야 합니다', 'must be a writable folder', found)
  }
}

/** The root key file, used without SSPAY_ROOT_KEY; undefined with PostgreSQL unless it is configured. */
export const rootKeyFileOf = (environment: Environment, place: StoragePlace): string | undefined =>
  textOf(environment, 'SSPAY_ROOT_KEY_FILE') ||
  ('databaseUrl' in place ? undefined : join(place.dataFolder, 'keys', 'root.key'))

export async function readRootKeys(
  environment: Environment,
  place: StoragePlace,
  options: FileOptions = { isReadableAllowed: false },
): Promise<RootKeys> {
  const given = textOf(environment, 'SSPAY_ROOT_KEY')
  const keys = given === '' ? undefined : parseRootKeys(given.split(','))
  if (keys !== undefined) return keys
  if (given !== '')
    throw new EnvironmentError(
      'SSPAY_ROOT_KEY',
      '소문자 16진수 64자리여야 합니다. 여럿이면 쉼표로 구분하고 같은 것이 없어야 합니다',
      'must be 64 lower-case hexadecimal characters; separate several by commas, without duplicates',
    )
  const namedFile = textOf(environment, 'SSPAY_ROOT_KEY_FILE')
  const keyFile = rootKeyFileOf(environment, place)
  if (keyFile === undefined || ('databaseUrl' in place && !existsSync(keyFile)))
    throw new EnvironmentError(
      'SSPAY_ROOT_KEY',
      'SSPAY_DATABASE_URL을 쓸 때는 이 변수나, 있는 파일을 가리키는 SSPAY_ROOT_KEY_FILE이 필요합니다. 모든 게이트웨이가 같은 키를 씁니다. 새 키는 openssl rand -hex 32',
      'or SSPAY_ROOT_KEY_FILE with a file that exists must be set with SSPAY_DATABASE_URL: all gateways share one key. A new one: openssl rand -hex 32',
    )
  const databaseFile = 'dataFolder' in place ? databaseFileIn(place.dataFolder) : undefined
  if (databaseFile !== undefined && existsSync(databaseFile) && !existsSync(keyFile))
    throw new RootKeyError(
      `${keyFile}: 루트 키 파일이 없습니다. ${databaseFile}은(는) 그 키로 암호화되어 있으니 백업에서 되살리세요.
${keyFile} is missing, but ${databaseFile} is encrypted with it: restore the key file from its backup`,
    )
  return namedFile === '' ? openRootKeys(realRuntime, keyFile, options) : openNamedKeys(namedFile, options)
}

const openNamedKeys = (file: string, options: FileOptions) =>
  openRootKeys(realRuntime, file, options).catch((cause: Error) => {
    throw new EnvironmentError(
      'SSPAY_ROOT_KEY_FILE',
      `소유자만 읽을 수 있는(chmod 600) 64자리 16진수 루트 키 파일이어야 합니다: ${file}`,
      `must name a root key file that only its owner can read (chmod 600): ${cause.message}`,
    )
  })

/** The content of the file that the variable names. */
export async function readNamedFile(environment: Environment, name: SettingOf<'file'>): Promise<string> {
  const file = readRequired(environment, name)
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const why = codeOf(cause)
    throw new EnvironmentError(
      name,
      `파일을 읽을 수 없습니다(${why})`,
      `names a file that cannot be read (${why})`,
      file,
    )
  })
}

/** Reads a private key and its certificate, both PEM; undefined when neither variable is set. */
export async function readKeyPair(
  environment: Environment,
  names: { readonly key: SettingOf<'file'>; readonly cert: SettingOf<'file'> },
): Promise<{ readonly key: string; readonly cert: string } | undefined> {
  const [missing, other] = [names.cert, names.key].filter((name) => textOf(environment, name) === '')
  if (other !== undefined) return undefined
  if (missing !== undefined) {
    const set = missing === names.cert ? names.key : names.cert
    throw new EnvironmentError(missing, `${set}와 함께 설정하세요`, `must be set together with ${set}`)
  }
  const [key, cert] = [await readNamedFile(environment, names.key), await readNamedFile(environment, names.cert)]
  try {
    createSecureContext({ key, cert })
  } catch {
    throw new EnvironmentError(
      `${names.key}, ${names.cert}`,
      '서로 맞는 개인키와 인증서의 PEM 파일이어야 합니다',
      'must name PEM files of a private key and of its certificate',
    )
  }
  return { key, cert }
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unreadable'
