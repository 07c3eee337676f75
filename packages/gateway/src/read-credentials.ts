import { X509Certificate } from 'node:crypto'
import { type Environment, EnvironmentError, readKeyPair, readNamedFile, readUrl, textOf } from './environment.ts'
import { isLoopbackHost } from './network-address.ts'
import type { ClientTls, Credentials } from './outgoing/model.ts'
import { Secret } from './secret.ts'

const variables = {
  cardNetwork: {
    url: 'SSPAY_CARD_NETWORK_URL',
    token: 'SSPAY_CARD_NETWORK_TOKEN_FILE',
    cert: 'SSPAY_CARD_NETWORK_TLS_CERT',
    key: 'SSPAY_CARD_NETWORK_TLS_KEY',
    ca: 'SSPAY_CARD_NETWORK_CA',
  },
  identity: {
    url: 'SSPAY_IDENTITY_URL',
    token: 'SSPAY_IDENTITY_TOKEN_FILE',
    cert: 'SSPAY_IDENTITY_TLS_CERT',
    key: 'SSPAY_IDENTITY_TLS_KEY',
    ca: 'SSPAY_IDENTITY_CA',
  },
} as const

type Names = (typeof variables)[keyof typeof variables]

/** Token, client certificate and CA for one called service. */
export async function readCredentials(environment: Environment, service: keyof typeof variables): Promise<Credentials> {
  const names = variables[service]
  const url = new URL(readUrl(environment, names.url))
  return { token: await readToken(environment, names, url), tls: await readClientTls(environment, names, url) }
}

/** RFC 6750, with at least 16 characters: the log scrubber ignores shorter texts. */
const tokenFormat = /^[A-Za-z0-9._~+/-]{16,4096}=*$/

async function readToken(environment: Environment, names: Names, url: URL): Promise<Secret | undefined> {
  const name = names.token
  if (textOf(environment, name) === '') return undefined
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    throw new EnvironmentError(
      name,
      `토큰이 암호화되지 않고 나갑니다. ${names.url}을 https://로 바꾸거나 토큰을 빼세요`,
      `would be sent unencrypted: make ${names.url} an https:// address, or set no token`,
    )
  const token = (await readNamedFile(environment, name)).trim()
  if (!tokenFormat.test(token))
    throw new EnvironmentError(
      name,
      '파일에는 토큰 하나만, 영문자·숫자·._~+/-= 16~4096자로 있어야 합니다',
      'must name a file that holds one token of 16 to 4096 letters, digits and ._~+/-=, and nothing else',
    )
  return new Secret(token)
}

async function readClientTls(environment: Environment, names: Names, url: URL): Promise<ClientTls | undefined> {
  const given = [names.cert, names.key, names.ca].find((name) => textOf(environment, name) !== '')
  if (given === undefined) return undefined
  if (url.protocol !== 'https:')
    throw new EnvironmentError(
      given,
      `http:// 주소에는 쓰이지 않습니다. ${names.url}을 https://로 바꾸거나 이 변수를 빼세요`,
      `has no use with an http:// address: make ${names.url} an https:// address, or leave it out`,
    )
  const pair = await readKeyPair(environment, names)
  const identity = pair && { key: new Secret(pair.key), cert: pair.cert }
  return { identity, ca: await readCa(environment, names.ca) }
}

async function readCa(environment: Environment, name: Names['ca']): Promise<string | undefined> {
  if (textOf(environment, name) === '') return undefined
  const ca = await readNamedFile(environment, name)
  try {
    new X509Certificate(ca)
  } catch {
    throw new EnvironmentError(name, 'CA 인증서의 PEM 파일이어야 합니다', 'must name a PEM file of CA certificates')
  }
  return ca
}
