import { createPaymentForm, readAbort, readAuthentication } from '@sspay/merchant'
import {
  approvalRequest,
  approvalResult,
  koreanTimestamp,
  maskMessage,
  type WireText,
  writeMessage,
} from '@sspay/protocol'
import { Hono } from 'hono'
import type { ShopContext, ShopVariables } from './context.ts'
import { guideSamplePage, sampleOrder } from './guide-sample-page.ts'
import { html } from './html.ts'
import { problemPage } from './not-found-page.ts'
import { shopPage } from './page.ts'

/** As the guide's client reads: ten seconds. */
const readTimeoutMs = 10_000

/** The guide's three steps, nothing else: the sample page, its ReturnUrl and its StopUrl. It keeps no order. */
export function guideSampleRoutes(shop: ShopContext): Hono<ShopVariables> {
  return new Hono<ShopVariables>()
    .get('/guide-sample', async (context) => {
      const origin = new URL(context.req.url).origin
      const timestamp = koreanTimestamp(shop.runtime.now())
      const returnUrl = `${origin}/guide-sample/return`
      const form = createPaymentForm(shop.merchant, {
        ...sampleOrder,
        orderId: `Moid_${timestamp}`,
        customerId: context.req.query('customer') ?? 'MallUserId',
        returnUrl,
        abortUrl: `${origin}/guide-sample/stop`,
      })
      const page = guideSamplePage({ form, returnUrl, today: timestamp.slice(0, 8) })
      return new Response(String(await page), { headers: samplePageHeaders(new URL(form.action).origin) })
    })
    .post('/guide-sample/return', async (context) => {
      const reading = await readAuthentication(shop.merchant, context.req.raw)
      if (reading.outcome === 'rejected')
        return problemPage(400, '인증 결과를 읽지 못했습니다', 'Tid 또는 TrAuthKey가 없습니다.')
      const { transactionId } = reading.approvalTicket
      const approvalTicket = reading.approvalTicket.exposeSecret()
      return resultPage(
        'STEP 3 승인 결과',
        await callApi(shop, writeMessage(approvalRequest, { transactionId, approvalTicket })),
      )
    })
    .post('/guide-sample/stop', async (context) => {
      const reading = await readAbort(context.req.raw)
      if (reading.outcome === 'rejected')
        return problemPage(400, '중단 결과를 읽지 못했습니다', '열두 항목이 모두 와야 합니다.')
      const { orderId, resultCode, resultMessage } = reading.abort
      return resultPage('결제 중단 결과', { orderId, resultCode, resultMessage })
    })
}

/** The guide's `callApi`: one JSON POST, whatever comes back is the result. */
async function callApi({ runtime, merchant }: ShopContext, body: WireText): Promise<WireText> {
  const answer = await runtime.fetch(merchant.endpoints.approval, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    timeoutMs: readTimeoutMs,
  })
  return maskMessage(approvalResult, JSON.parse(Buffer.from(answer.body).toString('utf8')) as WireText)
}

const resultPage = (title: string, result: WireText): Promise<Response> =>
  shopPage({
    title,
    body: html`<div class="column"><div class="verdict"><h1>${title}</h1></div><section class="card sheet"><dl class="facts" data-guide-result>
${Object.entries(result).map(([name, text = '']) => html`<div><dt>${name}</dt><dd data-field="${name}">${text}</dd></div>`)}
</dl></section></div>`,
  })

/** The sample keeps its inline script and handler, so this page allows them. */
const samplePageHeaders = (gatewayOrigin: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; script-src 'unsafe-inline' ${gatewayOrigin}; style-src 'unsafe-inline'; frame-src ${gatewayOrigin}; form-action 'self' ${gatewayOrigin}; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
})
