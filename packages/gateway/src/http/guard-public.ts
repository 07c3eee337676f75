import type { LocalizedText } from '@sspay/protocol'
import { countEachSecond } from '../admission/count-each-second.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import { type Caller, clientKey } from './client-address.ts'
import { cameEncrypted } from './encrypted.ts'
import { isLoopbackAddress } from './own-host.ts'
import { isPublicHost, type PublicHosts } from './public-host.ts'
import { sentencePage } from './sentence-page.ts'

export interface PublicGuard {
  readonly runtime: Pick<Runtime, 'schedule'>
  readonly log: Log
  readonly proxyHops: number
  readonly publicHosts: PublicHosts
  /** The operator has said that buyers may type card numbers and passwords over plain HTTP. */
  readonly allowsPlainWindow: boolean
}

type Answer = (request: Request, caller?: Caller) => Promise<Response>

/** Enough for every shop; a flood of addresses must not fill the memory. */
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
 * The rules about the way a request has come, before the gateway sees it. The window answers under its own names only, and takes what a buyer
 * types over an encrypted connection or from this machine only. Calls of shops' servers are taken over plain HTTP too, since they carry
 * signed data and private networks are common; the first of each client is logged.
 */
export function guardPublic(answer: Answer, guard: PublicGuard): Answer {
  const { runtime, log, proxyHops, publicHosts } = guard
  const logRejected = countEachSecond(runtime, log, 'window_rejected')
  const warnOfPlainCall = createPlainCallWarning(log)
  return async (request, caller = {}) => {
    const { hostname, pathname } = new URL(request.url)
    if (pathname.startsWith('/ssp/') && publicHosts !== undefined && !isPublicHost(hostname, publicHosts)) {
      logRejected({ reason: 'host_unknown', host: hostname.slice(0, 100) })
      return sentencePage(421, hostUnknown, { frameAncestors: '*' })
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead || isTrustedWay(request, caller, proxyHops)) return answer(request, caller)
    if (pathname.startsWith('/payment/')) warnOfPlainCall(clientKey(request, caller, proxyHops))
    else if (!guard.allowsPlainWindow) {
      logRejected({ reason: 'not_encrypted' })
      return sentencePage(403, plainWindow, { frameAncestors: '*' })
    }
    return answer(request, caller)
  }
}

/** Encrypted as far as the outermost proxy, or from this machine and over no declared proxy. */
function isTrustedWay(request: Request, { address }: Caller, proxyHops: number): boolean {
  if (cameEncrypted(request, proxyHops)) return true
  const isForwarded =
    proxyHops > 0 && ['x-forwarded-for', 'x-forwarded-proto'].some((name) => request.headers.has(name))
  return !isForwarded && address !== undefined && isLoopbackAddress(address.replace(/^::ffff:/, ''))
}

function createPlainCallWarning(log: Log): (client: string | undefined) => void {
  const warned = new Set<string | undefined>()
  return (client) => {
    if (warned.has(client) || warned.size >= mostWarnedClients) return
    warned.add(client)
    log.warn('api_call_not_encrypted', { address: client })
  }
}
