import type { Listener, ListenOptions } from '@sspay/gateway'
import { isAllowedHost } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'

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

/** Another program listens on this port. */
export class PortInUseError extends Error {
  constructor(name: PortName, port: number) {
    const { variable, ko, en } = addresses[name]
    super(
      `${port}번 포트(${ko})를 다른 프로그램이 쓰고 있습니다. ${variable} 로 다른 포트를 지정하세요.\n` +
        `Port ${port} (${en}) is in use. Stop the other program, or choose another port: ${variable}=${port + 100} npm start`,
    )
    this.name = 'PortInUseError'
  }
}

export async function openAddress(name: PortName, options: ListenOptions): Promise<Listener> {
  // A command that only reads addresses loads no server.
  const { listen } = await import('@sspay/gateway')
  try {
    return await listen(options)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
      throw new PortInUseError(name, options.port)
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
