import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { readCsv } from '../../packages/gateway/test/console/read-csv.ts'
import { createBrowser } from '../../packages/sandbox/test/shop/support.ts'
import { proofSize } from '../support/proof-size.ts'
import { desktop } from './browser.ts'
import { openFixture } from './fixture.ts'
import { formsOf, freeFields, plainForms, type TriedForms } from './xss-forms.ts'
import { isShown, notificationAbout } from './xss-notifications.ts'
import { allPayloads, type Payload } from './xss-payloads.ts'
import { plantCanary, type Visit, type Watcher, watch } from './xss-watch.ts'

const isThorough = proofSize === 'thorough'

const { sandbox, browser } = await openFixture()
const { urls } = sandbox

/** Answers of the gateway to a POST, to be looked at like any page, and the StopUrl of every payment. */
const shown = new Map<
  string,
  { readonly status: number; readonly headers: Record<string, string>; readonly body: string }
>()
const stage = createServer((request, response) => {
  const page = shown.get(request.url ?? '')
  if (page === undefined) response.setHeader('content-type', 'text/html').end('<title>stopped</title>')
  else response.writeHead(page.status, page.headers).end(page.body)
}).listen(0, '127.0.0.1')
await once(stage, 'listening')
const stageUrl = `http://localhost:${(stage.address() as AddressInfo).port}`
const stopUrl = `${stageUrl}/stop`
after(() => stage.close())

const payloads = allPayloads(`//127.0.0.1:${(stage.address() as AddressInfo).port}/x`)
const reachable = [urls.gateway, urls.console, urls.shop, `${stageUrl}/shown/`, stopUrl, 'data:image/svg', 'data:,']
const isAllowed = (url: string): boolean => reachable.some((start) => url.startsWith(start))

const context = await browser.newContext({ ...desktop, viewport: { width: 320, height: 240 } })
context.setDefaultTimeout(60_000)
await plantCanary(context)

const newWatcher = async (): Promise<Watcher> => watch(await context.newPage(), isAllowed)

async function inParallel<Item, Tools>(
  items: readonly Item[],
  open: () => Promise<Tools>,
  work: (tools: Tools, item: Item) => Promise<void>,
) {
  const waiting = items.values()
  const worker = async (): Promise<void> => {
    const tools = await open()
    for (const item of waiting) await work(tools, item)
  }
  await Promise.all([worker(), worker(), worker()])
}

const seen = new Set<string>()

/**
 * A page that was made of a POST, at an address of its own, with its policy; undefined when the same page was looked at
 * before.
 */
async function keepShown(name: string, answer: Response): Promise<string | undefined> {
  const body = await answer.text()
  const content = body.replaceAll(/nonce="[^"]*"/g, '')
  if (seen.has(content)) return undefined
  seen.add(content)
  const headers = Object.fromEntries(
    [...answer.headers].filter(([key]) => /^content-(type|security-policy)$|^x-|^referrer/.test(key)),
  )
  shown.set(`/shown/${name}`, { status: answer.status, headers, body })
  return `${stageUrl}/shown/${name}`
}

const post = (url: string, fields: Readonly<Record<string, string>>, cookie = '') =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie }, redirect: 'manual' })

const places = ['window', 'return', 'console', 'rejection'] as const
type Place = (typeof places)[number]

/** Each place has a tab of its own: from one policy to another the browser would start a new process. */
type Tabs = { readonly [place in Place]: Watcher }

const newTabs = async (): Promise<Tabs> => {
  const tabs = await Promise.all(places.map(async (place) => [place, await newWatcher()] as const))
  return Object.fromEntries(tabs) as Tabs
}

/** Every page that shows something of the two forms. */
async function visitAll(tabs: Tabs, name: string, { accepted, rejected }: TriedForms) {
  const opened = await post(`${urls.gateway}/ssp/reqPay.do`, accepted)
  const location = opened.headers.get('location')
  assert.ok(location, `form ${name} opens a window: ${opened.headers.get('x-sspay-result')}`)
  const window = `${urls.gateway}${location}`
  const [cookie = ''] = opened.headers.get('set-cookie')?.split(';') ?? []
  const [cookieName = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name: cookieName, value, url: urls.gateway }])
  const pages = new Map<Place, Visit>([['window', await tabs.window.visit(window)]])
  await post(window, { step: 'abort' }, cookie)
  pages.set('return', await tabs.return.visit(window, stopUrl))
  await context.clearCookies({ name: cookieName })
  const list = await (await fetch(urls.console)).text()
  const row = list.split('href="/payments/').find((part) => part.includes(`>${accepted.Moid}<`))
  const transactionId = row?.split('"')[0]
  pages.set('console', await tabs.console.visit(`${urls.console}/payments/${transactionId}`))
  const rejection = await keepShown(name, await post(`${urls.gateway}/ssp/reqPay.do`, rejected))
  if (rejection !== undefined) pages.set('rejection', await tabs.rejection.visit(rejection))
  return pages
}

/** Every sixth form has each payload in one field, so each field has some of each kind; all forms have each in each. */
const indexes = [...payloads.keys()].filter((index) => isThorough || index % freeFields.length === 0)
const fieldsEach = isThorough ? freeFields.length : 1

test(`${payloads.length} payloads in ${fieldsEach} of ${freeFields.length} fields each stay texts on every page`, async () => {
  assert.ok(payloads.length >= 200)
  assert.equal(new Set(payloads.map(({ text }) => text)).size, payloads.length)
  const usual = await visitAll(await newTabs(), 'plain', plainForms(stopUrl))
  for (const [place, { finds }] of usual) assert.deepEqual(finds, [], place)

  let tried = 0
  const found: string[] = []
  await inParallel(indexes, newTabs, async (tabs, index) => {
    const forms = formsOf(index, payloads, stopUrl)
    tried += forms.tried
    for (const [place, { finds, shape }] of await visitAll(tabs, String(index), forms)) {
      for (const find of finds) found.push(`${place} ${index}: ${find}`)
      const expected = usual.get(place)?.shape
      if (place !== 'rejection' && shape !== expected) found.push(`${place} ${index}: other elements`)
    }
  })
  assert.deepEqual(found, [])
  assert.ok(tried >= payloads.length * fieldsEach, `${tried}`)
})

