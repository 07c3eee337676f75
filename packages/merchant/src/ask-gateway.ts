import type { WireText } from '@sspay/protocol'
import { readJsonText } from './answer.ts'
import type { Merchant } from './merchant.ts'

const maxAnswerBytes = 1_048_576

export interface GatewayTrouble {
  readonly cause: 'unreachable' | 'interrupted' | 'timeout' | 'unreadable_answer'
  readonly error?: unknown
}

export type GatewayAnswer =
  | { readonly ok: true; readonly raw: WireText }
  | { readonly ok: false; readonly trouble: GatewayTrouble }

/** Posts one JSON message. Every API path answers HTTP 200 with a JSON object; anything else is no answer. */
export async function askGateway(merchant: Merchant, url: string, message: WireText): Promise<GatewayAnswer> {
  const { transport, connectTimeoutMs, readTimeoutMs } = merchant
  const answer = await transport({
    url,
    body: JSON.stringify(message),
    connectTimeoutMs,
    readTimeoutMs,
    maxAnswerBytes,
  })

  if (answer.result === 'too_large') return unreadable(`the answer has more than ${maxAnswerBytes} bytes`)
  if (answer.result !== 'answered') return { ok: false, trouble: { cause: answer.result, error: answer.error } }
  if (answer.status !== 200) return unreadable(`the service answered HTTP ${answer.status}`)

  const raw = readJsonText(answer.body)
  return raw === undefined ? unreadable('the answer is not a JSON object') : { ok: true, raw }
}

const unreadable = (message: string): GatewayAnswer => ({
  ok: false,
  trouble: { cause: 'unreadable_answer', error: new Error(message) },
})
