import type { Listener, ListenOptions } from '@sspay/gateway'
import { isAllowedHost } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { SandboxStartError } from './system-error.ts'

/** The four listeners of a sandbox. */
export type PortName = 'shop' | 'gateway' | 'gatewayTls' | 'console'

/** One address of the sandbox. */
export interface Address extends LocalizedText {
  readonly defaultPort: number
  /** The environment variable that sets the port. */
  readonly variable: string
}

/** In the order in which they are printed. */
export const addresses: Readonly<Record<PortName, Address>> = {
  shop: { defaultPort: 4600, variable: 'SSPAY_SHOP_PORT', ko: '데모 상점', en: 'demo shop' },
  gateway: { defaultPort: 4610, variable: 'SSPAY_GATEWAY_PORT', ko: '결제 게이트웨이', en: 'payment gateway' },
  gatewayTls: {
    defaultPort: 4611,
    variable: 'SSPAY_GATEWAY_TLS_PORT',
    ko: '결제 게이트웨이(HTTPS)',
    en: 'payment gateway over TLS',
  },
  console: {
    defaultPort: 4620,
    variable: 'SSPAY_CONSOLE_PORT',
    ko: '콘솔, 인증번호 수신함, 테스트 카드',
    en: 'console, phone inbox, test cards',
  },
}

/** Other programs listen on these ports. */
export class PortInUseError extends SandboxStartError {
  constructor(ports: readonly (readonly [name: PortName, port: number])[]) {
    const listIn = (language: 'ko' | 'en'): string =>
      ports.map(([name, port]) => `${port} (${addresses[name][language]})`).join(', ')
    const free = ports.map(([name, port]) => `${addresses[name].variable}=${port + 100}`).join(' ')
    super({
      ko: `다른 프로그램이 쓰고 있는 포트: ${listIn('ko')}. 이미 켜 둔 샌드박스라면 그대로 쓰거나 Ctrl+C로 끝내세요. 아니면 환경 변수로 다른 포트를 지정하세요: ${free}`,
      en: `In use by another program: port ${listIn('en')}. If a sandbox runs already, use it, or end it with Ctrl+C. Else choose other ports by environment variables: ${free}`,
    })
    this.name = 'PortInUseError'
  }
}

/** Undefined when another program listens on the port. */
export async function openAddress(options: ListenOptions): Promise<Listener | undefined> {
  // A command that only reads addresses loads no server.
  const { listen } = await import('@sspay/gateway')
  try {
    return await listen(options)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') return undefined
    throw cause
  }
}

/** The origin as people write it: `localhost` for the loopback interface. */
export const originOf = (url: string): string =>
  new URL(url.replace(/\/\/(127\.0\.0\.1|\[::1\]|0\.0\.0\.0|\[::\]):/, '//localhost:')).origin

/**
 * The origin for a browser that reached the sandbox under `hostname`: a phone knows this machine by its address, not as
 * localhost. Anyone can send any `Host`, so names are followed only if the console answers under them too.
 */
export function originUnder(hostname: string, origin: string, names: readonly string[] = []): string {
  if (!isAllowedHost(hostname, names, 'any')) return origin
  const url = new URL(origin)
  url.hostname = hostname
  return url.origin
}

/** In the order of closing: each can still call the ones after it. */
export const portNames: readonly PortName[] = ['shop', 'gateway', 'gatewayTls', 'console']

export type Environment = Readonly<Record<string, string | undefined>>

/** An invalid option or environment variable; the message names it. */
export class UsageError extends Error {
  readonly text: LocalizedText
  constructor(text: LocalizedText) {
    super(text.ko === text.en ? text.ko : `${text.ko} / ${text.en}`)
    this.name = 'UsageError'
    this.text = text
  }
}

export const nonEmpty = (text: string | undefined): string | undefined => text?.trim() || undefined

/** The port from the environment, or the default. Throws {@link UsageError}. */
export function readPort(name: PortName, environment: Environment): number {
  const { variable, defaultPort } = addresses[name]
  const given = nonEmpty(environment[variable]) ?? String(defaultPort)
  if (!/^[0-9]{1,5}$/.test(given) || Number(given) > 65_535)
    throw new UsageError({
      ko: `${variable}: 0~65535 사이의 포트 번호여야 합니다`,
      en: `${variable}: must be a port from 0 to 65535`,
    })
  return Number(given)
}

/** The ports of all listeners, each only once. Throws {@link UsageError}. */
export function readPorts(environment: Environment): Readonly<Record<PortName, number>> {
  const ports = Object.fromEntries(portNames.map((name) => [name, readPort(name, environment)]))
  for (const [index, name] of portNames.entries()) {
    const other = portNames.slice(0, index).find((one) => ports[one] === ports[name])
    if (other === undefined || ports[name] === 0) continue
    const [first, second] = [addresses[other].variable, addresses[name].variable]
    throw new UsageError({
      ko: `${second}: ${first}와 같은 포트(${ports[name]})입니다. 서로 다른 포트를 지정하세요`,
      en: `${second}: the same port as ${first} (${ports[name]}). Choose different ones`,
    })
  }
  return ports as Record<PortName, number>
}
