import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createClubStore } from '../../src/shop/club/store.ts'
import type { ShopContext } from '../../src/shop/context.ts'
import { shopRoutes } from '../../src/shop/shop.ts'
import { abortOf, answerAbout, newTicket, orderGoods, windowOrigin } from './journey.ts'
import { type Browser, createBrowser, inputsOf, openShopTest, type ShopTest } from './support.ts'

const origin = 'http://shop.example'
const formType = 'application/x-www-form-urlencoded'

/** A customer whose cookie the test knows. */
interface Customer {
  readonly browser: Browser
  cookie(): string
}

function newCustomer(shop: ShopTest): Customer {
  let cookie = ''
  const browser = createBrowser(async (request) => {
    const answer = await shop.fetch(request)
    cookie = /^customer=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? cookie
    return answer
  })
  return { browser, cookie: () => cookie }
}

interface CsrfScope {
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
}

/** The form of a page that posts to `path`. */
async function ownForm({ browser }: Customer, page: string, path: string): Promise<CsrfScope> {
  const { text } = await browser.get(page)
  const form = text.split('<form').find((part) => part.includes(`action="${path}"`)) ?? ''
  return { path, fields: inputsOf(form.split('</form>')[0] ?? '') }
}

async function payOrder(shop: ShopTest, customer: Customer, isAnswered: boolean): Promise<string> {
  const { orderId, returnPath } = await orderGoods(customer.browser)
  if (isAnswered) answerAbout(shop, orderId)
  await customer.browser.post(returnPath, newTicket(), windowOrigin)
  answerAbout(shop, orderId)
  return orderId
}

const guarded: Readonly<Record<string, (shop: ShopTest, customer: Customer) => Promise<CsrfScope>>> = {
  'POST /orders': (_shop, customer) => ownForm(customer, '/order?goods=postcard', '/orders'),
  async 'POST /orders/:orderId/check'(shop, customer) {
    const orderId = await payOrder(shop, customer, false)
    return ownForm(customer, `/orders/${orderId}`, `/orders/${orderId}/check`)
  },
  async 'POST /orders/:orderId/cancel'(shop, customer) {
    const orderId = await payOrder(shop, customer, false)
    return ownForm(customer, `/orders/${orderId}`, `/orders/${orderId}/cancel`)
  },
  async 'POST /membership/delete'(shop, customer) {
    await payOrder(shop, customer, true)
    return ownForm(customer, '/membership', '/membership/delete')
  },
  async 'POST /club/leave'({ dataFile }, customer) {
    await customer.browser.get('/club')
    const customerId = customer.cookie().split('=')[1] ?? ''
    const db = new DatabaseSync(dataFile)
    const subscription = { subscriptionId: `club-${customerId}-1`, customerId, startedAt: Date.now() + 60 * 60_000 }
    createClubStore(db).start({ ...subscription, billKeyEncrypted: null, maskedCardNumber: '' })
    db.close()
    return ownForm(customer, '/club', '/club/leave')
  },
}

/**
 * Sent by the window and the gateway, so from elsewhere: each carries what only they have. Without it nothing happens.
 */
const carriesItsOwnProof: Readonly<Record<string, string>> = {
  'POST /pay/return': 'the ticket of a payment, which the gateway proves',
  'POST /pay/stop': 'the number of an order, by chance; an order that is paid or being paid stays so',
  'POST /pay/notify': 'a signature',
  'POST /club/card/:customerId/:number': 'a bill key encrypted with the merchant key, for this customer and number',
  'POST /guide-sample/return': 'keeps nothing',
  'POST /guide-sample/stop': 'keeps nothing',
}

test('every route of the shop that may change something stands in the tables, and the tables name no other', () => {
  const { routes } = shopRoutes({} as ShopContext)
  const found = routes.filter(({ method, path }) => /^(POST|PUT|PATCH|DELETE)$/.test(method) && path !== '/*')
  const named = [...Object.keys(guarded), ...Object.keys(carriesItsOwnProof)]
  assert.deepEqual([...new Set(found.map(({ method, path }) => `${method} ${path}`))].toSorted(), named.toSorted())
})

