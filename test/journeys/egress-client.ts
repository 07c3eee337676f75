import { readFileSync } from 'node:fs'
import { fetchTransport, nodeTransport, type Transport } from '@sspay/merchant'
import { ProxyAgent, fetch as undiciFetch } from 'undici'
import { createGuardedFetch } from '../../packages/gateway/src/outgoing/guarded-fetch.ts'
import { createKeptClient } from '../../packages/gateway/src/outgoing/kept-connections.ts'
import { realRuntime } from '../../packages/gateway/src/runtime.ts'

export function proxyTransport(proxyUrl: string): Transport {
  const dispatcher = new ProxyAgent(proxyUrl)
  const fetchByProxy = (url: string, options: object) => undiciFetch(url, { ...options, dispatcher })
  return fetchTransport(fetchByProxy as typeof fetch)
}

const [caFile = '', proxyUrl = '', ...calls] = process.argv.slice(2)

const limits = { body: '{}', connectTimeoutMs: 5_000, readTimeoutMs: 5_000, maxAnswerBytes: 1_000 }
const request = { method: 'POST', body: '{}', timeoutMs: 5_000 } as const
const guard = { reach: 'public-or-loopback', keepBytes: 1_000 } as const
const node = nodeTransport({ certificateAuthority: readFileSync(caFile, 'utf8') })

/** The clients of shop and gateway, as a process of their own uses them. */
const clients: Readonly<Record<string, (url: string) => Promise<object>>> = {
  node: (url) => node({ url, ...limits }),
  fetch: (url) => fetchTransport()({ url, ...limits }),
  undici: (url) => proxyTransport(proxyUrl)({ url, ...limits }),
  kept: (url) => createKeptClient(realRuntime)(url, request),
  guarded: (url) => createGuardedFetch(realRuntime)(url, { ...request, guard }),
}

const outcomes: unknown[] = []
for (const call of calls) {
  const [name = '', url = ''] = call.split(' ')
  const answer: { readonly outcome?: string; readonly status?: number } = (await clients[name]?.(url)) ?? {}
  outcomes.push(answer.status ?? answer.outcome)
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit())
