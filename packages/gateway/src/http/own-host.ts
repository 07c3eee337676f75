import { isIP } from 'node:net'
import type { Caller } from './client-address.ts'

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

/**
 * Whether a page without login may answer under this name. Whoever owns a name can let it point at this machine (DNS rebinding), and then
 * a page of theirs reads ours as its own. So only addresses, this machine's own name and names that the operator lists are answered.
 */
export function isOwnHost(hostname: string, listed: readonly string[]): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return isIP(name) !== 0 || isLocalHost(name) || listed.includes(name)
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/** Lets `answer` hear only what was asked under a host of its own. */
export const underOwnHost =
  (answer: Answer, listed: readonly string[]): Answer =>
  async (request, caller) =>
    isOwnHost(new URL(request.url).hostname, listed) ? answer(request, caller) : misdirected()

const misdirected = (): Response =>
  new Response(
    `이 이름으로는 관리 화면을 열 수 없습니다. SSPAY_CONSOLE_HOSTS에 이름을 추가하거나 IP 주소로 여세요.
The console does not answer under this name. Add it to SSPAY_CONSOLE_HOSTS, or open the console by its IP address.
`,
    { status: 421, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } },
  )
