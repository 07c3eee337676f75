import assert from 'node:assert/strict'
import { after } from 'node:test'
import { koreanTimestamp, paymentRequest, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { createGateway } from '../../src/gateway.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { createTestContext, testMerchant } from '../support.ts'

const { context, lines, close } = await createTestContext()

export { context, lines }

await saveMerchant(context, testMerchant)
const unreachable = () => Promise.reject(new Error('nothing outside is asked for a form'))
const gateway = createGateway({
  context,
  cardNetwork: {
    authorize: unreachable,
    inquire: unreachable,
    reverse: unreachable,
    cancel: unreachable,
    verifyCard: unreachable,
  },
  identityVerifier: { sendCode: unreachable, checkCode: unreachable, sendMessage: unreachable },
  dropInScript: '',
  windowScript: '',
  scriptInventory: '',
  consoleLinks: [],
})
after(async () => {
  await gateway.close()
  await close()
})

export const merchantKey = testMerchant.merchantKey.expose()

export const rightForm: WireText = {
  PayMethod: 'CARD',
  Mid: testMerchant.merchantId,
  Amt: '100000',
  Moid: 'ORD0001',
  MallUserId: 'user0001',
  GoodsName: '커피',
  GoodsCnt: '1',
  MallReserved: 'bm90ZQ==',
  BuyerName: '홍길동',
  BuyerTel: '01099991111',
  BuyerEmail: 'noname@example.com',
  ReturnUrl: 'https://shop.example/return',
  StopUrl: 'https://shop.example/stop',
  EdiDate: koreanTimestamp(context.runtime.now()),
  SspMallId: testMerchant.easyPayMerchantId,
  PopCheck: 'N',
  FnCd: '01',
  CardQuota: '00',
  MallIp: '10.0.0.1',
  UserIp: '10.0.0.2',
  EncodingType: 'utf8',
  SkinColor: 'RED',
  TransType: '0',
}

export const sign = (form: WireText): WireText => ({
  EncryptData: signPaymentRequest(
    { requestedAt: form.EdiDate ?? '', merchantId: form.Mid ?? '', amount: form.Amt ?? '' },
    merchantKey,
  ),
  ...form,
})

export interface Opened {
  readonly status: number
  readonly page: string
  readonly newPayments: number
  readonly newLines: readonly string[]
}

async function countPayments(): Promise<number> {
  const [row] = await context.storage.read<{ readonly total: number }>('select count(*) as total from payments')
  return row?.total ?? 0
}

export async function post(body: string, contentType = 'application/x-www-form-urlencoded'): Promise<Opened> {
  const paymentsBefore = await countPayments()
  const linesBefore = lines.length
  const answer = await gateway.fetch(
    new Request('http://localhost:4610/ssp/reqPay.do', {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    }),
  )
  return {
    status: answer.status,
    page: await answer.text(),
    newPayments: (await countPayments()) - paymentsBefore,
    newLines: lines.slice(linesBefore),
  }
}

export const open = (form: WireText): Promise<Opened> => post(encodeForm(sign(form), 'utf-8'))

export function assertAccepted({ status, newPayments, page }: Opened): void {
  assert.equal(status, 303, page)
  assert.equal(newPayments, 1)
}

export function assertRejected(opened: Opened, code: string, ...fields: readonly string[]): void {
  assert.equal(opened.status, 400)
  assert.equal(opened.newPayments, 0, 'nothing is stored')
  assert.ok(opened.page.includes(code), `the page names ${code}`)
  for (const field of fields) {
    assert.ok(opened.page.includes(field), `the page names ${field}`)
    const label = Object.hasOwn(paymentRequest, field) ? paymentRequest[field as keyof typeof paymentRequest].label : ''
    assert.ok(opened.page.includes(label), `the page names ${field} in Korean`)
  }
  assert.match(opened.page, /lang="en"/, 'the page speaks English too')
  const rejections = opened.newLines.filter((line) => line.includes('payment_request_rejected'))
  assert.equal(rejections.length, 1, 'one log line')
}
