import { isIP } from 'node:net'
import type { Caller } from './client-address.ts'
import { noPageHeaders } from './no-page.ts'

/** Names separated by commas, as they stand in an address without its port: `ops.shop.example, console`. Throws for anything else. */
export function readHostNames(variable: string, text = ''): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const broken = names.find((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
  if (broken !== undefined) throw new Error(`${variable} holds what is no host name without a port: ${broken}`)
  return names
}

/** A name of this machine, whoever asks. */
export const isLocalHost = (hostname: string): boolean => /(^|\.)localhost$/.test(hostname)

const withoutBrackets = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()

/** An address of the loopback interface. */
export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))

/** A name or address under which only this machine can be meant. */
export const isLoopbackName = (hostname: string): boolean =>
  isLoopbackAddress(withoutBrackets(hostname)) || isLocalHost(withoutBrackets(hostname))

/** Which IP addresses a page without login answers under, beside its names. */
export type OwnAddresses = 'loopback' | 'any'

/**
 * Whether a page without login may answer under this name. Whoever owns a name can let it point at this machine (DNS rebinding), and then
 * a page of theirs reads ours as its own. So only this machine's own names and those that the operator lists are answered.
 */
export function isOwnHost(hostname: string, listed: readonly string[], addresses: OwnAddresses = 'loopback'): boolean {
  const name = withoutBrackets(hostname)
  return isLoopbackName(name) || listed.includes(name) || (addresses === 'any' && isIP(name) !== 0)
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/** Where whoever collects metrics finds this process by its address. A page of another site has no address for a name. */
const byAnyAddress = '/metrics'

/** Lets `answer` hear only what was asked under a host of its own. */
export const underOwnHost =
  (answer: Answer, listed: readonly string[], addresses: OwnAddresses = 'loopback'): Answer =>
  async (request, caller) => {
    const { hostname, pathname } = new URL(request.url)
    const allowed = pathname === byAnyAddress ? 'any' : addresses
    return isOwnHost(hostname, listed, allowed) ? answer(request, caller) : misdirected()
  }

const misdirected = (): Response =>
  new Response(
    `이 이름으로는 관리 화면을 열 수 없습니다. SSPAY_CONSOLE_HOSTS에 이름을 추가하거나 localhost로 여세요.
The console does not answer under this name. Add it to SSPAY_CONSOLE_HOSTS, or open the console as localhost.
`,
    {
      status: 421,
      headers: { ...noPageHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    },
  )
