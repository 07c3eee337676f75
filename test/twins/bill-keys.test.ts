import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { encodeForm } from '@sspay/protocol/charset'
import { testMerchant } from '@sspay/sandbox'
import { postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { type Buyer, newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Fields, Step } from './clients.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { type BillKeyStep, startProgram, whyMissing } from './programs.ts'
import { shopOrigin } from './window.ts'

/** What each existing client sends beside the fields of every client. */
const clients = [
  {
    language: 'Java',
    envelope: 'json',
    form: { SecureType: 'S2', EncodingType: 'utf8' },
    charge: { CardPoint: '0', MallIp: '127.0.0.1', UserIp: '127.0.0.1' },
  },
  {
    language: 'PHP',
    envelope: 'raw',
    form: { RtnUrlEncUse: 'N', IsPwdPass: 'N' },
    charge: { PayMethod: 'CARD', MallIp: '0:0:0:0:0:0:0:1', BuyerEmail: '' },
  },
] as const

let fixture: Fixture
before(async () => {
  fixture = await openFixture()
})
after(() => fixture?.close())

const ids = { Mid: testMerchant.merchantId, SspMallId: testMerchant.easyPayMerchantId }

const asForm = (fields: Fields): string => `${new URLSearchParams(fields)}`

/** Through the window that issues a key. Returns what ReturnUrl receives. */
async function walkKeyWindow(form: Fields, buyer: Buyer): Promise<string> {
  const { gateway, console: consoleUrl } = fixture.sandbox.urls
  const body = encodeForm(form, 'utf-8')
  const first = await postForm({ url: `${gateway}/ssb/interface.do`, body, origin: shopOrigin })
  const returned = await walkWindow(first, {
    buyer,
    readCode: (phone) => readNewestCode(consoleUrl, phone),
    onStep() {},
  })
  return encodeForm(returned, 'utf-8')
}

/** The card of {@link newBuyer}, which the shop asks for itself. */
const cardOf = (buyer: Buyer): Fields => ({
  PayMethod: 'CARDBILLKEY',
  Moid: '',
  CardType: '0',
  CardNum: buyer.cardNumber,
  CardExpire: `${buyer.expiryYear.slice(2)}${buyer.expiryMonth}`,
  BuyerAuthNum: buyer.birthDate,
  CardPwd: buyer.cardPassword,
})

for (const { language, envelope, form, charge } of clients)
  test(`${language}: a key from the window and without it, its charges, and its end`, {
    skip: process.env.CI === undefined ? (whyMissing(language) ?? false) : false,
  }, async (t) => {
    const program = startProgram(language)
    t.after(() => program.close())
    const common = { base: fixture.sandbox.urls.gateway, key: testMerchant.merchantKey.expose(), envelope }
    const take = (step: Step | BillKeyStep, given: Fields) =>
      program.take(step, { ...common, timeoutMs: '10000', ...given })
    const buyer = newBuyer(realRuntime, { installmentMonths: 0 })
    const customer = { ...ids, MallUserId: buyer.customerId }
    const register = () =>
      take('registerCard', { form: asForm({ ...customer, ...cardOf(buyer), SecureType: 'S2', EncodingType: 'utf8' }) })
    const chargeKey = (key: string, order: string, amount = '9900') =>
      take('charge', {
        form: asForm({
          BillTokenKey: key,
          Mid: ids.Mid,
          MallUserId: buyer.customerId,
          Moid: order,
          Amt: amount,
          GoodsName: '월간 구독',
          GoodsCnt: '1',
          CardQuota: '00',
          BuyerName: '홍길동',
          BuyerTel: '01099991111',
          ...charge,
        }),
      })

    const asked = { ...customer, ...form, PayMethod: 'CARD', Moid: 'KEY-1', ReturnUrl: `${shopOrigin}/billing` }
    const body = await walkKeyWindow(await take('requestKey', { form: asForm(asked) }), buyer)
    const issued = await take('receiveKey', { body })
    assert.deepEqual([issued.code, issued.card], ['3001', `9406-****-****-${buyer.cardNumber.slice(-4)}`])
    const { key = '' } = issued
    const tampered = body.replace('9406-', '9407-')
    assert.equal((await take('receiveKey', { body: tampered })).code, 'VerifyValue')
    assert.deepEqual(await register(), issued, 'the merchant returns the key of a card that has one')

    const first = await chargeKey(key, 'CYCLE-1')
    assert.deepEqual([first.code, first.order, first.amount], ['3001', 'CYCLE-1', '9900'])
    assert.equal((await chargeKey(key, 'CYCLE-1')).answer, first.answer)
    assert.equal((await chargeKey(key, 'CYCLE-1', '9800')).code, 'S608')
    const transaction = first.transaction ?? ''
    assert.deepEqual(await fixture.moved(transaction), { charged: 9900, cancelled: 0 })
    const refund = { Tid: transaction, Mid: ids.Mid, CancelPwd: testMerchant.cancelPassword.expose() }
    const fields = asForm({ ...refund, CancelAmt: '9900', CancelMsg: '해지', CancelSeq: '1', PartialCancelCode: '0' })
    assert.equal((await take('cancel', { fields })).code, '2001')
    assert.deepEqual(await fixture.moved(transaction), { charged: 9900, cancelled: 9900 })

    const deletion = { form: asForm({ ...customer, BillTokenKey: key }) }
    assert.equal((await take('deleteKey', deletion)).code, 'PD00')
    assert.equal((await take('deleteKey', deletion)).code, 'S602')
    assert.equal((await chargeKey(key, 'CYCLE-2')).code, 'S602')

    const next = (await register()).key ?? ''
    assert.notEqual(next, key)
    assert.equal((await chargeKey(next, 'CYCLE-2')).code, '3001')
    assert.equal((await take('delete', { fields: asForm(customer) })).code, 'PD00')
    assert.equal((await chargeKey(next, 'CYCLE-3')).code, 'S603', 'billing ends with the member')
  })
