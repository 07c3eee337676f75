import { type IncomingMessage, Agent as PlainAgent, request as requestPlain } from 'node:http'
import { request as requestSecure, Agent as SecureAgent } from 'node:https'
import { urlToHttpOptions } from 'node:url'
import type { OutgoingAnswer, OutgoingRequest, Schedule } from './model.ts'

/** Below the five seconds after which Node's own servers close an idle connection, so that this side closes first. */
const idleMs = 4_000

const answerLimitBytes = 1024 * 1024

/**
 * Outgoing HTTP to addresses that the operator has set: card network, identity agency. Connections are kept per origin, which costs half of the
 * processor time of the global `fetch`. Redirects are answers. Rejects on connection failures, with a `TimeoutError` when the whole answer has
 * not arrived in time, and with a `RangeError` for an answer above 1 MiB.
 */
export function createKeptClient({ schedule }: { readonly schedule: Schedule }) {
  const plain = new PlainAgent({ keepAlive: true, timeout: idleMs })
  const secure = new SecureAgent({ keepAlive: true, timeout: idleMs, minVersion: 'TLSv1.2' })
  // An operator has a handful of addresses, each asked under a few paths: they are parsed once.
  const targets = new Map<string, ReturnType<typeof urlToHttpOptions>>()
  const targetOf = (url: string) => {
    const known = targets.get(url)
    if (known !== undefined) return known
    const parsed = urlToHttpOptions(new URL(url))
    if (targets.size < mostTargets) targets.set(url, parsed)
    return parsed
  }

  return (url: string, { method, headers = {}, body = '', timeoutMs }: OutgoingRequest): Promise<OutgoingAnswer> => {
    const { promise, resolve, reject } = Promise.withResolvers<OutgoingAnswer>()
    const target = targetOf(url)
    const [open, agent] = target.protocol === 'https:' ? [requestSecure, secure] : [requestPlain, plain]
    const length = method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) }
    const asked = open({ ...target, agent, method, headers: { ...headers, ...length } })
    const stopTimer = schedule(timeoutMs, () =>
      asked.destroy(new DOMException(`no whole answer within ${timeoutMs} ms`, 'TimeoutError')),
    )
    const end = (finish: () => void): void => {
      stopTimer()
      finish()
    }
    asked.on('error', (cause) => end(() => reject(cause)))
    asked.on('response', (answer) => {
      collect(answer).then(
        (found) => end(() => resolve(found)),
        (cause: unknown) => {
          asked.destroy()
          end(() => reject(cause))
        },
      )
    })
    asked.end(method === 'GET' ? undefined : body)
    return promise
  }
}

const mostTargets = 100

function collect(answer: IncomingMessage): Promise<OutgoingAnswer> {
  const parts: Buffer[] = []
  let length = 0
  const { promise, resolve, reject } = Promise.withResolvers<OutgoingAnswer>()
  answer.on('data', (part: Buffer) => {
    length += part.byteLength
    if (length > answerLimitBytes) reject(new RangeError(`the answer is larger than ${answerLimitBytes} bytes`))
    else parts.push(part)
  })
  answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: new Uint8Array(Buffer.concat(parts)) }))
  answer.on('error', reject)
  answer.on('close', () => reject(new Error('the connection ended within the answer')))
  return promise
}
