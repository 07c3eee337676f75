import 'reflect-metadata'
import { createHash } from 'node:crypto'
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509'
import { type Listener, listen, realRuntime } from '@sspay/gateway'
import { faultsAround } from '../../src/faults/around.ts'
import { createIdentify } from '../../src/faults/identify.ts'
import { createFaultRules, type FaultRules } from '../../src/faults/rules.ts'

const host = '127.0.0.1'
export const merchantKey = 'k'.repeat(32)
export const orderOf = (transactionId: string): string =>
  `order-${createHash('md5').update(transactionId).digest('hex').slice(0, 8)}`

export interface FaultyListener extends Listener {
  readonly rules: FaultRules
  /** Number of processed requests. */
  workDone(): number
  stop(): void
}

export interface ServiceOptions {
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly answer: (body: string, call: number) => Response
}

/** A listener in the gateway's place with fault injection, which counts the processed requests. */
export async function startFaultyListener({ tls, answer }: ServiceOptions): Promise<FaultyListener> {
  const rules = createFaultRules(realRuntime)
  const stopping = new AbortController()
  let calls = 0
  const fetch = async (request: Request): Promise<Response> => answer(await request.text(), ++calls)
  const identify = createIdentify({ merchantKey, findOrderId: async (transactionId) => orderOf(transactionId) })
  const around = faultsAround({
    listener: tls === undefined ? 'gateway' : 'gatewayTls',
    fetch,
    rules,
    identify,
    runtime: realRuntime,
    stopping: stopping.signal,
  })
  const listener = await listen({ fetch, host, port: 0, tls, wrap: around })
  return { ...listener, rules, workDone: () => calls, stop: () => stopping.abort() }
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const

export async function createTlsFiles(
  kind: 'ecdsa' | 'rsa' = 'ecdsa',
): Promise<{ readonly key: string; readonly cert: string }> {
  const algorithm = kind === 'rsa' ? rsa : ecdsa
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=localhost', keys })
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { key, cert: certificate.toString('pem') }
}
