import type { IncomingMessage } from 'node:http'
import type { WaitExcluder } from '../logging/current-request.ts'
import { networkOf } from '../network-address.ts'

/** The connection a request came over. */
export interface Caller {
  /** Undefined where there is no connection, for example in a test. */
  readonly address?: string | undefined
  /** The slot that the concurrency limiter gave to the request. */
  readonly slot?: WaitExcluder | undefined
}

/**
 * The client address that rate limits count by: IPv4, or the /64 network of IPv6, the prefix one subscriber gets.
 * Behind `proxyHops` proxies, each appending to `X-Forwarded-For`, it is the address the outermost proxy saw; entries
 * further left are written by the client and never trusted.
 */
export const clientKey = (request: Request, { address }: Caller, proxyHops: number): string | undefined =>
  clientNetwork(address, request.headers.get('x-forwarded-for'), proxyHops)

/** {@link clientKey} of a request of `node:http`. */
export const addressOf = ({ socket, headers }: IncomingMessage, proxyHops: number): string | undefined =>
  clientNetwork(socket.remoteAddress, headers['x-forwarded-for']?.toString(), proxyHops)

function clientNetwork(address: string | undefined, forwardedFor: string | null | undefined, proxyHops: number) {
  if (proxyHops === 0 || address === undefined) return networkOf(address)
  return networkOf(listOf(forwardedFor).at(-proxyHops)) ?? networkOf(address)
}

/** Whether the client used TLS; behind proxies that terminate it, as the outermost one says in `X-Forwarded-Proto`. */
export function cameEncrypted(request: Request, proxyHops: number): boolean {
  if (new URL(request.url).protocol === 'https:') return true
  if (proxyHops === 0) return false
  const schemes = listOf(request.headers.get('x-forwarded-proto'))
  return (schemes.at(-proxyHops) ?? schemes[0])?.toLowerCase() === 'https'
}

const listOf = (header: string | null | undefined): readonly string[] =>
  (header ?? '').split(',').map((entry) => entry.trim())
