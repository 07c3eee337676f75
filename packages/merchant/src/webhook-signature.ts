import { createHmac } from 'node:crypto'
import { signatureMatches } from '@sspay/protocol/signature'

/** Why the Standard Webhooks headers of a notification are rejected. */
export type WebhookRejection =
  | 'webhook_headers_missing'
  | 'webhook_too_old'
  | 'webhook_in_future'
  | 'webhook_signature_wrong'

interface WebhookRules {
  /** `whsec_` and Base64, or the Base64 alone. Any of them may have signed. */
  readonly keys: readonly string[]
  readonly toleranceMs: number
  readonly now: Date
}

/**
 * Verifies the Standard Webhooks headers over the received bytes: HMAC-SHA-256 of `id.timestamp.body`, any of several
 * `v1` signatures. Undefined if valid. Throws a `TypeError` for a malformed key.
 */
export function findWebhookRejection(
  headers: Headers,
  body: Uint8Array,
  rules: WebhookRules,
): WebhookRejection | undefined {
  const keys = rules.keys.map(bytesOf)
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const given = headers.get('webhook-signature') ?? ''
  if (id === '' || !/^[0-9]{1,12}$/.test(timestamp) || given === '') return 'webhook_headers_missing'

  const signatures = given.split(' ').filter((signature) => signature.startsWith('v1,'))
  const expected = keys.map((key) => `v1,${sign(key, `${id}.${timestamp}.`, body)}`)
  const isRight = signatures.some((signature) => expected.some((right) => signatureMatches(signature, right)))
  if (!isRight) return 'webhook_signature_wrong'

  const ageMs = rules.now.getTime() - Number(timestamp) * 1000
  if (ageMs > rules.toleranceMs) return 'webhook_too_old'
  return ageMs < -rules.toleranceMs ? 'webhook_in_future' : undefined
}

/** An empty setting would be a key that anybody can guess. */
function bytesOf(key: string): Uint8Array {
  const base64 = key.replace(/^whsec_/, '')
  if (!/^[A-Za-z0-9+/]{32,}={0,2}$/.test(base64))
    throw new TypeError('webhookKeys: whsec_ and Base64 of at least 24 bytes')
  return Buffer.from(base64, 'base64')
}

const sign = (key: Uint8Array, prefix: string, body: Uint8Array): string =>
  createHmac('sha256', key).update(prefix, 'utf8').update(body).digest('base64')
