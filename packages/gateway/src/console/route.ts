import { Hono } from 'hono'
import { html } from 'hono/html'
import { eventsOf, findPayment, listPayments } from '../approval/store.ts'
import { requireSameOrigin } from '../browser-safety/same-origin.ts'
import { type SessionVariables, withSession } from '../browser-safety/session-cookie.ts'
import { cancellationsOf } from '../cancellation/store.ts'
import type { Context } from '../context.ts'
import { callsOf } from '../request-log/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { lockRoutes, locksSection } from './locks.ts'
import { notificationRoutes, shownNotificationsOf } from './notifications-route.ts'
import { paymentPage } from './payment-page.ts'
import { paymentsCsv } from './payments-csv.ts'
import { paymentsCss, paymentsPage } from './payments-page.ts'
import { addressOfDays, type Days, rangeOf, readCursor, readDay } from './payments-range.ts'
import { mostCallsShown, requestRoutes } from './requests-route.ts'
import { requestsCss } from './requests-style.ts'
import { timelineCss } from './requests-timeline.ts'
import { whyMissing } from './why-missing.ts'

const pageSize = 30

export interface ConsoleOptions {
  /** Tabs beside the payments, for example the tools of a sandbox. */
  readonly links: readonly ConsoleLink[]
}

type ConsoleContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log' | 'settings'>

/** The operator's pages. They show nothing personal in clear, and change nothing but the time of a notice and the lock of cancelling. */
export function consoleRoutes(gateway: ConsoleContext, { links }: ConsoleOptions): Hono<SessionVariables> {
  return new Hono<SessionVariables>()
    .use(withSession(gateway.runtime))
    .get('/', async ({ req, var: { session } }) => {
      const days = daysOf(req.query())
      const cursor = readCursor(req.query('before'))
      const found = await listPayments(gateway, { ...rangeOf(days, cursor), limit: pageSize + 1 })
      const payments = found.slice(0, pageSize)
      const last = payments.at(-1)
      const older = found.length > pageSize && last !== undefined ? addressOfDays('/', days, last) : undefined
      const isFirst = cursor === undefined
      const locks = await locksSection(gateway, session)
      const body = html`${locks}${paymentsPage({ payments, days, isFirst, older, links })}`
      return consolePage({ title: '결제', active: '/', body, links, css: paymentsCss, isLive: isFirst })
    })
    .get('/payments.csv', requireSameOrigin, ({ req }) => {
      recordSecurityEvent(gateway, { name: 'console_action', action: 'export_payments' })
      return paymentsCsv(gateway, rangeOf(daysOf(req.query()), undefined))
    })
    .get('/payments/:transactionId', async ({ req, var: { session } }) => {
      const transactionId = req.param('transactionId')
      const payment = await findPayment(gateway, transactionId)
      if (payment === undefined)
        return messagePage(404, '없는 결제입니다', await whyMissing(gateway, transactionId), links)
      const cancellations = await cancellationsOf(gateway, transactionId)
      const notifications = await shownNotificationsOf(gateway, transactionId, session)
      const calls = await callsOf(gateway, transactionId, mostCallsShown)
      const body = paymentPage(payment, await eventsOf(gateway, transactionId), { cancellations, notifications, calls })
      const css = requestsCss + timelineCss
      return consolePage({ title: payment.orderId, active: '/', body, links, css, isLive: true })
    })
    .route('/', notificationRoutes(gateway, links))
    .route('/', requestRoutes(gateway, links))
    .route('/', lockRoutes(gateway, links))
    .all('*', () => messagePage(404, '없는 화면입니다', '주소를 확인해 주세요.', links))
    .onError((cause) => {
      gateway.log.error('console_failed', { cause })
      return messagePage(500, '화면을 만들지 못했습니다', '자세한 내용은 로그에 있습니다.', links)
    })
}

const daysOf = ({ from, until }: Readonly<Record<string, string>>): Days => ({
  from: readDay(from),
  until: readDay(until),
})

const messagePage = (
  status: 404 | 500,
  title: string,
  sentence: string,
  links: readonly ConsoleLink[],
): Promise<Response> =>
  consolePage({
    status,
    title,
    links,
    active: '',
    body: html`<section class="card empty"><h1>${title}</h1><p class="soft">${sentence}</p><div class="actions"><a class="button small-button" href="/">결제 목록</a></div></section>`,
  })
