import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Slot } from '../admission/fair-queue.ts'

/** Who sent a request, as far as the connection tells. */
export interface Caller {
  /** Undefined where there is no connection, for example in a test. */
  readonly address?: string | undefined
  /** The place of the call in the concurrency limiter, where there is one. */
  readonly slot?: Slot | undefined
}

const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/**
 * The address that a rate limit counts by: of the connection, or, behind `proxyHops` proxies that each append to `X-Forwarded-For`,
 * the one the outermost of them saw. What a client itself wrote further left is never believed. Of IPv6 it is the /64 network,
 * which is what one customer of a provider gets.
 */
export const clientKey = (request: Request, { address }: Caller, proxyHops: number): string | undefined =>
  clientNetwork(address, request.headers.get('x-forwarded-for'), proxyHops)

/** The same of a request that nothing has been made of yet. */
export const addressOf = ({ socket, headers }: IncomingMessage, proxyHops: number): string | undefined =>
  clientNetwork(socket.remoteAddress, headers['x-forwarded-for']?.toString(), proxyHops)

function clientNetwork(
  address: string | undefined,
  forwardedFor: string | null | undefined,
  proxyHops: number,
): string | undefined {
  if (proxyHops === 0 || address === undefined) return networkOf(address)
  const forwarded = (forwardedFor ?? '').split(',').map((one) => one.trim())
  return networkOf(forwarded.at(-proxyHops)) ?? networkOf(address)
}

/** IPv4 as it is, of IPv6 the /64 network; undefined for what is no address. */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined || isIP(address) === 0) return undefined
  if (!isIPv6(address)) return address
  const bare = address.split('%')[0] ?? ''
  if (mapped.check(bare, 'ipv6')) return bare.slice(bare.lastIndexOf(':') + 1)
  const [head = '', tail = ''] = bare.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
