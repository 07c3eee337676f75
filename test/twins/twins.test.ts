import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { testMerchant } from '@sspay/sandbox'
import { type Buyer, newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { until } from '../support/until.ts'
import { type Client, clients, type Fields, type Step } from './clients.ts'
import { type Fixture, merchantIdOf, openFixture } from './fixture.ts'
import { whyMissing } from './programs.ts'
import { abort, authenticate, shopOrigin } from './window.ts'

/** What a shop adds to its form for SS-Pay. */
const easyPayFields = { SspMallId: testMerchant.easyPayMerchantId, PopCheck: 'N' }

const amount = 1900
const merchantKey = testMerchant.merchantKey.expose()

let fixture: Fixture
let orders = 0
before(async () => {
  fixture = await openFixture()
})
after(() => fixture?.close())

type Take = (step: Step, given: Fields) => Promise<Fields>

/** The texts of the shape, with what every step needs. */
function takeAs(client: Client): Take {
  const { gateway } = fixture.sandbox.urls
  const texts = Object.entries(client).filter(([, value]) => typeof value !== 'object')
  const shape = Object.fromEntries(texts.map(([name, value]) => [name, String(value)]))
  const base = client.joinsSlashes ? `${gateway}/` : gateway
  return (step, given) =>
    fixture.programs.of(client.language).take(step, { ...shape, base, key: merchantKey, ...given })
}

const asForm = (fields: Fields): string => `${new URLSearchParams(fields)}`

const base64 = (text: string): string => Buffer.from(text).toString('base64')

interface Paid {
  readonly transactionId: string
  readonly orderId: string
}

interface Order {
  readonly orderId: string
  readonly form: Fields
}

async function placeOrder(client: Client, take: Take, added: Fields): Promise<Order> {
  const orderId = `twin-${merchantIdOf(client)}-${orders++}`
  const usual = {
    PayMethod: 'CARD',
    Mid: merchantIdOf(client),
    Amt: String(amount),
    Moid: orderId,
    MallUserId: 'twins0001',
    GoodsName: '따뜻한 커피',
    GoodsCnt: '1',
    BuyerName: '홍길동',
    BuyerTel: '01099991111',
    BuyerEmail: 'buyer@shop.example',
    ReturnUrl: `${shopOrigin}/return`,
    StopUrl: `${shopOrigin}/stop`,
    EncodingType: 'utf8',
  }
  const sent = Object.entries({ ...usual, ...client.form, ...added }).filter(([, value]) => value !== null)
  const form = await take('request', { form: asForm(Object.fromEntries(sent) as Fields) })
  return { orderId, form }
}

/** From the form to what the client makes of the answer to its approval. */
async function approve(client: Client, take: Take, added: Fields, buyer: Buyer): Promise<Fields> {
  const { orderId, form } = await placeOrder(client, take, added)
  const posted = await authenticate(client, fixture.sandbox.urls, form, buyer)
  const { answer = '{}', ...read } = await take('receive', { ...posted, session: orderId })
  const values = Object.values(JSON.parse(answer))
  assert.deepEqual(
    values.filter((value) => typeof value !== 'string'),
    [],
    answer,
  )
  assert.deepEqual([read.order, read.amount, read.note], [orderId, String(amount), base64(orderId)])
  return read
}

async function pay(client: Client, take: Take, added: Fields, buyer: Buyer): Promise<Paid> {
  const { paid, code, message = '', transaction = '', order = '' } = await approve(client, take, added, buyer)
  assert.deepEqual([paid, code], ['Y', '3001'])
  assert.match(message, /성공/)
  assert.deepEqual(await fixture.moved(transaction), { charged: amount, cancelled: 0 })
  return { transactionId: transaction, orderId: order }
}

/** A card over its limit. */
async function payInVain(client: Client, take: Take, added: Fields, buyer: Buyer): Promise<void> {
  const withoutMoney = { ...buyer, cardNumber: '9406000030810007', insistsOnCard: true }
  const { paid, code, transaction = '' } = await approve(client, take, added, withoutMoney)
  assert.deepEqual([paid, code], ['N', '3081'])
  assert.match(transaction, new RegExp(`^${merchantIdOf(client)}`))
  assert.deepEqual(await fixture.moved(transaction), { charged: 0, cancelled: 0 })
}

/** Returns the refund of each notification that must come. */
async function cancel(client: Client, take: Take, transactionId: string): Promise<readonly string[]> {
  const refunds = new Map<string, number>()
  for (const { fields, code } of client.cancels) {
    const common = {
      Tid: transactionId,
      Mid: merchantIdOf(client),
      CancelPwd: testMerchant.cancelPassword.expose(),
      CancelAmt: String(amount),
    }
    const cancelled = await take('cancel', { fields: asForm({ ...common, ...fields }) })
    const wanted = fields.CancelAmt ?? String(amount)
    assert.equal(cancelled.code, code, cancelled.answer)
    if (code === '2001') assert.equal(cancelled.amount, wanted)
    refunds.set(fields.CancelSeq ?? '1', Number(wanted))
  }
  const cancelled = [...refunds.values()].reduce((sum, refund) => sum + refund, 0)
  assert.deepEqual(await fixture.moved(transactionId), { charged: amount, cancelled })
  return [...refunds.values()].map(String)
}

async function beNotified(client: Client, paid: Paid, refunds: readonly string[]): Promise<void> {
  const { transactionId, orderId } = paid
  const count = refunds.length + 1
  const areDelivered = async (): Promise<boolean> =>
    (await fixture.notifications(transactionId)).filter((one) => one === 'delivered 1').length === count
  await until(areDelivered, { what: `${count} notifications that were delivered at the first attempt` })
  const read = fixture.received(client).filter(({ transaction }) => transaction === transactionId)
  const approval = { order: orderId, state: '0', buyer: '홍길동', original: '' }
  const isOld = client.notification.names === 'legacy'
  assert.deepEqual(
    read.map(({ transaction, ...fields }) => fields),
    [
      { ...approval, amount: String(amount), refund: isOld ? String(amount) : '' },
      ...refunds.map((refund) => ({
        ...approval,
        state: '1',
        original: transactionId,
        amount: isOld ? refund : String(amount),
        refund,
      })),
    ],
  )
}

async function leave(client: Client, take: Take, added: Fields): Promise<void> {
  const { orderId, form } = await placeOrder(client, take, added)
  const posted = await abort(client, fixture.sandbox.urls, form)
  const isPosted = /^http/.test(form.StopUrl ?? '')
  assert.equal(posted !== undefined, isPosted)
  if (posted === undefined) return
  assert.deepEqual(await take('abort', { ...posted }), {
    order: orderId,
    note: base64(orderId),
    code: client.merchant?.abortCode ?? 'S201',
    goods: '따뜻한 커피',
  })
}

/** As they are, all sixteen ask for general card payments: without `actionUri` and without `SspMallId`. */
for (const way of ['general card payment', 'SS-Pay'] as const) {
  suite(`sixteen existing clients, ${way}`, () => {
    const buyer = newBuyer(realRuntime, { installmentMonths: 0 })
    clients.forEach((client, index) => {
      const skip = process.env.CI === undefined ? (whyMissing(client.language) ?? false) : false
      test(`${client.language}: ${client.shape}`, { skip }, async () => {
        const customerId = client.deletesMember ? `twins1${index}` : 'twins0001'
        const added: Fields = way === 'SS-Pay' ? { ...easyPayFields, MallUserId: customerId } : {}
        const take = takeAs(client)
        const paid = await pay(client, take, added, buyer)
        await beNotified(client, paid, await cancel(client, take, paid.transactionId))
        await leave(client, take, added)
        if (client.readsDeclines) await payInVain(client, take, added, buyer)
        if (way !== 'SS-Pay' || !client.deletesMember) return
        const fields = asForm({ Mid: merchantIdOf(client), SspMallId: easyPayFields.SspMallId, MallUserId: customerId })
        assert.equal((await take('delete', { fields })).code, 'PD00')
        await pay(client, take, added, buyer)
        assert.equal((await take('delete', { fields })).code, 'PD00', 'the customer has joined again')
      })
    })
  })
}
