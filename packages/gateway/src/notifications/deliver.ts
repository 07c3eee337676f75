import { createHmac } from 'node:crypto'
import { type Charset, notification, type WireText } from '@sspay/protocol'
import { encodeForm, firstUnwritable } from '@sspay/protocol/charset'
import { legacyNotification, textOf } from '@sspay/protocol/internal'
import type { Context } from '../context.ts'
import { reachOf } from '../outgoing/address-guard.ts'
import { causeCode, outgoingFailure } from '../outgoing/failure.ts'
import type { OutgoingAnswer } from '../outgoing/model.ts'
import type { Secret } from '../secret.ts'
import type { AttemptResult, NotificationReference, NotificationState, NotificationTarget } from './model.ts'
import { openFields } from './row.ts'
import { shopAnswerOf } from './shop-answer.ts'
import {
  type ClaimedNotification,
  findNotificationTarget,
  notificationsOf,
  recordAttempt,
  requeueNotification,
} from './store.ts'
import { wakeDelivery } from './wake.ts'

/**
 * Webhook signature headers (Standard Webhooks): an id that stays the same on every attempt, Unix time in seconds, and
 * one HMAC per key over `id.timestamp.body`. Without keys there is no signature; the id still identifies a duplicate.
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

/** `in_flight`: a delivery attempt is running. */
export type ResendResult = 'pending' | 'unknown' | 'no_endpoint' | 'in_flight'

/** Makes a notification pending again, due at once, with all its attempts. The order within its payment stays. */
export async function resendNotification(
  context: Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>,
  reference: NotificationReference,
): Promise<ResendResult> {
  const { transactionId, sequence } = reference
  const notification = (await notificationsOf(context, transactionId)).find((one) => one.sequence === sequence)
  if (notification === undefined) return 'unknown'
  const { merchantId } = notification
  if ((await findNotificationTarget(context, merchantId)) === undefined) return 'no_endpoint'
  if (!(await requeueNotification(context, reference, context.runtime.now()))) return 'in_flight'
  context.log.info('notification_resent', { transactionId, sequence, merchantId })
  wakeDelivery(context.storage)
  return 'pending'
}

const sign = (key: Secret, content: string): string =>
  createHmac('sha256', Buffer.from(key.expose().replace(/^whsec_/, ''), 'base64'))
    .update(content)
    .digest('base64')

const maxAnswerBytes = 64 * 1024
const minuteMs = 60_000

/** Whether the payment is one of the shop at the target; one that is not is not sent. Default: every payment is. */
export type ConcernsTarget = (
  notification: NotificationReference,
  target: Pick<NotificationTarget, 'url'>,
) => Promise<boolean>

export interface DeliveryContext extends Context {
  /** The form of a notification that stores none: the payment's answer and state. Undefined when it cannot be read. */
  readonly formOfAnswer: (
    notification: Pick<ClaimedNotification, 'transactionId' | 'paymentState'>,
  ) => Promise<WireText | undefined>
  readonly concernsTarget?: ConcernsTarget | undefined
  /** Called after each attempt with the state it led to. */
  readonly onAttempt?: ((state: NotificationState) => void) | undefined
}

/** True without a target, too: that ends the delivery by itself. */
const concerns = (
  { concernsTarget }: DeliveryContext,
  notification: NotificationReference,
  target: NotificationTarget | undefined,
): Promise<boolean> =>
  target === undefined || concernsTarget === undefined ? Promise.resolve(true) : concernsTarget(notification, target)

/** One delivery attempt of a claimed notification (Q05). Retries come at the merchant's interval, up to its maximum. */
export async function deliver(context: DeliveryContext, notification: ClaimedNotification): Promise<void> {
  const startedAt = context.runtime.now()
  const { merchantId, transactionId, sequence } = notification
  const target = await findNotificationTarget(context, merchantId)
  const isOfOtherShop = !(await concerns(context, notification, target))
  if (isOfOtherShop) context.log.info('notification_of_other_shop', { transactionId, merchantId, sequence })
  if (target === undefined || isOfOtherShop) {
    const { attempts } = notification
    const ended = { state: 'no_endpoint', result: undefined, attempts, deliveredAt: undefined } as const
    if (await recordAttempt(context, notification, { ...ended, nextAttemptAt: startedAt, endedAt: startedAt }))
      context.onAttempt?.(ended.state)
    return
  }

  const { result, shopAnswer, cause } = await attempt(context, notification, target)
  const attempts = notification.attempts + 1
  const endedAt = context.runtime.now()
  const state = stateAfter(result, attempts, target)
  const isRecorded = await recordAttempt(context, notification, {
    state,
    result,
    shopAnswer,
    attempts,
    endedAt,
    nextAttemptAt: new Date(startedAt.getTime() + target.intervalMinutes * minuteMs),
    deliveredAt: state === 'delivered' ? endedAt : undefined,
  })
  if (isRecorded) context.onAttempt?.(state)
  const durationMs = endedAt.getTime() - startedAt.getTime()
  const line = { transactionId, merchantId, sequence, attempt: attempts, result, cause, state, durationMs }
  context.log.info('notification_attempted', isRecorded ? line : { ...line, state: 'claimed by another gateway' })
}

