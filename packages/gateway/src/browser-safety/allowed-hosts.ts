import { isIP } from 'node:net'
import { plainTextHeaders } from '../http/answer.ts'
import type { Caller } from '../http/client-address.ts'
import { isLoopbackHost, withoutBrackets } from '../network-address.ts'

/** Parses host names separated by commas: `ops.shop.example, console`. */
export function readHostNames(variable: string, text = ''): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const broken = names.find((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
  if (broken !== undefined) throw new Error(`${variable}: "${broken}" is not a host name; leave the port out`)
  return names
}

/** IP addresses, beside the listed names, under which a page without login answers. */
export type AllowedAddresses = 'loopback' | 'any'

/**
 * DNS rebinding protection for pages without login: the owner of any domain can point it at this machine and read the
 * page as same-origin. Only loopback names and the operator's own are allowed.
 */
export function isAllowedHost(
  hostname: string,
  listed: readonly string[],
  addresses: AllowedAddresses = 'loopback',
): boolean {
  const name = withoutBrackets(hostname)
  return isLoopbackHost(name) || listed.includes(name) || (addresses === 'any' && isIP(name) !== 0)
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/** Metrics collectors find a process by its IP address, and DNS rebinding needs a name. */
const pathForAnyAddress = '/metrics'

/** Answers 421 for every host that {@link isAllowedHost} does not allow. */
export const requireAllowedHost =
  (answer: Answer, listed: readonly string[], addresses: AllowedAddresses = 'loopback'): Answer =>
  async (request, caller) => {
    const { hostname, pathname } = new URL(request.url)
    const allowed = pathname === pathForAnyAddress ? 'any' : addresses
    return isAllowedHost(hostname, listed, allowed) ? answer(request, caller) : misdirected()
  }

const misdirected = (): Response =>
  new Response(
    `이 이름으로는 관리 화면을 열 수 없습니다. SSPAY_CONSOLE_HOSTS에 이름을 추가하거나 localhost로 여세요.
The console does not answer under this name. Add it to SSPAY_CONSOLE_HOSTS, or open the console as localhost.
`,
    { status: 421, headers: plainTextHeaders },
  )
