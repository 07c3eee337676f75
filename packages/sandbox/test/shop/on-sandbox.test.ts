import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { resultCodes } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { assertBuyersVoice } from '../../../../test/support/buyers-voice.ts'
import { until } from '../../../../test/support/until.ts'
import { testDatabase } from '../../../gateway/test/test-storage.ts'
import { postForm, type Page as WindowPage } from '../../src/buyer/browser.ts'
import { type Buyer, newBuyer } from '../../src/buyer/buyer.ts'
import { walkWindow } from '../../src/buyer/walk-window.ts'
import { readNewestCode } from '../../src/pay/pay.ts'
import { startSandbox } from '../../src/sandbox.ts'
import { run } from '../command-line/support.ts'
import { orderGoods, windowOrigin } from './journey.ts'
import { type Browser, createBrowser, inputsOf } from './support.ts'

const folder = await mkdtemp(join(tmpdir(), 'sspay-shop-'))
const { urls, close } = await startSandbox({
  dataFolder: folder,
  ...(await testDatabase(folder)),
  host: '127.0.0.1',
  ports: { shop: 0, gateway: 0, gatewayTls: 0, console: 0 },
  settings: { cardNetworkTimeoutMs: 3_000 },
})
after(async () => {
  await close()
  await rm(folder, { recursive: true, force: true })
})

const newCustomer = (): Browser => createBrowser((request) => fetch(request), urls.shop)
const cards = {
  approved: '9406000000000001',
  poor: '9406000030810007',
  silent: '9406000040000003',
  late: '9406000050000000',
}
const buyerWith = (cardNumber: string): Buyer => newBuyer(realRuntime, { cardNumber, installmentMonths: 0 })

async function openWindow(browser: Browser, goodsId = 'postcard') {
  const { form, orderId, returnPath, page } = await orderGoods(browser, goodsId, 1, { flow: 'page' })
  const action = /action="([^"]*reqPay\.do)"/.exec(page.text)?.[1] ?? ''
  const window = await postForm({ url: action, body: encodeForm(form, 'utf-8'), origin: urls.shop })
  return { window, orderId, returnPath }
}

async function authenticate(buyer: Buyer, browser: Browser) {
  const { window, orderId, returnPath } = await openWindow(browser)
  const steps: string[] = []
  const returned = await walkWindow(window, {
    buyer,
    readCode: (phone) => readNewestCode(urls.console, phone),
    onStep: (step) => steps.push(step),
  })
  return { returned: returned as Record<string, string>, orderId, returnPath, steps }
}

async function payAs(buyer: Buyer, browser: Browser) {
  const { returned, orderId, returnPath, steps } = await authenticate(buyer, browser)
  return { page: await browser.post(returnPath, returned, windowOrigin), orderId, steps }
}

test('a first payment joins and pays; the second needs the password only; the membership can be deleted every time', async () => {
  const browser = newCustomer()
  const buyer = buyerWith(cards.approved)
  const first = await payAs(buyer, browser)
  assert.match(first.page.text, /결제가 완료되었어요/)
  assert.ok(first.steps.includes('terms') && first.steps.includes('identity'))

  const second = await payAs(buyer, browser)
  assert.match(second.page.text, /결제가 완료되었어요/)
  assert.ok(!second.steps.includes('terms') && !second.steps.includes('card'))
  assert.match((await browser.get('/membership')).text, />20점</)

  await browser.get('/membership')
  assert.match((await browser.post('/membership/delete', {})).text, /PD00/)
  assert.match((await browser.post('/membership/delete', {})).text, /S301/)
  assert.ok((await payAs(buyer, browser)).steps.includes('terms'))
  assert.match((await browser.post('/membership/delete', {})).text, /PD00/)
})

test('a buyer who brings the payment of one order to another one can still pay both', async () => {
  const browser = newCustomer()
  const buyer = buyerWith(cards.approved)
  const [one, other] = [await authenticate(buyer, browser), await authenticate(buyer, browser)]
  await browser.post(other.returnPath, one.returned)
  for (const { returnPath, returned } of [one, other])
    assert.match((await browser.post(returnPath, returned, windowOrigin)).text, /결제가 완료되었어요/)
})

test('a declined card says why', async () => {
  const { page } = await payAs(buyerWith(cards.poor), newCustomer())
  assert.match(page.text, new RegExp(resultCodes.balance_insufficient.ko))
  assertBuyersVoice(page.text)
})

const silences = [
  { card: cards.silent, name: 'that charged nothing', ends: /결제하지 못했어요/ },
  { card: cards.late, name: 'that charged', ends: /결제가 완료되었어요/ },
]
for (const { card, name, ends } of silences) {
  test(`the silence of a card ${name} is checked until it is known`, async () => {
    const browser = newCustomer()
    const { page, orderId } = await payAs(buyerWith(card), browser)
    assert.match(page.text, /결제 결과를 확인하고 있어요/)
    const check = async (): Promise<string> => (await browser.post(`/orders/${orderId}/check`, {})).text
    const isKnown = async () => [await check()].find((text) => !/확인하고 있어요/.test(text))
    assert.match(await until(isKnown, { every: 250, what: 'a known outcome' }), ends)
  })
}

