import type { WireText } from '@sspay/protocol'
import { readJsonText } from './answer.ts'
import type { Merchant } from './merchant.ts'
import type { TransportResult } from './transport.ts'

const maxAnswerBytes = 1_048_576

export interface GatewayFailure {
  readonly cause: 'unreachable' | 'interrupted' | 'timeout' | 'unreadable_answer'
  readonly error?: unknown
}

export type GatewayAnswer =
  | { readonly ok: true; readonly raw: WireText }
  | { readonly ok: false; readonly failure: GatewayFailure }

/** Posts one JSON message. Every API path answers HTTP 200 with a JSON object; anything else is no answer. */
export async function askGateway(merchant: Merchant, url: string, message: WireText): Promise<GatewayAnswer> {
  const answer = await send(merchant, url, JSON.stringify(message))

  if (answer.result === 'too_large') return unreadable(`the answer has more than ${maxAnswerBytes} bytes`)
  if (answer.result !== 'answered') return { ok: false, failure: { cause: answer.result, error: answer.error } }
  if (answer.status !== 200) return unreadable(`the service answered HTTP ${answer.status}`)

  const raw = readJsonText(answer.body)
  return raw === undefined ? unreadable('the answer is not a JSON object') : { ok: true, raw }
}

/** A transport of the shop's own may reject although it must not; nobody knows then whether the request has left. */
async function send(
  { transport, connectTimeoutMs, readTimeoutMs }: Merchant,
  url: string,
  body: string,
): Promise<TransportResult> {
  try {
    return await transport({ url, body, connectTimeoutMs, readTimeoutMs, maxAnswerBytes })
  } catch (error) {
    return { result: 'interrupted', error }
  }
}

const unreadable = (message: string): GatewayAnswer => ({
  ok: false,
  failure: { cause: 'unreadable_answer', error: new Error(message) },
})
