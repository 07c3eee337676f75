import type { LocalizedText } from '@sspay/protocol'
import { messagePage } from '../design/message-page.ts'
import { countEachSecond, type Log } from '../logging/log.ts'
import { isLoopbackAddress, unmapped } from '../network-address.ts'
import type { Runtime } from '../runtime.ts'
import { type Caller, cameEncrypted, clientKey } from './client-address.ts'
import { isPublicHost, type PublicHosts } from './public-host.ts'
import { isServerPath, withSingleSlashes } from './route-name.ts'

export interface PublicGuard {
  readonly runtime: Pick<Runtime, 'schedule'>
  readonly log: Log
  readonly proxyHops: number
  readonly publicHosts: PublicHosts
  /** The operator allows buyers to type card numbers and passwords over plain HTTP. */
  readonly allowsPlainWindow: boolean
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/** Bounds memory under a flood of addresses. */
const mostWarnedClients = 1_000

const plainWindow: LocalizedText = {
  ko: '암호화되지 않은 연결에서는 결제할 수 없습니다. https:// 주소로 열어 주세요.',
  en: 'Payments are not accepted over an unencrypted connection. Open the https:// address.',
}
const hostUnknown: LocalizedText = {
  ko: '이 주소로는 결제창을 열 수 없습니다. 쇼핑몰에서 다시 시작해 주세요.',
  en: 'The payment window does not open under this address. Start again in the shop.',
}

/**
 * Checks host and transport before a request reaches the gateway. The payment window answers under its own host names
 * only (421), and accepts buyer input over TLS or from this machine only (403). API calls of shops pass over plain
 * HTTP, since their data is signed and private networks are common; the first of each client is logged.
 */
export function guardPublic(answer: Answer, guard: PublicGuard): Answer {
  const { runtime, log, proxyHops, publicHosts } = guard
  const logRejected = countEachSecond(runtime, log, 'window_rejected')
  const warnOfPlainCall = createPlainCallWarning(log)
  return async (request, caller = {}) => {
    const { hostname, pathname: path } = new URL(request.url)
    const pathname = withSingleSlashes(path)
    if (pathname.startsWith('/ssp/') && publicHosts !== undefined && !isPublicHost(hostname, publicHosts)) {
      logRejected({ reason: 'host_unknown', host: hostname.slice(0, 100) })
      return messagePage(421, hostUnknown, { frameAncestors: '*' })
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead || isTrustedTransport(request, caller, proxyHops)) return answer(request, caller)
    if (isServerPath(pathname)) warnOfPlainCall(clientKey(request, caller, proxyHops))
    else if (!guard.allowsPlainWindow) {
      logRejected({ reason: 'not_encrypted' })
      return messagePage(403, plainWindow, { frameAncestors: '*' })
    }
    return answer(request, caller)
  }
}

/** TLS as far as the outermost proxy, or from this machine without a proxy. */
function isTrustedTransport(request: Request, { address }: Caller, proxyHops: number): boolean {
  if (cameEncrypted(request, proxyHops)) return true
  const isForwarded =
    proxyHops > 0 && ['x-forwarded-for', 'x-forwarded-proto'].some((name) => request.headers.has(name))
  return !isForwarded && address !== undefined && isLoopbackAddress(unmapped(address))
}

function createPlainCallWarning(log: Log): (client: string | undefined) => void {
  const warned = new Set<string | undefined>()
  return (client) => {
    if (warned.has(client) || warned.size >= mostWarnedClients) return
    warned.add(client)
    log.warn('api_call_not_encrypted', { address: client })
  }
}