function stateAfter(result: AttemptResult, attempts: number, { maxAttempts }: NotificationTarget): NotificationState {
  if (result === 'delivered') return 'delivered'
  return attempts < maxAttempts ? 'pending' : 'exhausted'
}

interface Attempt {
  readonly result: AttemptResult
  readonly shopAnswer?: string | undefined
  /** Of a failed connection. */
  readonly cause?: string
}

async function attempt(
  context: DeliveryContext,
  notification: ClaimedNotification,
  target: NotificationTarget,
): Promise<Attempt> {
  const fields = await formOf(context, notification)
  if (fields === undefined) return { result: 'form_unwritable' }
  const form = target.fieldNames === 'legacy' ? withLegacyNames(fields) : fields
  const body = writeForm(form, target.charset)
  const { runtime, settings } = context
  try {
    const answer = await runtime.fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': `application/x-www-form-urlencoded; charset=${target.charset}`,
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'sspay',
        ...webhookHeaders(notification, { body, keys: target.webhookKeys, now: (runtime.wallClock ?? runtime.now)() }),
      },
      body,
      timeoutMs: settings.notificationTimeoutMs,
      guard: { reach: reachOf(settings), keepBytes: maxAnswerBytes },
    })
    const result = attemptResultOf(answer)
    return result === 'delivered' ? { result } : { result, shopAnswer: shopAnswerOf(answer) }
  } catch (cause) {
    return { result: outgoingFailure(cause), cause: causeCode(cause) }
  }
}

/** Rejects when the database is unavailable: that counts as no attempt, and a retry follows when the claim expires. */
async function formOf({ keyRing, log, formOfAnswer }: DeliveryContext, notification: ClaimedNotification) {
  const { transactionId, sequence, encryptedFields } = notification
  if (encryptedFields === undefined) {
    const form = await formOfAnswer(notification)
    if (form === undefined) log.error('notification_unwritable', { transactionId, sequence })
    return form
  }
  try {
    return openFields(keyRing, notification, encryptedFields)
  } catch (cause) {
    log.error('notification_unwritable', { transactionId, sequence, cause })
    return undefined
  }
}

/** In the merchant's charset. A character that windows-949 lacks becomes `?`, so that the notification goes out. */
function writeForm(fields: WireText, charset: Charset): string {
  const writable = (text: string): string => {
    const found = firstUnwritable(text, charset)
    return found === undefined ? text : writable(text.replaceAll(found, '?'))
  }
  const entries = Object.entries(fields).map(([name, text]) => [name, writable(text ?? '')])
  return encodeForm(Object.fromEntries(entries), charset)
}

export function attemptResultOf({ status, body }: OutgoingAnswer): AttemptResult {
  if (status !== 200) return `http_${status}`
  return saysOk(body) ? 'delivered' : 'no_ok'
}

/** `OK` as a word of its own, neither negated (`NOT OK`) nor the name of a value that denies it (`"OK": false`). */
const okWord =
  /(?<!\w)(?<!(?:\b[Nn][Oo][Tt]?|[Nn]'[Tt])[ \t-]{1,3})OK(?!\w)(?!["']?\s{0,3}[:=]\s{0,3}["']?(?:[Ff]alse|FALSE|0|[Nn]|[Nn][Oo])\b)/

/** `OK` has the same bytes in every charset of shops, except for the zero bytes of UTF-16. */
const saysOk = (body: Uint8Array): boolean => okWord.test(Buffer.from(body).toString('latin1').replaceAll('\0', ''))

/**
 * A notification under the names of older receivers (Q05), all of them, empty if there is no value. A refund has its
 * own amount and time in the place of the approval's.
 */
function withLegacyNames(form: WireText): WireText {
  const read = (name: string): string => textOf(notification, form, name)
  const refundAmount = read('refundAmount')
  const refundedAt = `${read('cancelDate').slice(2)}${read('cancelTime')}`
  const ofRefund: WireText = refundAmount === '' ? {} : { amount: refundAmount, approvedAt: refundedAt }
  return Object.fromEntries(
    Object.entries(legacyNotification).map(([wireName, { name }]) => [wireName, ofRefund[name] ?? read(name)]),
  )
}