test('a buyer who walks away comes to the stop page', async () => {
  const browser = newCustomer()
  const { window, orderId } = await openWindow(browser, 'mug')
  const stopped = await sendForm(window, 'abort')
  const back = stopped.forms.find(({ attributes }) => attributes.action?.endsWith('/pay/stop'))
  const fields = Object.fromEntries((back?.fields ?? []).map(({ name, value }) => [name, value]))
  assert.equal(Object.keys(fields).length, 12)
  const page = await browser.post('/pay/stop', fields, windowOrigin)
  assert.equal(page.path, `/orders/${orderId}`)
  assert.match(page.text, new RegExp(resultCodes.buyer_aborted.ko))
  assertBuyersVoice(page.text)
})

async function sendForm(page: WindowPage, step: string): Promise<WindowPage> {
  const form = page.forms.find(({ attributes }) => attributes['data-step'] === step)
  const fields = Object.fromEntries((form?.fields ?? []).map(({ name, value }) => [name, value]))
  const url = new URL(form?.attributes.action ?? '', page.url)
  const body = encodeForm({ ...fields, step }, 'utf-8')
  return postForm({ url: url.href, body, origin: url.origin, cookies: page.cookies })
}

test('the console shows the shop’s payment, and nothing of its buyer', async () => {
  const browser = newCustomer()
  const buyer = buyerWith(cards.approved)
  const { orderId, page } = await payAs(buyer, browser)
  const [, link = ''] = /href="([^"]*\/payments\/[^"]*)"/.exec(page.text) ?? []
  const shown = (await (await fetch(`${urls.console}/`)).text()) + (await (await fetch(link)).text())
  assert.ok(shown.includes(orderId))
  for (const canary of [buyer.cardNumber, buyer.phone, '010-1234-5678', 'moon@example.com', '김달빛', buyer.name])
    assert.ok(!shown.includes(canary), canary)
})

test('a paid order is cancelled in part, then for the rest, and its points go with it', async () => {
  const browser = newCustomer()
  const { orderId } = await payAs(buyerWith(cards.approved), browser)
  const cancel = (fields: Readonly<Record<string, string>> = {}) => browser.post(`/orders/${orderId}/cancel`, fields)

  const part = await cancel({ amount: '504' })
  assert.match(part.text, /일부를 취소했어요/)
  assert.match(part.text, /504원은 결제한 카드로 돌아가요. 적립은 5점이에요/)
  assert.match((await browser.get('/orders')).text, /부분 취소/)
  for (const amount of ['501', '0', '-1', 'x', '99999999999999']) await cancel({ amount })
  assert.match((await browser.get(`/orders/${orderId}`)).text, /남은 금액.*500원/s)

  assert.match((await cancel()).text, /주문이 취소되었어요/)
  assert.match((await browser.get('/membership')).text, />0점</)
  assert.match((await browser.get('/orders')).text, /취소됨/)
  assert.match((await cancel()).text, /주문이 취소되었어요/)
})

test('two cancellations at once give the money back once', async () => {
  const browser = newCustomer()
  const { orderId } = await payAs(buyerWith(cards.approved), browser)
  await Promise.all([1, 2, 3].map(() => browser.post(`/orders/${orderId}/cancel`, {})))
  const page = await browser.get(`/orders/${orderId}`)
  assert.match(page.text, /1,004원이 결제한 카드로 돌아가요/)
})

test('only its buyer cancels an order', async () => {
  const buyer = newCustomer()
  const { orderId } = await payAs(buyerWith(cards.approved), buyer)
  assert.equal((await newCustomer().post(`/orders/${orderId}/cancel`, {})).status, 403)
  assert.match((await buyer.get(`/orders/${orderId}`)).text, /결제가 완료되었어요/)
})

test('the gateway’s notifications reach the shop and are accepted', async () => {
  const browser = newCustomer()
  const { orderId, page } = await payAs(buyerWith(cards.approved), browser)
  await browser.post(`/orders/${orderId}/cancel`, {})
  const [, link = ''] = /href="([^"]*\/payments\/[^"]*)"/.exec(page.text) ?? []
  const delivered = async (): Promise<number> => ((await (await fetch(link)).text()).match(/전달됨/g) ?? []).length
  await until(async () => (await delivered()) >= 2, { every: 100, what: 'two delivered notifications' })
})

