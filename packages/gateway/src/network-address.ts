import { BlockList, isIP, isIPv6 } from 'node:net'

const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/** The IPv4 address inside an IPv4-mapped one (`::ffff:192.0.2.1`); any other text as it is, without an IPv6 zone. */
export function unmapped(address: string): string {
  const [bare = ''] = address.split('%')
  return isIPv6(bare) && mapped.check(bare, 'ipv6') ? bare.slice(bare.lastIndexOf(':') + 1) : bare
}

/** IPv4 as it is, IPv6 as its /64 network; undefined if the text is not an address. */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined || isIP(address) === 0) return undefined
  const bare = unmapped(address)
  if (!isIPv6(bare)) return bare
  const [head = '', tail = ''] = bare.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${prefix.join(':')}::/64`
}

/** Loopback addresses, IPv4-mapped ones left out: they are not valid targets of outgoing requests. */
export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))

/** `localhost` and names below it, which resolve to this machine everywhere (RFC 6761). */
export const isLocalhostName = (hostname: string): boolean => /(^|\.)localhost$/.test(hostname)

/** The host of a URL without the brackets of an IPv6 address, in lower case. */
export const withoutBrackets = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()

/** A host name or address that can only mean this machine. */
export const isLoopbackHost = (hostname: string): boolean =>
  isLoopbackAddress(withoutBrackets(hostname)) || isLocalhostName(withoutBrackets(hostname))
