import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { encodeForm } from '@sspay/protocol/charset'
import { testDatabase } from '../../gateway/test/test-storage.ts'
import { originUnder } from '../src/addresses.ts'
import { postForm } from '../src/buyer/browser.ts'
import { newBuyer } from '../src/buyer/buyer.ts'
import { walkWindow } from '../src/buyer/walk-window.ts'
import { readNewestCode } from '../src/pay/pay.ts'
import { startSandbox } from '../src/sandbox.ts'
import { orderGoods } from './shop/journey.ts'
import { createBrowser } from './shop/support.ts'

const followed: readonly (readonly [hostname: string, origin: string])[] = [
  ['192.168.0.5', 'http://192.168.0.5:4610'],
  ['[fd00::5]', 'http://[fd00::5]:4610'],
  ['my-mac.local', 'http://my-mac.local:4610'],
  ['localhost', 'http://localhost:4610'],
  ['rebound.example', 'http://localhost:4610'],
  ['192.168.0.5.rebound.example', 'http://localhost:4610'],
]
for (const [hostname, origin] of followed)
  test(`a browser at ${hostname} is sent to ${origin}`, () =>
    assert.equal(originUnder(hostname, 'http://localhost:4610', ['my-mac.local']), origin))

const folder = await mkdtemp(join(tmpdir(), 'sspay-addresses-'))
const { urls, close } = await startSandbox({
  dataFolder: folder,
  ...(await testDatabase(folder)),
  host: '0.0.0.0',
  ports: { shop: 0, gateway: 0, gatewayTls: 0, console: 0 },
})
after(async () => {
  await close()
  await rm(folder, { recursive: true, force: true })
})

/** Another address of this machine than localhost, as a phone on the network uses. */
const elsewhere = (url: string): string => url.replace('localhost', '127.0.0.2')

test('under another address of this machine a whole payment stays there', async () => {
  const shop = elsewhere(urls.shop)
  const browser = createBrowser((request) => fetch(request), shop)
  const { form, page, returnPath } = await orderGoods(browser, 'postcard', 1, { flow: 'page' })
  const gateway = elsewhere(urls.gateway)
  assert.match(page.headers.get('content-security-policy') ?? '', RegExp(`form-action 'self' ${gateway}`))
  assert.ok(page.text.includes(`src="${gateway}/asset/js/`), 'the script')
  assert.equal(form.ReturnUrl, `${shop}${returnPath}`)
  assert.ok(!page.text.includes('localhost'))
  const action = /action="([^"]*reqPay\.do)"/.exec(page.text)?.[1] ?? ''
  assert.equal(new URL(action).origin, gateway)
  const returned = await walkWindow(await postForm({ url: action, body: encodeForm(form, 'utf-8'), origin: shop }), {
    buyer: newBuyer(realRuntime, { installmentMonths: 0 }),
    readCode: (phone) => readNewestCode(elsewhere(urls.console), phone),
    onStep: () => {},
  })
  const receipt = await browser.post(returnPath, returned as Record<string, string>, gateway)
  assert.match(receipt.text, /결제가 완료되었어요/)
  assert.ok(!receipt.text.includes('localhost'))
})

test('console, front page and guide sample lead to the same address', async () => {
  const text = async (url: string): Promise<string> => (await fetch(url)).text()
  const toShop = await fetch(`${elsewhere(urls.console)}/sandbox/shop`, { redirect: 'manual' })
  assert.equal(toShop.headers.get('location'), `${elsewhere(urls.shop)}/`)
  assert.match(await text(`${elsewhere(urls.console)}/`), /href="\/sandbox\/shop"/)
  assert.ok((await text(elsewhere(urls.gateway))).includes(`href="${elsewhere(urls.console)}/"`))
  assert.ok((await text(`${elsewhere(urls.shop)}/guide-sample`)).includes(`src="${elsewhere(urls.gateway)}/`))
})

test('a Host that names another site is not followed', async () => {
  const page = await new Promise<string>((resolve, reject) => {
    get(`${urls.shop}/guide-sample`, { headers: { host: 'rebound.example' } }, async (answer) =>
      resolve((await answer.toArray()).join('')),
    ).on('error', reject)
  })
  assert.ok(page.includes(`src="${urls.gateway}/asset/`))
  assert.doesNotMatch(page, /src="http:\/\/rebound/)
})