function storedIn({ dataFile }: ShopTest): string {
  const db = new DatabaseSync(dataFile, { readOnly: true })
  const tables = db.prepare("select name from sqlite_master where type = 'table' order by name").all()
  const rows = tables.map(({ name }) => db.prepare(`select * from ${name}`).all())
  db.close()
  return JSON.stringify(rows)
}

async function openShop(t: { after(work: () => Promise<void>): void }) {
  let aheadMs = 0
  const shop = await openShopTest({ now: () => new Date(Date.now() + aheadMs) })
  t.after(shop.close)
  return { shop, setAhead: (durationMs: number) => (aheadMs = durationMs) }
}

for (const [route, openOwn] of Object.entries(guarded)) {
  test(`${route} does nothing for a page of somebody else`, async (t) => {
    const { shop, setAhead } = await openShop(t)
    const customer = newCustomer(shop)
    const own = await openOwn(shop, customer)
    const other = newCustomer(shop)
    const { fields: othersFields } = await ownForm(other, '/order?goods=postcard', '/orders')
    const { token, ...withoutToken } = own.fields
    assert.ok(token)
    const ask = (method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) =>
      shop.fetch(
        new Request(origin + path, { method, headers: { cookie: customer.cookie(), ...headers }, body: body ?? null }),
      )
    const send = (fields: CsrfScope['fields'], headers: Readonly<Record<string, string>> = {}) =>
      ask('POST', own.path, { origin, 'content-type': formType, ...headers }, String(new URLSearchParams(fields)))
    const attacks: Readonly<Record<string, () => Promise<unknown>>> = {
      'no token': () => send(withoutToken),
      "another customer's token": () => send({ ...own.fields, token: othersFields.token ?? '' }),
      "another customer's cookie": () => send(own.fields, { cookie: other.cookie() }),
      'no cookie': () => send(own.fields, { cookie: '' }),
      GET: () => ask('GET', `${own.path}?${new URLSearchParams(own.fields)}`, {}),
      'text/plain': () => send(own.fields, { 'content-type': 'text/plain' }),
      'another site, by Sec-Fetch-Site': () => send(own.fields, { 'sec-fetch-site': 'cross-site' }),
      'another port, by Sec-Fetch-Site': () => send(own.fields, { 'sec-fetch-site': 'same-site' }),
      'a foreign Origin': () => send(own.fields, { origin: 'https://evil.example' }),
      async 'a stale token'() {
        setAhead(13 * 60 * 60_000)
        await send(own.fields)
        setAhead(0)
      },
    }
    const before = storedIn(shop)
    for (const [name, attack] of Object.entries(attacks)) {
      await attack()
      assert.equal(storedIn(shop), before, name)
    }
    assert.ok((await send(own.fields)).status < 400)
    assert.notEqual(storedIn(shop), before, 'our own page changes something')
  })
}

test('what comes from elsewhere changes nothing of an order without its proof', async (t) => {
  const { shop } = await openShop(t)
  const customer = newCustomer(shop)
  const { form } = await orderGoods(customer.browser)
  const paid = await payOrder(shop, customer, true)
  const before = storedIn(shop)
  const guesses = [{}, { ...abortOf(form), Moid: 'ML250102-0000000000' }, { ...abortOf(form), Moid: paid }]
  for (const route of Object.keys(carriesItsOwnProof)) {
    for (const fields of guesses) {
      for (const type of [formType, 'text/plain']) {
        const body = String(new URLSearchParams(fields))
        const headers = { 'content-type': type, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
        await shop.fetch(new Request(origin + route.slice('POST '.length), { method: 'POST', body, headers }))
      }
    }
  }
  assert.equal(storedIn(shop), before)
})
