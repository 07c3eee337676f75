import { BlockList, isIP } from 'node:net'
import { isLoopbackAddress, withoutBrackets } from '../network-address.ts'

/** Allowed targets of requests to addresses that merchants choose; `private` includes loopback. */
export type Reach = 'public' | 'public-or-loopback' | 'public-or-private'

/** Only a sandbox calls shops on its own machine, and on private networks if its operator says so. */
export function reachOf({ isSandbox, reachesPrivateNetworks }: ReachSettings): Reach {
  if (!isSandbox) return 'public'
  return reachesPrivateNetworks === true ? 'public-or-private' : 'public-or-loopback'
}

interface ReachSettings {
  readonly isSandbox: boolean
  readonly reachesPrivateNetworks?: boolean
}

export type UrlRejection = 'url_unreadable' | 'scheme' | 'user_info' | 'port' | 'address'

export class AddressRejectedError extends Error {
  readonly reason: UrlRejection
  constructor(reason: UrlRejection) {
    super(`The target address is not allowed: ${reason}`)
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

/** IANA's special-purpose registry, and 168.63.129.16, Azure's metadata service. */
const closedIpv4 = blockListOf(
  'ipv4',
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
   192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
   198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`,
)

/** Global unicast. Mapped, NAT64, private and link-local addresses lie outside it. */
const globalIpv6 = blockListOf('ipv6', '2000::/3')

/** Exceptions: Teredo and other protocols, documentation, 6to4, AS 112. */
const closedIpv6 = blockListOf('ipv6', '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20')

/** Networks of containers, offices and homes. Link-local addresses stay closed: clouds have their metadata there. */
const privateIpv4 = blockListOf('ipv4', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16')
const privateIpv6 = blockListOf('ipv6', 'fc00::/7')

/** Metadata service of AWS. */
const closedPrivateIpv6 = blockListOf('ipv6', 'fd00:ec2::/32')

const isPrivate = (address: string, family: number): boolean =>
  family === 4
    ? privateIpv4.check(address, 'ipv4')
    : family === 6 && privateIpv6.check(address, 'ipv6') && !closedPrivateIpv6.check(address, 'ipv6')

/** Whether a socket may connect to this numeric address. */
export function isWithin(reach: Reach, address: string): boolean {
  const family = isIP(address)
  if (reach !== 'public' && isLoopbackAddress(address)) return true
  if (reach === 'public-or-private' && isPrivate(address, family)) return true
  if (family === 4) return !closedIpv4.check(address, 'ipv4')
  return family === 6 && globalIpv6.check(address, 'ipv6') && !closedIpv6.check(address, 'ipv6')
}

/** Ports below 1024 other than HTTP and HTTPS belong to other protocols. */
const isWebPort = (port: number): boolean => port === 80 || port === 443 || port >= 1024

/**
 * The checks before DNS resolution. The URL parser has already normalised other spellings of IPv4 addresses (decimal,
 * octal, hexadecimal, fewer parts).
 *
 * @throws AddressRejectedError
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

export const hostOf = (url: URL): string => withoutBrackets(url.hostname)

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
