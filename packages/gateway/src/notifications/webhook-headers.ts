import { createHmac } from 'node:crypto'
import type { Secret } from '../secret.ts'
import type { NotificationReference } from './model.ts'

/**
 * The headers of Standard Webhooks: an id that stays the same on every attempt, Unix time in seconds, and one HMAC per
 * key over
 * `id.timestamp.body`. Without keys there is no signature; the id still identifies a duplicate.
 */
export function webhookHeaders(
  { transactionId, sequence }: NotificationReference,
  { body, keys, now }: { readonly body: string; readonly keys: readonly Secret[]; readonly now: Date },
): Readonly<Record<string, string>> {
  const id = `${transactionId}-${sequence}`
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = keys.map((key) => `v1,${sign(key, `${id}.${timestamp}.${body}`)}`)
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
  }
}

const sign = (key: Secret, content: string): string =>
  createHmac('sha256', Buffer.from(key.expose().replace(/^whsec_/, ''), 'base64'))
    .update(content)
    .digest('base64')
