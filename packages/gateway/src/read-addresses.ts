import { createSecureContext } from 'node:tls'
import {
  type Environment,
  EnvironmentError,
  readNamedFile,
  readSwitch,
  readWholeNumber,
  textOf,
} from './environment.ts'
import { isLoopbackName, readHostNames } from './http/own-host.ts'
import { namesOfCertificate, type PublicHosts } from './http/public-host.ts'
import { settingsTable } from './settings.ts'

/** Where the gateway is reached. */
export interface Addresses {
  readonly host: string
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  /** `gateway`: undefined where nothing is taken over plain HTTP. */
  readonly ports: {
    readonly gateway: number | undefined
    readonly gatewayTls: number
    readonly console: number
  }
  /** Names under which the payment window answers. */
  readonly publicHosts: PublicHosts
  readonly consoleHost: string
  /** Names under which the console answers. */
  readonly consoleHosts: readonly string[]
}

export async function readAddresses(environment: Environment): Promise<Addresses> {
  const tls = await readTls(environment)
  const listed = readHosts(environment, 'SSPAY_PUBLIC_HOSTS')
  const certified = tls === undefined ? [] : namesOfCertificate(tls.cert)
  const publicHosts = listed.length > 0 ? listed : certified
  return {
    host: textOf(environment, 'SSPAY_HOST') || settingsTable.SSPAY_HOST.default,
    tls,
    ports: {
      gateway: readPlainPort(environment, tls),
      gatewayTls: readWholeNumber(environment, 'SSPAY_GATEWAY_TLS_PORT'),
      console: readWholeNumber(environment, 'SSPAY_CONSOLE_PORT'),
    },
    publicHosts: publicHosts.length > 0 ? publicHosts : undefined,
    consoleHost: readConsoleHost(environment),
    consoleHosts: readHosts(environment, 'SSPAY_CONSOLE_HOSTS'),
  }
}

function readPlainPort(environment: Environment, tls: Addresses['tls']): number | undefined {
  const name = 'SSPAY_GATEWAY_PORT'
  if (textOf(environment, name) !== 'off') return readWholeNumber(environment, name)
  if (tls !== undefined) return undefined
  throw new EnvironmentError(
    name,
    {
      ko: 'HTTPS로도 열지 않으므로 받을 곳이 없습니다. SSPAY_TLS_KEY와 SSPAY_TLS_CERT를 설정하십시오',
      en: 'leaves no port to listen on: set SSPAY_TLS_KEY and SSPAY_TLS_CERT',
    },
    'off',
  )
}

function readConsoleHost(environment: Environment): string {
  const name = 'SSPAY_CONSOLE_HOST'
  const host = textOf(environment, name) || settingsTable[name].default
  const isBehindLogin = readSwitch(environment, 'SSPAY_CONSOLE_BEHIND_LOGIN')
  if (isLoopbackName(host) || isBehindLogin) return host
  throw new EnvironmentError(
    name,
    {
      ko: '콘솔에는 로그인이 없습니다. 127.0.0.1로 두거나, 앞에 로그인을 세우고 SSPAY_CONSOLE_BEHIND_LOGIN=on을 설정하십시오',
      en: 'would publish the console, which has no login: leave it at 127.0.0.1, or put a login in front and set SSPAY_CONSOLE_BEHIND_LOGIN=on',
    },
    host,
  )
}

function readHosts(environment: Environment, name: 'SSPAY_CONSOLE_HOSTS' | 'SSPAY_PUBLIC_HOSTS'): readonly string[] {
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
