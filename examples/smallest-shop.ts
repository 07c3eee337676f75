import { createServer } from 'node:http'
import {
  type ApprovedPayment,
  approve,
  createPaymentForm,
  defineMerchant,
  isPaymentOf,
  memoryJournal,
  readAuthentication,
  startRecovery,
} from '@sspay/merchant'

const { GATEWAY_URL = 'http://localhost:4610', PORT = '4700' } = process.env

// 샌드박스(`npm start`)의 테스트 가맹점입니다. 실제 키는 코드에 쓰지 말고 비밀 저장소에서 읽으세요.
const merchant = defineMerchant({
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  merchantKey: 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A==',
  environment: { origin: GATEWAY_URL },
  // 주문에 서명하는 키: 상점키와 다른, 쇼핑몰만 아는 32자 이상의 비밀 값입니다.
  orderSignature: { keys: ['example-only-order-signing-key-of-32-characters'] },
})

// 승인을 요청한 결제를 적어 둡니다. 이 장부는 프로그램과 함께 사라지니, 실제 쇼핑몰은 sqliteJournal이나 postgresJournal을 쓰세요.
const journal = memoryJournal()

const paidOrders = new Set<string>()

/** 주문을 결제 완료로 바꿉니다. 새로고침해도, 뒤로 가도, 서버가 다시 시작해도 한 번만 실행됩니다. */
const markOrderPaid = (payment: ApprovedPayment): Promise<boolean> =>
  journal.markPaid(payment, () => paidOrders.add(payment.orderId))

// 승인 응답을 받지 못한 결제는 1분마다 다시 확인합니다.
startRecovery(merchant, {
  journal,
  everyMs: 60_000,
  isWanted: ({ expected }) => !paidOrders.has(expected.orderId),
  onOutcome: (outcome) => outcome.outcome === 'approved' && markOrderPaid(outcome.payment),
  onError: console.error,
})

const origin = `http://localhost:${PORT}`
const amount = 1004

/** 주문 페이지: 주문마다 새 번호를 만들고, 서명한 폼을 결제창으로 보냅니다. */
function orderPage(): Response {
  const orderId = `ORDER-${Date.now()}`
  const form = createPaymentForm(merchant, {
    orderId,
    amount,
    customerId: 'user0001',
    goodsName: '따뜻한 커피',
    buyerName: '김구매',
    buyerPhone: '01012345678',
    buyerEmail: 'buyer@example.com',
    returnUrl: `${origin}/return?order=${orderId}`,
    abortUrl: `${origin}/stop`,
  })
  return page(`<form method="post" action="${form.action}">${form.html()}<button>${amount}원 결제하기</button></form>`)
}

/** ReturnUrl: 인증이 끝났을 뿐 아직 결제되지 않았습니다. 승인은 서버가 요청합니다. */
async function receivePayment(request: Request): Promise<Response> {
  const orderId = new URL(request.url).searchParams.get('order') ?? ''
  const reading = await readAuthentication(merchant, request)
  if (reading.outcome === 'rejected') return page('<p>인증 결과가 올바르지 않아요.</p>')

  // 누구나 남의 주문번호로 이 주소에 인증 결과를 보낼 수 있습니다. 이 주문의 서명이 있는 결제만 승인합니다.
  if (!(await isPaymentOf(merchant, reading.approvalTicket, { orderId })))
    return page('<p>이 주문의 결제가 아니거나 확인하지 못했어요. 결제하지 않았어요.</p>')

  const outcome = await approve(merchant, reading.approvalTicket, { expected: { orderId, amount }, journal })
  switch (outcome.outcome) {
    case 'approved':
      await markOrderPaid(outcome.payment)
      return page(`<p>결제했어요. 거래번호 ${outcome.payment.transactionId}</p>`)
    case 'declined':
      return page(`<p>결제하지 못했어요.</p><details><summary>이유</summary>${outcome.message.ko}</details>`)
    case 'unknown':
      return page('<p>결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.</p>')
  }
}

const page = (content: string): Response =>
  new Response(
    `<!doctype html><html lang="ko"><meta charset="utf-8"><title>가장 작은 쇼핑몰</title>${content}</html>`,
    {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    },
  )

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/return' && request.method === 'POST') return receivePayment(request)
  return pathname === '/stop' ? page('<p>결제를 중단했어요.</p>') : orderPage()
}

createServer(async (incoming, outgoing) => {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const request = new Request(`${origin}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers: { 'content-type': incoming.headers['content-type'] ?? '' },
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  })
  const response = await answer(request)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
}).listen(Number(PORT), 'localhost', () => console.log(`${origin} 을 열어 보세요.`))
