import type { WireText } from '@sspay/protocol'
import type { Context } from '../context.ts'
import { outgoingFailure } from '../outgoing/failure.ts'
import type { OutgoingAnswer } from '../outgoing/model.ts'
import type { AttemptResult, NoticeState, NotificationTarget } from './model.ts'
import { openFields } from './row.ts'
import { type ClaimedNotice, findNotificationTarget, recordAttempt } from './store.ts'
import { webhookHeaders } from './webhook-headers.ts'
import { writeNotice } from './write-notice.ts'

const keptAnswerBytes = 64 * 1024
const minuteMs = 60_000

export interface DeliveryContext extends Context {
  /** The form of a notice that has none of its own: the payment's answer, with the state. Undefined when it cannot be read. */
  readonly formOfAnswer: (
    notice: Pick<ClaimedNotice, 'transactionId' | 'paymentState'>,
  ) => Promise<WireText | undefined>
  /** Hears of the state in which each attempt has left its notice. */
  readonly onAttempt?: ((state: NoticeState) => void) | undefined
}

/** One attempt of a claimed notice, from the target to the record of how it ended (Q05). */
export async function deliver(context: DeliveryContext, notice: ClaimedNotice): Promise<void> {
  const startedAt = context.runtime.now()
  const { merchantId, transactionId, sequence } = notice
  const target = await findNotificationTarget(context, merchantId)
  if (target === undefined) {
    const { attempts } = notice
    const unaddressed = { state: 'unaddressed', result: undefined, attempts, deliveredAt: undefined } as const
    if (await recordAttempt(context, notice, { ...unaddressed, nextAttemptAt: startedAt, endedAt: startedAt }))
      context.onAttempt?.(unaddressed.state)
    return
  }

  const result = await attempt(context, notice, target, startedAt)
  const attempts = notice.attempts + 1
  const endedAt = context.runtime.now()
  const state = stateAfter(result, attempts, target)
  const isRecorded = await recordAttempt(context, notice, {
    ...{ state, result, attempts, endedAt },
    nextAttemptAt: new Date(startedAt.getTime() + target.intervalMinutes * minuteMs),
    deliveredAt: state === 'delivered' ? endedAt : undefined,
  })
  if (isRecorded) context.onAttempt?.(state)
  const durationMs = endedAt.getTime() - startedAt.getTime()
  const line = { transactionId, merchantId, sequence, attempt: attempts, result, state, durationMs }
  context.log.info('notice_attempted', isRecorded ? line : { ...line, state: 'claimed again by another' })
}

function stateAfter(result: AttemptResult, attempts: number, { maxAttempts }: NotificationTarget): NoticeState {
  if (result === 'delivered') return 'delivered'
  return attempts < maxAttempts ? 'waiting' : 'resting'
}

async function attempt(
  context: DeliveryContext,
  notice: ClaimedNotice,
  target: NotificationTarget,
  now: Date,
): Promise<AttemptResult> {
  const fields = await formOf(context, notice)
  if (fields === undefined) return 'form_unwritable'
  const body = writeNotice(fields, target.charset)
  const { runtime, settings } = context
  try {
    const answer = await runtime.fetch(target.url, {
      method: 'POST',
      headers: {
        'content-type': `application/x-www-form-urlencoded; charset=${target.charset}`,
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'sspay',
        ...webhookHeaders(notice, { body, keys: target.webhookKeys, now }),
      },
      body,
      timeoutMs: settings.notificationTimeoutMs,
      guard: { reach: settings.isSandbox ? 'public-or-loopback' : 'public', keepBytes: keptAnswerBytes },
    })
    return attemptResultOf(answer)
  } catch (cause) {
    return outgoingFailure(cause)
  }
}

/** Rejects when the database is away: that is no attempt, and the notice is due again when its claim has run out. */
async function formOf(
  { keyRing, log, formOfAnswer }: DeliveryContext,
  notice: ClaimedNotice,
): Promise<WireText | undefined> {
  const { transactionId, sequence, sealedFields } = notice
  if (sealedFields === undefined) {
    const form = await formOfAnswer(notice)
    if (form === undefined) log.error('notice_unwritable', { transactionId, sequence })
    return form
  }
  try {
    return openFields(keyRing, notice, sealedFields)
  } catch (cause) {
    log.error('notice_unwritable', { transactionId, sequence, cause })
    return undefined
  }
}

/** How a shop's answer to a notice counts. */
export function attemptResultOf({ status, body }: OutgoingAnswer): AttemptResult {
  if (status !== 200) return `http_${status}`
  return saysOk(body) ? 'delivered' : 'no_ok'
}

/** `OK` has the same bytes in every charset that shops write, but for the zeros that UTF-16 puts between. */
const saysOk = (body: Uint8Array): boolean => Buffer.from(body).toString('latin1').replaceAll('\0', '').includes('OK')
