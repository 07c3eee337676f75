import { createPaymentForm, type PaymentForm, readAbort, readAuthentication } from '@sspay/merchant'
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
import { html, problemPage, raw, type SafeHtml, shopPage } from './page.ts'

/** The shop's values in the guide's sample form (STEP 2). */
const sampleOrder = {
  goodsName: '거래 상품명',
  goodsCount: 1,
  amount: 1004,
  buyerName: '구매자명',
  buyerPhone: '01099991111',
  buyerEmail: 'noname@smartro.co.kr',
} as const

/** The read timeout of the guide's client. */
const readTimeoutMs = 10_000

/** The three steps of the guide: sample page, ReturnUrl and StopUrl. Stores no order. */
export function guideSampleRoutes(shop: ShopContext): Hono<ShopVariables> {
  return new Hono<ShopVariables>()
    .get('/guide-sample', async (context) => {
      const origin = new URL(context.req.url).origin
      const timestamp = koreanTimestamp(shop.runtime.now())
      const returnUrl = `${origin}/guide-sample/return`
      const form = createPaymentForm(shop.addressesAt(context.req.url).merchant, {
        ...sampleOrder,
        orderId: `Moid_${timestamp}`,
        customerId: context.req.query('customer') ?? 'MallUserId',
        returnUrl,
        abortUrl: `${origin}/guide-sample/stop`,
      })
      // The date is a cache buster.
      const page = guideSamplePage(form, returnUrl, timestamp.slice(0, 8))
      return new Response(String(await page), { headers: samplePageHeaders(new URL(form.action).origin) })
    })
    .post('/guide-sample/return', async (context) => {
      const reading = await readAuthentication(shop.merchant, context.req.raw)
      if (reading.outcome === 'rejected')
        return problemPage(400, '인증 결과를 읽지 못했어요', 'Tid 또는 TrAuthKey가 없어요.')
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
        return problemPage(400, '중단 결과를 읽지 못했어요', '열두 항목이 모두 와야 해요.')
      const { orderId, resultCode, resultMessage } = reading.abort
      return resultPage('결제 중단 결과', { orderId, resultCode, resultMessage })
    })
}

/** The guide's `callApi`: one JSON POST, whose response is the result. */
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

/** Allows the inline script and handler of the guide's sample. */
const samplePageHeaders = (gatewayOrigin: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; script-src 'unsafe-inline' ${gatewayOrigin}; style-src 'unsafe-inline'; frame-src ${gatewayOrigin}; form-action 'self' ${gatewayOrigin}; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
})

/**
 * The guide's sample page (STEP 2), unchanged: `ReturnUrl` twice, `TransType`, no `MallReserved`. Only host, keys,
 * addresses, customer and generated values are filled in.
 */
const guideSamplePage = (
  { fields, scriptUrl }: PaymentForm,
  returnUrl: string,
  today: string,
): SafeHtml => html`<!doctype html>
<html lang="ko">
<head>
    <meta charset="utf-8" />
    <meta http-equiv="X-UA-Compatible" content="IE=edge" />
    <meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no" />
    <meta name="description" content="" />
    <meta name="author" content="Smartro" />
    <title>SmartroPAY 연동가이드</title>
    <script src="${scriptUrl}?version=${today}"></script>

    <script type="text/javascript">
        function goPay() {

            // 스마트로페이 초기화
            smartropay.init({
                mode: 'STG',	// STG: 테스트, REAL: 운영(운영서버 전환 시 변경 필수!)
                actionUri: '/ssp/reqPay.do'
            });

            // 스마트로페이 간편결제 요청 PC 연동일 경우에만 Callback 함수를 구현합니다. (Mobile은 제외)
            smartropay.payment({
                FormId: 'tranMgr', 			// 폼ID
                Callback: function (res) {		// 인증/승인 분리일경우 콜백함수
                    // 승인호출
                    var approvalForm = document.approvalForm;
                    approvalForm.Tid.value = res.Tid;
                    approvalForm.TrAuthKey.value = res.TrAuthKey;
                    approvalForm.action = ${raw(JSON.stringify(returnUrl).replaceAll('<', '\\u003c'))};
                    approvalForm.submit();
                }
            });
        }
    </script>
</head>
<body>
    <form id="tranMgr" name="tranMgr" method="post">
        <!-- 각 값들을 가맹점에 맞게 설정해 주세요. -->
        <input type="text" name="PayMethod" value="CARD" placeholder="" />
        <input type="text" name="GoodsCnt" maxlength="2" value="${fields.GoodsCnt}" placeholder="" />
        <input type="text" name="GoodsName" maxlength="40" value="${fields.GoodsName}" placeholder="" />
        <input type="text" name="Amt" maxlength="12" value="${fields.Amt}" placeholder="" />
        <input type="text" name="Moid" maxlength="40" value="${fields.Moid}" placeholder="특수문자 포함 불가" />
        <input type="text" name="Mid" maxlength="10" value="${fields.Mid}" placeholder="" />
        <input type="text" name="PopCheck" maxlength="1" value="N" placeholder="Y or N" />
        <input type="text" name="ReturnUrl" size="100" class="input" value="${returnUrl}">
        <input type="text" name="MallUserId" maxlength="20" value="${fields.MallUserId}" placeholder="" />
        <input type="text" name="SspMallId" maxlength="20" value="${fields.SspMallId}" placeholder="테스트용 SspMallId" />
        <input type="text" name="BuyerName" maxlength="30" value="${fields.BuyerName}" placeholder="" />
        <input type="text" name="BuyerTel" maxlength="30" value="${fields.BuyerTel}" placeholder="" />
        <input type="text" name="BuyerEmail" maxlength="30" value="${fields.BuyerEmail}" placeholder="" />
        <input type="text" name="MallIp" maxlength="20" value="10.0.0.1" placeholder="" />
        <input type="text" name="UserIp" maxlength="20" value="10.0.0.1" placeholder="" />
        <input type="text" name="ReturnUrl" size="100" class="input" value="${returnUrl}">
        <input type="text" name="EncryptData" maxlength="100" class="input" value="${fields.EncryptData}" placeholder="위/변조방지 HASH 데이터">
        <input type="text" name="TransType" size="1" class="input" value="0">
        <input type="text" name="EncodingType" maxlength="14" value="" placeholder="utf-8 or euc-kr" />
        <input type="text" name="EdiDate" maxlength="14" value="${fields.EdiDate}" placeholder="" />
        <input type="text" name="StopUrl" value="${fields.StopUrl}" />
        <button type="button" class="btn btn-primary" onclick="goPay();">결제하기</button>
    </form>

    <!-- PC 연동의 경우에만 아래 승인폼이 필요합니다. (Mobile은 제외) -->
    <form id="approvalForm" name="approvalForm" method="post">
        <input type="hidden" id="Tid" name="Tid" />
        <input type="hidden" id="TrAuthKey" name="TrAuthKey" />
    </form>
</body>
</html>`
