import { EventEmitter } from 'node:events'
import type { Agent, Dispatcher } from 'undici'
import { type Schedule, within } from '../within.ts'
import type { ClientTls, Fetch, OutgoingAnswer } from './model.ts'

/** Each request has a timeout of its own. undici honours a server's `Keep-Alive` timeout, less a second. */
const agentOptions = {
  keepAliveTimeout: 4_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxResponseSize: 1024 * 1024,
} as const

/**
 * HTTP client with keep-alive connections, for addresses that the operator configures: card network, identity agency.
 * Does not follow redirects. Rejects on connection failures, with a `TimeoutError` if the whole answer has not arrived
 * in time, and for answers above 1 MiB. Never retries a request that may have reached its server.
 */
export function createKeptClient({ schedule }: { readonly schedule: Schedule }): Fetch {
  const agentOf = createAgents()
  return (url, { method, headers = {}, body = '', timeoutMs, tls }) => {
    const aborting = Object.assign(new EventEmitter(), { aborted: false })
    const content = method === 'GET' ? {} : { body }
    const asked = ask(agentOf(tls), { ...targetOf(url), method, headers, signal: aborting, ...content })
    return within({ schedule }, timeoutMs, asked, () => {
      aborting.aborted = true
      aborting.emit('abort')
    })
  }
}

async function ask(opening: Promise<Agent>, request: Dispatcher.RequestOptions): Promise<OutgoingAnswer> {
  const agent = await opening
  const { statusCode, body } = await agent.request(request)
  return { status: statusCode, body: await body.bytes() }
}

/** Splits an absolute URL without the cost of parsing it. */
function targetOf(url: string): { readonly origin: string; readonly path: string } {
  const end = url.indexOf('/', url.indexOf('//') + 2)
  return end < 0 ? { origin: url, path: '/' } : { origin: url.slice(0, end), path: url.slice(end) }
}

const withoutIdentity: ClientTls = {}

/** One agent per client certificate: a connection authenticated for one service is not reused for another. */
function createAgents() {
  const agents = new WeakMap<ClientTls, Promise<Agent>>()
  return (tls = withoutIdentity): Promise<Agent> => {
    const known = agents.get(tls)
    if (known !== undefined) return known
    const opening = openAgent(tls)
    agents.set(tls, opening)
    return opening
  }
}

/** Loads undici with the first request: its hundred modules would make each start slower. */
async function openAgent({ identity, ca }: ClientTls): Promise<Agent> {
  const { Agent } = await import('undici')
  return new Agent({
    ...agentOptions,
    connect: {
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(identity === undefined ? {} : { key: identity.key.expose(), cert: identity.cert }),
    },
  })
}
