import { Hono } from 'hono'
import { html } from 'hono/html'
import type { PaymentSummary } from '../approval/model.ts'
import { eventsOf, findPayment, listPayments } from '../approval/store.ts'
import { cancellationsOf } from '../cancellation/store.ts'
import type { Context } from '../context.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { lockRoutes, locksSection } from './locks.ts'
import { noticeRoutes, shownNoticesOf } from './notices-route.ts'
import { paymentPage } from './payment-page.ts'
import { paymentsPage } from './payments-page.ts'

const pageSize = 30

export interface ConsoleOptions {
  /** Tabs beside the payments, for example the tools of a sandbox. */
  readonly links: readonly ConsoleLink[]
}

type ConsoleContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>

/** The operator's pages. They show nothing personal in clear, and change nothing but the time of a notice and the lock of cancelling. */
export function consoleRoutes(gateway: ConsoleContext, { links }: ConsoleOptions): Hono {
  return new Hono()
    .get('/', async (context) => {
      const cursor = readCursor(context.req.query('before'))
      const found = await listPayments(gateway, {
        limit: pageSize + 1,
        ...(cursor === undefined ? {} : { before: cursor }),
      })
      const payments = found.slice(0, pageSize)
      const last = payments.at(-1)
      const older = found.length > pageSize && last !== undefined ? `/?before=${writeCursor(last)}` : undefined
      const isFirst = cursor === undefined
      const locks = await locksSection(gateway)
      const body = html`${locks}${paymentsPage({ payments, isFirst, older, links })}`
      return consolePage({ title: '결제', active: '/', body, links, isLive: isFirst })
    })
    .get('/payments/:transactionId', async (context) => {
      const transactionId = context.req.param('transactionId')
      const payment = await findPayment(gateway, transactionId)
      if (payment === undefined) return sentencePage(404, '없는 결제입니다', '거래번호를 확인해 주세요.', links)
      const cancellations = await cancellationsOf(gateway, transactionId)
      const notices = await shownNoticesOf(gateway, transactionId)
      const body = paymentPage(payment, await eventsOf(gateway, transactionId), { cancellations, notices })
      return consolePage({ title: payment.orderId, active: '/', body, links, isLive: true })
    })
    .route('/', noticeRoutes(gateway, links))
    .route('/', lockRoutes(gateway, links))
    .all('*', () => sentencePage(404, '없는 화면입니다', '주소를 확인해 주세요.', links))
    .onError((cause) => {
      gateway.log.error('console_failed', { cause })
      return sentencePage(500, '화면을 만들지 못했습니다', '자세한 내용은 로그에 있습니다.', links)
    })
}

const sentencePage = (
  status: 404 | 500,
  title: string,
  sentence: string,
  links: readonly ConsoleLink[],
): Promise<Response> =>
  consolePage({
    ...{ status, title, links, active: '' },
    body: html`<section class="card empty"><h1>${title}</h1><p class="soft">${sentence}</p><div class="actions"><a class="button small-button" href="/">결제 목록</a></div></section>`,
  })

type Cursor = Pick<PaymentSummary, 'requestedAt' | 'transactionId'>

const writeCursor = ({ requestedAt, transactionId }: Cursor): string => `${requestedAt.getTime()}-${transactionId}`

/** Undefined, so the first page, for anything that is no cursor. */
function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})$/.exec(text ?? '')
  return parts === null ? undefined : { requestedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '' }
}
