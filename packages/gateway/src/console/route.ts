import { koreanDayOf } from '@sspay/protocol/internal'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { eventsOf, findPayment, listPayments, sumPayments } from '../approval/store.ts'
import { openedAtOf } from '../approval/transaction-id.ts'
import { readWatermark } from '../archive/store.ts'
import { requireSameOrigin } from '../browser-safety/same-origin.ts'
import { type SessionVariables, withSession } from '../browser-safety/session-cookie.ts'
import type { CancelContext } from '../cancellation/model.ts'
import { cancellationsOf } from '../cancellation/store.ts'
import { callsOf } from '../request-log/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { Reader } from '../storage/storage.ts'
import { billKeyRoutes } from './bill-keys-route.ts'
import { cancelRoutes, cancelSection } from './cancel-payment.ts'
import { paymentsCsv } from './export-rows.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { lockRoutes, locksSection } from './locks.ts'
import { notificationRoutes, shownNotificationsOf } from './notifications-route.ts'
import { messagePage, pageOf } from './parts.ts'
import { paymentPage } from './payment-page.ts'
import { paymentsCss, paymentsPage } from './payments-page.ts'
import { addressOf, cursorText, rangeOf, rangeOfSums, readAsked, readCursor } from './payments-range.ts'
import { requestsCss } from './requests-page.ts'
import { mostCallsShown, requestRoutes } from './requests-route.ts'
import { timelineCss } from './requests-timeline.ts'

const pageSize = 30

export interface ConsoleOptions {
  /** Tabs beside the payments, for example the tools of a sandbox. */
  readonly links: readonly ConsoleLink[]
}

/**
 * The operator's pages: personal data masked, and four actions, resending a notification, a refund with the merchant's
 * cancel password, unlocking that password, and ending a bill key.
 */
export function consoleRoutes(gateway: CancelContext, { links }: ConsoleOptions): Hono<SessionVariables> {
  const errorPage = (status: 404 | 500, title: string, text: string): Promise<Response> =>
    messagePage({ status, title, heading: title, text, links, active: '' })
  return new Hono<SessionVariables>()
    .use(withSession(gateway.runtime))
    .get('/', async ({ req, var: { session } }) => {
      const asked = readAsked(req.query())
      const cursor = readCursor(req.query('before'))
      const found = await listPayments(gateway, { ...rangeOf(asked, cursor), limit: pageSize + 1 })
      const { shown: payments, older } = pageOf(found, pageSize, (last) => addressOf('/', asked, cursorText(last)))
      const isFirst = cursor === undefined
      const sums = await sumPayments(gateway, rangeOfSums(asked, koreanDayOf(gateway.runtime.now())))
      const locks = await locksSection(gateway, session)
      const body = html`${locks}${paymentsPage({ payments, asked, isFirst, older, links, sums })}`
      return consolePage({ title: '결제', active: '/', body, links, css: paymentsCss, isLive: isFirst })
    })
    .get('/payments.csv', requireSameOrigin, ({ req }) => {
      recordSecurityEvent(gateway, { name: 'console_action', action: 'export_payments' })
      return paymentsCsv(gateway, rangeOf(readAsked(req.query())))
    })
    .get('/payments/:transactionId', async ({ req, var: { session } }) => {
      const transactionId = req.param('transactionId')
      const payment = await findPayment(gateway, transactionId)
      if (payment === undefined) return errorPage(404, '없는 결제입니다', await whyMissing(gateway, transactionId))
      const cancellations = await cancellationsOf(gateway, transactionId)
      const notifications = await shownNotificationsOf(gateway, transactionId, session)
      const calls = await callsOf(gateway, transactionId, mostCallsShown)
      const cancelForm = cancelSection(gateway, payment, cancellations, session)
      const records = { cancellations, notifications, calls, cancelForm, now: gateway.runtime.now() }
      const body = paymentPage(payment, await eventsOf(gateway, transactionId), records)
      const css = requestsCss + timelineCss
      return consolePage({ title: payment.orderId, active: '/', body, links, css, isLive: true })
    })
    .route('/', cancelRoutes(gateway, links))
    .route('/', billKeyRoutes(gateway, links))
    .route('/', notificationRoutes(gateway, links))
    .route('/', requestRoutes(gateway, links))
    .route('/', lockRoutes(gateway, links))
    .all('*', () => errorPage(404, '없는 화면입니다', '주소를 확인해 주세요.'))
    .onError((cause) => {
      gateway.log.error('console_failed', { cause })
      return errorPage(500, '화면을 만들지 못했습니다', '자세한 내용은 로그에 있습니다.')
    })
}

/** The day in the transaction id tells whether such a payment may have been archived or deleted. */
async function whyMissing(store: { readonly storage: Reader }, transactionId: string): Promise<string> {
  const openedAt = openedAtOf(transactionId)
  if (openedAt === undefined) return '거래번호를 확인해 주세요.'
  const { archivedBefore, unauthenticatedDeletedBefore } = await readWatermark(store)
  if (openedAt < archivedBefore) return '거래번호를 확인해 주세요. 이때의 결제는 보관 파일로 옮겨졌을 수 있습니다.'
  if (openedAt < unauthenticatedDeletedBefore)
    return '거래번호를 확인해 주세요. 이때의 결제 중 구매자가 인증하지 않고 끝난 것은 지워졌습니다. 그런 결제에는 청구된 금액이 없습니다.'
  return '거래번호를 확인해 주세요.'
}