async function joinClub(buyer: Buyer, browser: Browser) {
  const { text } = await browser.get('/club')
  const fields = inputsOf(text)
  const action = /action="([^"]*\/ssb\/interface\.do)"/.exec(text)?.[1] ?? ''
  const window = await postForm({ url: action, body: encodeForm(fields, 'utf-8'), origin: urls.shop })
  const returned = await walkWindow(window, {
    buyer,
    onStep() {},
    readCode: (phone) => readNewestCode(urls.console, phone),
  })
  const { pathname } = new URL(fields.ReturnUrl ?? '')
  return browser.post(pathname, returned as Record<string, string>, windowOrigin)
}

async function advance(duration: string): Promise<void> {
  const { exitCode, errors } = await run(['clock', 'advance', duration, '--console', urls.console])
  assert.equal(exitCode, 0, errors)
}

const clubOf = async (browser: Browser): Promise<readonly string[]> =>
  [...(await browser.get('/club')).text.matchAll(/data-charge="([a-z]+)"/g)].map(([, state = '']) => state).reverse()

test('a membership renews when the clock passes its day, retries a declined month, and ends when its member leaves', async () => {
  const [steady, poor] = [newCustomer(), newCustomer()]
  const everySecondDeclined = '9406000080101208'
  assert.match((await joinClub(buyerWith(cards.approved), steady)).text, /이용 중/)
  await joinClub(buyerWith(everySecondDeclined), poor)
  const becomes = async (browser: Browser, states: readonly string[]): Promise<void> => {
    const isSo = async () => JSON.stringify(await clubOf(browser)) === JSON.stringify(states)
    await until(isSo, { every: 200, what: `charges ${states}` })
  }
  assert.deepEqual([await clubOf(steady), await clubOf(poor)], [['paid'], ['paid']])

  await advance('1mo')
  await becomes(poor, ['paid', 'declined'])
  await becomes(steady, ['paid', 'paid'])
  assert.match((await poor.get('/club')).text, /지난 결제가 되지 않았어요.*잔액/s)
  await advance('1d')
  await becomes(poor, ['paid', 'declined', 'paid'])
  await advance('2mo')
  await becomes(steady, ['paid', 'paid', 'paid', 'paid'])

  await steady.get('/club')
  assert.match((await steady.post('/club/leave', {})).text, /끝남.*시작하기/s)
  const known = (await clubOf(poor)).length
  await advance('2mo')
  await until(async () => (await clubOf(poor)).length > known, { every: 200, what: 'the renewal of the other member' })
  assert.equal((await clubOf(steady)).length, 4)

  const { text } = await joinClub(buyerWith(cards.approved), steady)
  assert.match(text, /이용 중/)
  assert.deepEqual(await clubOf(steady), ['paid'])
  await steady.get('/membership')
  await steady.post('/membership/delete', {})
  await advance('1mo')
  await becomes(steady, ['paid', 'declined'])
  assert.match((await steady.get('/club')).text, /끝남.*시작하기/s)
})

test('months that fall due at once are charged in the order of their days', async () => {
  const members = [newCustomer(), newCustomer()] as const
  await joinClub(buyerWith(cards.approved), members[0])
  await advance('10d')
  await joinClub(buyerWith(cards.approved), members[1])
  await advance('3mo')
  for (const member of members)
    await until(async () => (await clubOf(member)).length === 4, { every: 200, what: 'three renewals' })

  const read = async (path: string) => (await fetch(`${urls.console}/api/bill-keys${path}`)).json()
  const { billKeys } = (await read('?limit=2')) as { readonly billKeys: readonly { readonly billKeyId: string }[] }
  const charges = await Promise.all(
    billKeys.toReversed().map(async ({ billKeyId }, member) => {
      const { charges } = (await read(`/${billKeyId}/charges`)) as { charges: readonly { requestedAt: string }[] }
      return charges.map(({ requestedAt }) => ({ member, requestedAt }))
    }),
  )
  const inOrder = charges.flat().toSorted((one, other) => one.requestedAt.localeCompare(other.requestedAt))
  assert.deepEqual(
    inOrder.map(({ member }) => member),
    [0, 1, 0, 1, 0, 1, 0, 1],
  )
})

test('a result of the window counts for its own customer only', async () => {
  const [one, other] = [newCustomer(), newCustomer()]
  const { text } = await one.get('/club')
  const fields = inputsOf(text)
  const { ReturnUrl: otherUrl = '' } = inputsOf((await other.get('/club')).text)
  const action = /action="([^"]*\/ssb\/interface\.do)"/.exec(text)?.[1] ?? ''
  const window = await postForm({ url: action, body: encodeForm(fields, 'utf-8'), origin: urls.shop })
  const returned = await walkWindow(window, {
    buyer: buyerWith(cards.approved),
    onStep() {},
    readCode: (phone) => readNewestCode(urls.console, phone),
  })
  const page = await other.post(new URL(otherUrl).pathname, returned as Record<string, string>, windowOrigin)
  assert.equal(page.status, 400)
  assert.deepEqual(await clubOf(other), [])
})
