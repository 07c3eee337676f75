import { existsSync } from 'node:fs'
import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { Settings } from './context.ts'
import { readHostNames } from './http/own-host.ts'
import { usualRequestLog } from './open-gateway.ts'
import { isRootKey, openRootKey } from './root-key.ts'
import { realRuntime } from './runtime.ts'
import { Secret } from './secret.ts'
import { type SettingName, type SettingOf, settingsTable } from './settings.ts'
import { addressesOf } from './storage/database-addresses.ts'
import { databaseFileIn, type StoragePlace } from './storage/open-storage.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A variable is missing, or holds what it may not: the next start would fail in the same way. Its message names variable and rule. */
export class EnvironmentError extends Error {
  /** `found` is shown: leave it out for what may hold a secret. */
  constructor(name: string, { ko, en }: { readonly ko: string; readonly en: string }, found?: string) {
    const [now, is] = found === undefined ? ['', ''] : [` 지금 값: ${found}`, `, it is: ${found}`]
    super(`${name}: ${ko}.${now}\n${name} ${en}${is}`)
    this.name = 'EnvironmentError'
  }
}

/** Empty when the variable is not set. */
export const textOf = (environment: Environment, name: SettingName): string => environment[name]?.trim() ?? ''

function readRequired(environment: Environment, name: SettingName): string {
  const value = textOf(environment, name)
  if (value === '')
    throw new EnvironmentError(name, {
      ko: '환경 변수가 없습니다. sspay-gateway --help를 보세요',
      en: 'is not set; see sspay-gateway --help',
    })
  return value
}

export function readWholeNumber(environment: Environment, name: SettingOf<'number'>): number {
  const { from, to, ...setting } = settingsTable[name]
  const value = textOf(environment, name) || String(setting.default)
  const number = /^(0|[1-9][0-9]{0,6})$/.test(value) ? Number(value) : Number.NaN
  if (number >= from && number <= to) return number
  throw new EnvironmentError(name, { ko: `${from}~${to}의 정수여야 합니다`, en: `must be ${from} to ${to}` }, value)
}

export function readSwitch(environment: Environment, name: SettingOf<'switch'>): boolean {
  const value = textOf(environment, name) || settingsTable[name].default
  if (value !== 'on' && value !== 'off')
    throw new EnvironmentError(name, { ko: 'on 또는 off여야 합니다', en: 'must be on or off' }, value)
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
      {
        ko: 'off, on 또는 일수,건수(예: 7,50000. 999일, 9999999건까지)여야 합니다',
        en: 'must be off, on or days,calls such as 7,50000 (up to 999,9999999)',
      },
      value,
    )
  return { keepMs: Number(days) * 24 * 60 * 60_000, mostRows: Number(calls) }
}

export function readUrl(environment: Environment, name: SettingOf<'url'>): string {
  const value = readRequired(environment, name)
  // What stands before an @ may be a password.
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new EnvironmentError(
      name,
      { ko: 'http:// 또는 https:// 주소여야 합니다', en: 'must be an http:// or https:// address' },
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
    throw new EnvironmentError('SSPAY_DATABASE_URL', {
      ko: 'postgres://사용자:암호@호스트:포트/데이터베이스여야 합니다. 암호의 특수문자는 %로 적습니다',
      en: 'must be postgres://user:password@host:port/database, special characters of the password written with %',
    })
  }
  const connections = readWholeNumber(environment, 'SSPAY_DATABASE_CONNECTIONS')
  return { databaseUrl: new Secret(url), connections }
}

