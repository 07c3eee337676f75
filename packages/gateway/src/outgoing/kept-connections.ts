import { Agent as PlainAgent, request as requestPlain } from 'node:http'
import { request as requestSecure, Agent as SecureAgent } from 'node:https'
import { createSecureContext } from 'node:tls'
import { urlToHttpOptions } from 'node:url'
import type { ClientTls, OutgoingAnswer, OutgoingRequest, Schedule } from './model.ts'
import { type AnswerLimit, readAnswer } from './read-answer.ts'
import { withTimeout } from './with-timeout.ts'

/** Below the five seconds after which Node's own servers close an idle connection, so that this side closes first. */
const idleMs = 4_000

const answerLimit: AnswerLimit = { bytes: 1024 * 1024, beyond: 'reject' }

const mostTargets = 100

/**
 * Outgoing HTTP to addresses that the operator has set: card network, identity agency. Connections are kept per
 * origin, which costs half of the processor time of the global `fetch`. Redirects are answers. Rejects on connection
 * failures, with a `TimeoutError` when the whole answer has not arrived in time, and with a `RangeError` for an answer
 * above 1 MiB.
 */
export function createKeptClient({ schedule }: { readonly schedule: Schedule }) {
  const plain = new PlainAgent({ keepAlive: true, timeout: idleMs })
  const secure = createSecureAgents()
  // An operator has a handful of addresses, each asked under a few paths: they are parsed once.
  const targets = new Map<string, ReturnType<typeof urlToHttpOptions>>()
  const targetOf = (url: string) => {
    const known = targets.get(url)
    if (known !== undefined) return known
    const parsed = urlToHttpOptions(new URL(url))
    if (targets.size < mostTargets) targets.set(url, parsed)
    return parsed
  }

  return (
    url: string,
    { method, headers = {}, body = '', timeoutMs, tls }: OutgoingRequest,
  ): Promise<OutgoingAnswer> => {
    const { promise, resolve, reject } = Promise.withResolvers<OutgoingAnswer>()
    const target = targetOf(url)
    const [open, agent] = target.protocol === 'https:' ? [requestSecure, secure(tls)] : [requestPlain, plain]
    const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) }
    const asked = open({ ...target, agent, method, headers: { ...headers, ...length } })
    asked.on('error', reject)
    asked.on('response', (answer) => resolve(readAnswer(answer, answerLimit)))
    asked.end(method === 'GET' ? undefined : body)
    return withTimeout(promise, { schedule, timeoutMs, stop: (cause) => asked.destroy(cause) })
  }
}

/** An agent for each client identity: a connection that was authenticated for one service serves no other. */
function createSecureAgents() {
  const withoutIdentity: ClientTls = {}
  const agents = new WeakMap<ClientTls, SecureAgent>()
  return (tls = withoutIdentity): SecureAgent => {
    const known = agents.get(tls)
    if (known !== undefined) return known
    const { identity, ca } = tls
    const secureContext = createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(identity === undefined ? {} : { key: identity.key.expose(), cert: identity.cert }),
    })
    const agent = new SecureAgent({ keepAlive: true, timeout: idleMs, secureContext })
    agents.set(tls, agent)
    return agent
  }
}
