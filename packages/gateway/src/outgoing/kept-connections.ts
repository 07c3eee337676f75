import { EventEmitter } from 'node:events'
import { Agent, type Dispatcher } from 'undici'
import type { ClientTls, OutgoingAnswer, OutgoingRequest, Schedule } from './model.ts'
import { withTimeout } from './with-timeout.ts'

/** The timeout of a request is its own. A server that announces how long it keeps a connection is believed, less a second. */
const agentOptions = {
  keepAliveTimeout: 4_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxResponseSize: 1024 * 1024,
} as const

/**
 * Outgoing HTTP to addresses that the operator has set: card network, identity agency. Connections are kept per
 * origin. Redirects are answers. Rejects on connection failures, with a `TimeoutError` when the whole answer has not
 * arrived in time, and for an answer above 1 MiB. A request that may have reached its server is never sent again.
 */
export function createKeptClient({ schedule }: { readonly schedule: Schedule }) {
  const agentOf = createAgents()
  return (
    url: string,
    { method, headers = {}, body = '', timeoutMs, tls }: OutgoingRequest,
  ): Promise<OutgoingAnswer> => {
    const stopping = new EventEmitter()
    const asked = ask(agentOf(tls), {
      ...targetOf(url),
      method,
      headers,
      signal: stopping,
      ...(method === 'GET' ? {} : { body }),
    })
    return withTimeout(asked, { schedule, timeoutMs, stop: () => stopping.emit('abort') })
  }
}

async function ask(agent: Agent, request: Dispatcher.RequestOptions): Promise<OutgoingAnswer> {
  const { statusCode, body } = await agent.request(request)
  return { status: statusCode, body: await body.bytes() }
}

/** Of an absolute address, which nobody needs to parse. */
function targetOf(url: string): { readonly origin: string; readonly path: string } {
  const end = url.indexOf('/', url.indexOf('//') + 2)
  return end < 0 ? { origin: url, path: '/' } : { origin: url.slice(0, end), path: url.slice(end) }
}

const withoutIdentity: ClientTls = {}

/** An agent for each client identity: a connection that was authenticated for one service serves no other. */
function createAgents() {
  const agents = new WeakMap<ClientTls, Agent>()
  return (tls = withoutIdentity): Agent => {
    const known = agents.get(tls)
    if (known !== undefined) return known
    const { identity, ca } = tls
    const agent = new Agent({
      ...agentOptions,
      connect: {
        minVersion: 'TLSv1.2',
        ...(ca === undefined ? {} : { ca }),
        ...(identity === undefined ? {} : { key: identity.key.expose(), cert: identity.cert }),
      },
    })
    agents.set(tls, agent)
    return agent
  }
}