/** Makes the folder if need be; throws when nothing could be written there. */
export async function requireFolder(place: StoragePlace): Promise<void> {
  if ('databaseUrl' in place) return
  try {
    await mkdir(place.dataFolder, { recursive: true, mode: 0o700 })
    await access(place.dataFolder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const words = { ko: '읽고 쓸 수 있는 폴더여야 합니다', en: 'must be a folder that can be read and written' }
    throw new EnvironmentError('SSPAY_DATA', words, `${place.dataFolder} (${codeOf(cause)})`)
  }
}

export async function readRootKey(environment: Environment, place: StoragePlace): Promise<Secret> {
  const given = textOf(environment, 'SSPAY_ROOT_KEY')
  if (given !== '' && !isRootKey(given))
    throw new EnvironmentError('SSPAY_ROOT_KEY', {
      ko: '소문자 16진수 64자리여야 합니다',
      en: 'must be 64 lower-case hexadecimal characters',
    })
  if (given !== '') return new Secret(given)
  const namedFile = textOf(environment, 'SSPAY_ROOT_KEY_FILE')
  if ('databaseUrl' in place) {
    if (namedFile === '' || !existsSync(namedFile))
      throw new EnvironmentError('SSPAY_ROOT_KEY', {
        ko: 'SSPAY_DATABASE_URL을 쓸 때는 이 변수나, 있는 파일을 가리키는 SSPAY_ROOT_KEY_FILE이 필요합니다. 모든 게이트웨이가 같은 키를 씁니다',
        en: 'or SSPAY_ROOT_KEY_FILE with a file that exists must be set with SSPAY_DATABASE_URL: all gateways share one key',
      })
    return openNamedKey(namedFile)
  }
  const keyFile = namedFile || join(place.dataFolder, 'keys', 'root.key')
  const databaseFile = databaseFileIn(place.dataFolder)
  if (existsSync(databaseFile) && !existsSync(keyFile)) {
    throw new Error(`${keyFile} is missing, but ${databaseFile} was sealed with it: put the key file back.`)
  }
  return namedFile === '' ? openRootKey(realRuntime, keyFile) : openNamedKey(namedFile)
}

const openNamedKey = (file: string): Promise<Secret> =>
  openRootKey(realRuntime, file).catch((cause: Error) => {
    throw new EnvironmentError('SSPAY_ROOT_KEY_FILE', {
      ko: `소유자만 읽을 수 있는(chmod 600) 64자리 16진수 루트 키 파일이어야 합니다: ${file}`,
      en: `must name a root key file that only its owner reads (chmod 600): ${cause.message}`,
    })
  })

/** Where the gateway is reached. */
export interface Addresses {
  readonly host: string
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  readonly ports: Readonly<Record<'gateway' | 'gatewayTls' | 'console', number>>
  /** Names under which the console answers. */
  readonly consoleHosts: readonly string[]
}

export const readAddresses = async (environment: Environment): Promise<Addresses> => ({
  host: textOf(environment, 'SSPAY_HOST') || settingsTable.SSPAY_HOST.default,
  tls: await readTls(environment),
  ports: {
    gateway: readWholeNumber(environment, 'SSPAY_GATEWAY_PORT'),
    gatewayTls: readWholeNumber(environment, 'SSPAY_GATEWAY_TLS_PORT'),
    console: readWholeNumber(environment, 'SSPAY_CONSOLE_PORT'),
  },
  consoleHosts: readConsoleHosts(environment),
})

function readConsoleHosts(environment: Environment): readonly string[] {
  const name = 'SSPAY_CONSOLE_HOSTS'
  const value = textOf(environment, name)
  try {
    return readHostNames(name, value)
  } catch {
    throw new EnvironmentError(
      name,
      {
        ko: '포트 없는 호스트 이름을 쉼표로 구분해 적습니다',
        en: 'must be host names without a port, separated by commas',
      },
      value,
    )
  }
}

/** Undefined when neither file is named. */
async function readTls(environment: Environment): Promise<Addresses['tls']> {
  const [keyName, certName] = ['SSPAY_TLS_KEY', 'SSPAY_TLS_CERT'] as const
  if (textOf(environment, keyName) === '' && textOf(environment, certName) === '') return undefined
  const [key, cert] = [await readNamedFile(environment, keyName), await readNamedFile(environment, certName)]
  try {
    createSecureContext({ key, cert })
  } catch {
    throw new EnvironmentError(`${keyName}, ${certName}`, {
      ko: '서로 맞는 개인키와 인증서의 PEM 파일이어야 합니다',
      en: 'must name PEM files of a private key and of its certificate',
    })
  }
  return { key, cert }
}

/** The text of the file that the variable names. */
export async function readNamedFile(environment: Environment, name: SettingOf<'file'>): Promise<string> {
  const file = readRequired(environment, name)
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const why = codeOf(cause)
    throw new EnvironmentError(
      name,
      { ko: `파일을 읽을 수 없습니다(${why})`, en: `names a file that cannot be read (${why})` },
      file,
    )
  })
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unreadable'
