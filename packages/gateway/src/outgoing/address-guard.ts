import { BlockList, isIP } from 'node:net'
import { isLoopbackAddress, isLoopbackName } from '../http/own-host.ts'

/** Where a request to an address that somebody else has chosen may go; the loopback interface only in a sandbox. */
export type Reach = 'public' | 'public-or-loopback'

export type UrlRejection = 'url_unreadable' | 'scheme' | 'user_info' | 'port' | 'address'

/** The target is not one that a request from outside may make us talk to. */
export class AddressRejectedError extends Error {
  readonly reason: UrlRejection
  constructor(reason: UrlRejection) {
    super(`the target is refused: ${reason}`)
    this.name = 'AddressRejectedError'
    this.reason = reason
  }
}

const blockListOf = (family: 'ipv4' | 'ipv6', subnets: string): BlockList => {
  const list = new BlockList()
  for (const subnet of subnets.trim().split(/\s+/)) {
    const [net = '', prefix = ''] = subnet.split('/')
    list.addSubnet(net, Number(prefix), family)
  }
  return list
}

/** The special-purpose registry of IANA, and 168.63.129.16, where Azure keeps what its machines may know. */
const closedIpv4 = blockListOf(
  'ipv4',
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
   192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
   198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`,
)

/** Global unicast is 2000::/3; mapped addresses, NAT64, private and link-local ones lie outside it. */
const globalIpv6 = blockListOf('ipv6', '2000::/3')

/** Inside it: Teredo and other protocols, documentation, 6to4, AS 112. */
const closedIpv6 = blockListOf('ipv6', '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20')

/** Whether a socket may be connected to this numeric address. */
export function isWithin(reach: Reach, address: string): boolean {
  const family = isIP(address)
  if (reach === 'public-or-loopback' && isLoopbackAddress(address)) return true
  if (family === 4) return !closedIpv4.check(address, 'ipv4')
  return family === 6 && globalIpv6.check(address, 'ipv6') && !closedIpv6.check(address, 'ipv6')
}

/** Whether an address stays on this machine, by its name alone. */
export const isLoopbackHost = (url: URL): boolean => isLoopbackName(url.hostname)

/** Web servers listen there; below 1024 everything else is another service. */
const isWebPort = (port: number): boolean => port === 80 || port === 443 || port >= 1024

/**
 * What can be said before the name is resolved. The URL parser has turned every other spelling of an IPv4 address (decimal, octal,
 * hexadecimal, fewer parts) into the usual one by then. Throws {@link AddressRejectedError}.
 */
export function requirePublicUrl(text: string, reach: Reach): URL {
  if (!URL.canParse(text)) throw new AddressRejectedError('url_unreadable')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new AddressRejectedError('scheme')
  if (url.username !== '' || url.password !== '') throw new AddressRejectedError('user_info')
  if (!isWebPort(portOf(url))) throw new AddressRejectedError('port')
  const host = hostOf(url)
  if (isIP(host) !== 0 && !isWithin(reach, host)) throw new AddressRejectedError('address')
  return url
}

/** Without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
