import { billKeyRequest } from '@sspay/protocol'
import { wireNameOf } from '@sspay/protocol/internal'
import { withTransactionId } from '../approval/request-payment.ts'
import { writeRegistrationId } from '../approval/transaction-id.ts'
import type { Form } from '../http/read-body.ts'
import { holdsMerchantKey } from '../request-log/describe-call.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { createBinding } from './browser-binding.ts'
import type { WindowContext } from './model.ts'
import type { OpenedWindow, Opener } from './open-window.ts'
import { readRegistration } from './read-registration.ts'
import type { Rejected } from './read-request.ts'
import { type RejectedForm, rejectOpening } from './reject-opening.ts'
import { startSession } from './session.ts'

const rejectedForm: RejectedForm = {
  name: 'bill_key_request',
  event: 'bill_key_request_rejected',
  table: billKeyRequest,
  signature: wireNameOf(billKeyRequest, 'checksum'),
}

/** Opens the window that issues a bill key; a rejection stores nothing and logs one line. */
export async function openRegistration(
  context: WindowContext,
  form: Form,
  { language }: Pick<Opener, 'language'>,
): Promise<OpenedWindow | Rejected> {
  const read = await readRegistration(context, form)
  if (!read.ok) return rejectOpening(context, rejectedForm, form.fields, read)
  const { requestedAt: _, checksum, ...request } = read.request
  const { merchantId, orderId } = request
  const admitted = context.limits.openings.take({ merchantId, orderId, signature: checksum })
  if (!admitted.ok) {
    context.log.warn('window_rejected', { reason: 'overloaded', merchantId })
    return { ok: false, reason: 'overloaded', problems: [], retryAfterMs: admitted.retryAfterMs }
  }
  if (holdsMerchantKey(form.fields)) recordSecurityEvent(context, { name: 'merchant_key_leaked', merchantId })
  const { browser, secrets } = createBinding(context)
  const start = async (transactionId: string, openedAt: Date) => {
    const expiresAt = openedAt.getTime() + context.settings.windowLifeMs
    const registration = { request, openedAt: openedAt.getTime(), expiresAt }
    const state = { channel: { by: 'post' }, language, browser, registration } as const
    const started = await startSession(context, { transactionId, state })
    return started && { ...started, transactionId }
  }
  const started = await withTransactionId(context, merchantId, start, writeRegistrationId)
  return { ok: true, ...started, secrets, ignored: read.ignored }
}
