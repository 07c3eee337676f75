import { X509Certificate } from 'node:crypto'
import { readHostNames } from './browser-safety/allowed-hosts.ts'
import { type Environment, EnvironmentError, readKeyPair, readSwitch, readWholeNumber, textOf } from './environment.ts'
import type { PublicHosts } from './http/public-host.ts'
import { isLoopbackHost } from './network-address.ts'
import { settingsTable } from './settings.ts'

export interface Addresses {
  readonly host: string
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  /** `gateway` is undefined when plain HTTP is off. */
  readonly ports: {
    readonly gateway: number | undefined
    readonly gatewayTls: number
    readonly console: number
  }
  /** Host names of the payment window. */
  readonly publicHosts: PublicHosts
  readonly consoleHost: string
  /** Host names of the console. */
  readonly consoleHosts: readonly string[]
}

export async function readAddresses(environment: Environment): Promise<Addresses> {
  const tls = await readKeyPair(environment, { key: 'SSPAY_TLS_KEY', cert: 'SSPAY_TLS_CERT' })
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
    'HTTPS로도 열지 않으므로 받을 곳이 없습니다. SSPAY_TLS_KEY와 SSPAY_TLS_CERT를 설정하세요',
    'leaves no port to listen on: set SSPAY_TLS_KEY and SSPAY_TLS_CERT',
    'off',
  )
}

function readConsoleHost(environment: Environment): string {
  const name = 'SSPAY_CONSOLE_HOST'
  const host = textOf(environment, name) || settingsTable[name].default
  const isBehindLogin = readSwitch(environment, 'SSPAY_CONSOLE_BEHIND_LOGIN')
  if (isLoopbackHost(host) || isBehindLogin) return host
  throw new EnvironmentError(
    name,
    '콘솔에는 로그인이 없습니다. 127.0.0.1로 두거나, 앞에 로그인을 세우고 SSPAY_CONSOLE_BEHIND_LOGIN=on을 설정하세요',
    'would publish the console, which has no login: leave it at 127.0.0.1, or put a login in front and set SSPAY_CONSOLE_BEHIND_LOGIN=on',
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
      '포트 없는 호스트 이름을 쉼표로 구분해 적습니다',
      'must be host names without a port, separated by commas',
      value,
    )
  }
}

/** The DNS names in a PEM certificate's subject alternative names. */
export const namesOfCertificate = (cert: string): readonly string[] =>
  [...(new X509Certificate(cert).subjectAltName ?? '').matchAll(/(?:^|, )DNS:([A-Za-z0-9.*-]+)/g)].map(
    ([, name = '']) => name.toLowerCase(),
  )
