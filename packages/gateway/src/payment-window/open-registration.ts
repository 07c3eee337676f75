import { billKeyRequest } from '@sspay/protocol'
import { writeRegistrationId } from '../approval/transaction-id.ts'
import type { Form } from '../http/read-body.ts'
import { holdsMerchantKey } from '../request-log/describe-call.ts'
import { randomBelow } from '../runtime.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { createBinding } from './browser-binding.ts'
import type { WindowContext } from './model.ts'
import { logRejection, type OpenedWindow, type Opener } from './open-window.ts'
import { readRegistration } from './read-registration.ts'
import type { Rejected } from './read-request.ts'
import { startSession } from './session.ts'

/** Opens the window that issues a bill key; a rejection stores nothing and logs one line. */
export async function openRegistration(
  context: WindowContext,
  form: Form,
  { language }: Pick<Opener, 'language'>,
): Promise<OpenedWindow | Rejected> {
  const read = await readRegistration(context, form)
  if (!read.ok) {
    logRejection(context, { event: 'bill_key_request_rejected', table: billKeyRequest, fields: form.fields }, read)
    return read
  }
  const { requestedAt: _, checksum, ...request } = read.request
  const { merchantId, orderId } = request
  const admitted = context.limits.openings.take({ merchantId, orderId, signature: checksum })
  if (!admitted.ok) {
    context.log.warn('window_rejected', { reason: 'overloaded', merchantId })
    return { ok: false, reason: 'overloaded', problems: [], retryAfterMs: admitted.retryAfterMs }
  }
  if (holdsMerchantKey(form.fields)) recordSecurityEvent(context, { name: 'merchant_key_leaked', merchantId })
  const { runtime, settings } = context
  const { browser, secrets } = createBinding(context)
  for (;;) {
    const now = runtime.now()
    const transactionId = writeRegistrationId(merchantId, now, randomBelow(runtime, 10_000))
    const registration = { request, openedAt: now.getTime(), expiresAt: now.getTime() + settings.windowLifeMs }
    const state = { channel: { by: 'post' }, language, browser, registration } as const
    const started = await startSession(context, { transactionId, state })
    if (started !== undefined) return { ok: true, ...started, transactionId, secrets, ignored: read.ignored }
  }
}