test('the lists of the console show them as texts', async () => {
  const watcher = await newWatcher()
  for (let next: string | undefined = '/'; next !== undefined; ) {
    const { finds } = await watcher.visit(urls.console + next)
    assert.deepEqual(finds, [], next)
    const text: string = await (await fetch(urls.console + next)).text()
    next = /href="(\/\?before=[^"]+)"/.exec(text)?.[1]
  }
  assert.deepEqual((await watcher.visit(`${urls.console}/notifications`)).finds, [])
})

test('no cell of the CSV is a formula, and none has lost its text', async () => {
  const rows = readCsv(await (await fetch(`${urls.console}/payments.csv`)).text())
  assert.ok(rows.length > indexes.length)
  const texts = new Set(payloads.map(({ text }) => text))
  for (const row of rows) {
    for (const cell of Object.values(row)) assert.doesNotMatch(cell, /^\s*[=+\-@＝＋－＠]/)
    const goods = row.상품명 ?? ''
    assert.ok(goods === 'plain' || texts.has(goods) || texts.has(goods.slice(1)), goods)
  }
})

/** Enough of each kind, where the field does not matter. */
const everyThird = [...payloads.entries()].filter(([index]) => index % 3 === 0)
const everySixth = everyThird.filter(([index]) => index % 6 === 0)

test('a notification with them in every field that lets them in is a receipt with texts', async () => {
  const buyer = createBrowser(fetch, urls.shop)
  const cookie = (await buyer.get('/order?goods=postcard')).headers.get('set-cookie')?.split(';')[0] ?? ''
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: urls.shop }])
  const usual = await (await newWatcher()).visit(await notificationAbout(urls.shop, buyer, 9999, 'plain'))
  assert.deepEqual(usual.finds, [])
  const found: string[] = []
  const fitting = [...payloads.entries()].filter(([, { text }]) => isShown(text))
  assert.ok(fitting.length >= 30)
  await inParallel(fitting, newWatcher, async (watcher, [index, { text }]) => {
    const url = await notificationAbout(urls.shop, buyer, index, text)
    const { finds, shape } = await watcher.visit(url)
    found.push(...finds.map((find) => `notification ${index}: ${find}`))
    if (shape !== usual.shape) found.push(`notification ${index}: other elements`)
  })
  assert.deepEqual(found, [])
  const watcher = await newWatcher()
  assert.deepEqual((await watcher.visit(`${urls.shop}/orders`)).finds, [])
})

const addresses: readonly ((text: string) => string)[] = [
  (text) => `${urls.console}/?before=${text}&from=${text}&until=${text}`,
  (text) => `${urls.console}/payments/${text}`,
  (text) => `${urls.console}/notifications?state=${text}`,
  (text) => `${urls.console}/${text}`,
  (text) => `${urls.shop}/order?goods=${text}&quantity=${text}`,
  (text) => `${urls.shop}/guide-sample?customer=${text}`,
  (text) => `${urls.shop}/orders/${text}`,
  (text) => `${urls.gateway}/ssp/window/${text}`,
  (text) => `${urls.gateway}/${text}`,
]

test('what stands in an address stays a text on the page it leads to', async () => {
  const found: string[] = []
  await inParallel(everyThird, newWatcher, async (watcher, [index, { text }]) => {
    const url = addresses[(index / 3) % addresses.length]?.(encodeURIComponent(text.replaceAll('\r\n', ' '))) ?? ''
    const { finds } = await watcher.visit(url)
    found.push(...finds.map((find) => `${url}: ${find}`))
  })
  assert.deepEqual(found, [])
})

/** A page without escaping. */
const injectedPage = ({ text }: Payload): string => `<!doctype html><title>injected</title>
<p>${text}</p></style></textarea><input value="${text}"><input value='${text}'><input value=${text}>
<iframe src="${text}"></iframe><script>var quoted = "${text}"</script><script>var quoted = '${text}'</script>
<script>var quoted = \`${text}\`</script><script>/* ${text} */</script><script>var list = [{ ${text} }]</script>
<script>// ${text}
</script><style>p { color: ${text} }</style>`

/**
 * Harmless in every place of the injected page: they need a template engine, a decoder, a spreadsheet or an old
 * browser.
 */
const needsMore: ReadonlySet<string> = new Set(['template', 'encoding', 'unicode', 'formula', 'clobbering', 'refresh'])

test('on a page that forgot to escape they are found', async () => {
  const usual = injectedPage({ kind: 'script', text: 'plain' })
  shown.set('/shown/injected', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: usual })
  const { shape } = await (await newWatcher()).visit(`${stageUrl}/shown/injected`)
  const missed: Payload[] = []
  await inParallel(everySixth, newWatcher, async (watcher, [index, payload]) => {
    const name = `/shown/injected-${index}`
    const headers = { 'content-type': 'text/html; charset=utf-8' }
    shown.set(name, { status: 200, headers, body: injectedPage(payload) })
    const visit = await watcher.visit(stageUrl + name).catch(() => undefined)
    if (visit !== undefined && visit.finds.length === 0 && visit.shape === shape) missed.push(payload)
  })
  assert.deepEqual(
    missed.filter(({ kind }) => !needsMore.has(kind)),
    [],
  )
})
