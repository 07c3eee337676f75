import type { WireText } from '@sspay/protocol'
import { Hono } from 'hono'
import { findReadable } from '../approval/store.ts'
import { type CsrfScope, createCsrfToken, verifyCsrfToken } from '../browser-safety/csrf-token.ts'
import { isJson, isSameOrigin } from '../browser-safety/same-origin.ts'
import type { SessionVariables } from '../browser-safety/session-cookie.ts'
import type { Context } from '../context.ts'
import { readForm, readJson } from '../http/read-body.ts'
import { type ResendResult, resendNotification } from '../notifications/deliver.ts'
import {
  type NotificationReference,
  type NotificationState,
  type NotificationSummary,
  notificationStates,
} from '../notifications/model.ts'
import { findNotificationTarget, listNotifications, notificationsOf } from '../notifications/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { notificationsPage, resendText, type ShownNotification } from './notifications-page.ts'
import { jsonAnswer, messagePage, pageOf, readLimit } from './parts.ts'

const pageSize = 30
const bodyLimitBytes = 4_096

type NotificationsContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>

const resendForm = ({ transactionId, sequence }: NotificationReference, session: string): CsrfScope => ({
  action: 'resend-notification',
  subject: `${transactionId} ${sequence}`,
  session,
})

export const shownNotificationsOf = async (context: NotificationsContext, transactionId: string, session: string) =>
  show(context, await notificationsOf(context, transactionId), session)

/** With the token of the button, the payment, and where the shop is notified. Reads of one row are batched. */
const show = (
  context: NotificationsContext,
  notifications: readonly NotificationSummary[],
  session: string,
): Promise<readonly ShownNotification[]> =>
  Promise.all(
    notifications.map(async (notification) => {
      const [payment, target] = await Promise.all([
        findReadable(context, notification.transactionId),
        findNotificationTarget(context, notification.merchantId),
      ])
      return { ...notification, payment, target, token: createCsrfToken(context, resendForm(notification, session)) }
    }),
  )

/** The pages of the notifications, and the same as JSON for the command line. */
export const notificationRoutes = (gateway: NotificationsContext, links: readonly ConsoleLink[]) =>
  new Hono<SessionVariables>()
    .get('/notifications', async ({ req, var: { session } }) => {
      const state = readState(req.query('state'))
      const before = readCursor(req.query('before'))
      const found = await listNotifications(gateway, { limit: pageSize + 1, state, before })
      const { shown, older } = pageOf(found, pageSize, (last) => addressOf(state, last))
      const notifications = await show(gateway, shown, session)
      const body = notificationsPage({ notifications, state, older, now: gateway.runtime.now() })
      return consolePage({ title: '재통보', active: '/notifications', body, links, isLive: before === undefined })
    })
    .post('/notifications/resend', async ({ req, var: { session } }) => {
      const form = await readForm(req.raw, bodyLimitBytes)
      const fields: WireText = form.ok ? form.fields : {}
      const reference = readReference(fields)
      if (reference === undefined || !verifyCsrfToken(gateway, req.raw, fields.token, resendForm(reference, session))) {
        recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'resend_notification' })
        return rejection('이 화면에서 누른 단추가 아닙니다. 목록에서 다시 눌러 주세요.', links)
      }
      const result = await resend(gateway, reference)
      if (result !== 'pending') return rejection(resendText[result].ko, links)
      return new Response(null, { status: 303, headers: { location: `/payments/${reference.transactionId}` } })
    })
    .get('/api/notifications', async ({ req }) => {
      const transactionId = req.query('transactionId')
      const limit = readLimit(req.query('limit'))
      const state = readState(req.query('state'))
      const notifications =
        transactionId === undefined
          ? await listNotifications(gateway, { limit, state })
          : (await notificationsOf(gateway, transactionId)).filter((one) => state === undefined || one.state === state)
      return jsonAnswer(200, { notifications })
    })
    .post('/api/notifications/resend', async ({ req }) => {
      const body = await readJson(req.raw, bodyLimitBytes)
      const reference = body.ok ? readReference(body.fields) : undefined
      if (!isJson(req.raw) || !isSameOrigin(req.raw) || reference === undefined) {
        recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'resend_notification' })
        return jsonAnswer(400, { result: 'unreadable' })
      }
      const result = await resend(gateway, reference)
      return jsonAnswer(statusOf[result], { result, message: resendText[result].ko })
    })

async function resend(gateway: NotificationsContext, reference: NotificationReference): Promise<ResendResult> {
  const reason = await resendNotification(gateway, reference)
  const object = `${reference.transactionId} ${reference.sequence}`
  recordSecurityEvent(gateway, { name: 'console_action', action: 'resend_notification', object, reason })
  return reason
}

const statusOf: Readonly<Record<ResendResult, number>> = {
  pending: 200,
  unknown: 404,
  no_endpoint: 409,
  in_flight: 409,
}

const rejection = (text: string, links: readonly ConsoleLink[]): Promise<Response> =>
  messagePage({
    status: 400,
    title: '재통보',
    heading: '다시 보내지 않았습니다',
    text,
    links,
    back: { href: '/notifications', ko: '재통보 목록' },
  })

function readReference({ transactionId = '', sequence = '' }: WireText): NotificationReference | undefined {
  const isReference = /^[A-Za-z0-9]{1,30}$/.test(transactionId) && /^[1-9][0-9]{0,8}$/.test(sequence)
  return isReference ? { transactionId, sequence: Number(sequence) } : undefined
}

const readState = (text: string | undefined): NotificationState | undefined =>
  notificationStates.find((state) => state === text)

type Cursor = NotificationReference & Pick<NotificationSummary, 'enqueuedAt'>

const addressOf = (state: NotificationState | undefined, { enqueuedAt, transactionId, sequence }: Cursor): string =>
  `/notifications?${state === undefined ? '' : `state=${state}&`}before=${enqueuedAt.getTime()}-${transactionId}-${sequence}`

function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})-([0-9]{1,9})$/.exec(text ?? '')
  if (parts === null) return undefined
  return { enqueuedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '', sequence: Number(parts[3]) }
}
