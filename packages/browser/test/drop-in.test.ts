import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { parse } from 'acorn'
import { type Browser, chromium, type Page } from 'playwright-core'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const built = new URL('../dist/smartropay.js', import.meta.url)
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

execFileSync(process.execPath, [`${root}tools/build-scripts.ts`], { stdio: 'pipe' })

interface Posted {
  readonly path: string
  readonly body: Buffer
}

/** Stands for the gateway and for the shop: a page as given per path, and every form that was posted. */
async function serve(
  pages: Readonly<Record<string, string | Buffer>>,
): Promise<{ url: string; posted: Posted[]; server: Server }> {
  const posted: Posted[] = []
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.method === 'POST') posted.push({ path, body: Buffer.concat(chunks) })
    response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'text/html')
    response.end(pages[path] ?? '<!doctype html><meta charset="utf-8"><p>shop')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted, server }
}

/** The guide's sample page, shortened; `charset` is what it is written in. */
const samplePage = (
  gateway: string,
  call = 'Callback: function (res) { window.answers.push(res) },',
  charset = 'utf-8',
) => `<!doctype html>
<html><head><meta charset="${charset}"><script src="${gateway}/asset/js/SmartroPAY-1.0.min.js?version=20250102"></script>
<script>window.answers = []; function goPay() {
  smartropay.init({ mode: 'STG', actionUri: '/ssp/reqPay.do' })
  smartropay.payment({ FormId: 'tranMgr', ${call} })
}</script></head><body>
<form id="tranMgr" name="tranMgr" method="post">
<input type="text" name="GoodsName" value="GOODS"><input type="text" name="ReturnUrl" value="r"><input type="text" name="ReturnUrl" value="r">
<input type="checkbox" name="unchecked" value="1"><input type="text" name="off" value="1" disabled><input name="submit" value="s">
<select name="CardQuota"><option value="00">x</option><option value="03" selected>y</option></select><textarea name="note">a</textarea>
<button type="button" id="pay" onclick="goPay()">결제하기</button></form></body></html>`

const gatewayWindow = (shop: string) => `<!doctype html><meta charset="utf-8"><button id="inner">inside</button><script>
parent.postMessage({ type: 'sspay:ready' }, '${shop}')
window.say = function (message) { parent.postMessage(message, '${shop}') }</script>`

describe('the built drop-in script', () => {
  test('is ES5 and at most 3 kB gzip', async () => {
    const script = await readFile(built, 'utf8')
    parse(script, { ecmaVersion: 5 })
    assert.ok(gzipSync(script).length <= 3072)
    assert.equal(/[^\x20-\x7e\n]/.test(script), false, 'pages in every charset may include it')
    for (const newer of ['Promise', 'fetch(', 'URL(', 'Object.assign', '.includes(', '.closest(', 'Symbol'])
      assert.equal(script.includes(newer), false, newer)
  })
})

describe('in a real browser', { skip: executablePath === undefined && 'no Chromium on this machine' }, () => {
  let browser: Browser
  let shop: Awaited<ReturnType<typeof serve>>
  let gateway: Awaited<ReturnType<typeof serve>>
  const pages: Record<string, string | Buffer> = {}

  before(async () => {
    const gatewayPages: Record<string, string | Buffer> = { '/asset/js/SmartroPAY-1.0.min.js': await readFile(built) }
    gateway = await serve(gatewayPages)
    shop = await serve(pages)
    gatewayPages['/ssp/reqPay.do'] = gatewayWindow(shop.url)
    pages['/'] = samplePage(gateway.url)
    pages['/mobile'] = samplePage(gateway.url, '')
    // "가나똠" in windows-949; the last syllable is not in the old KS X 1001.
    const [head = '', tail = ''] = samplePage(gateway.url, '', 'euc-kr').split('GOODS')
    const ascii = (text: string) => Buffer.from(text.replace(/[^\x20-\x7e\n]/g, ''), 'latin1')
    pages['/euc-kr'] = Buffer.concat([ascii(head), Buffer.from('b0a1b3aa8c63', 'hex'), ascii(tail)])
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
      ],
    })
  })
  after(async () => {
    await browser.close()
    for (const { server } of [shop, gateway]) server.close()
  })

  async function open(path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options)
    await page.goto(shop.url + path)
    return page
  }

  /** Clicks the pay button and waits for the window inside the layer. */
  async function pay(page: Page) {
    await page.click('#pay')
    const frame = await (await page.waitForSelector('iframe')).contentFrame()
    if (frame === null) throw new Error('the layer has no frame')
    await frame.waitForSelector('#inner')
    return frame
  }

  const say = (frame: Awaited<ReturnType<typeof pay>>, message: object) =>
    frame.evaluate((said) => (window as unknown as { say(message: object): void }).say(said), message)

  test('on PC the form goes into a layer, and the shop’s own form stays as it was', async () => {
    const page = await open('/')
    const form = await page.innerHTML('body')
    const frame = await pay(page)
    const sent = new URLSearchParams(gateway.posted.at(-1)?.body.toString())
    assert.deepEqual(
      [...sent],
      [
        ['GoodsName', 'GOODS'],
        ['ReturnUrl', 'r'],
        ['ReturnUrl', 'r'],
        ['submit', 's'],
        ['CardQuota', '03'],
        ['note', 'a'],
        ['SspReturn', 'message'],
      ],
    )
    assert.equal(await page.isVisible('text=닫기'), false, 'the window has its own way out')
    await page.click('#pay', { force: true, timeout: 500 }).catch(() => undefined)
    assert.equal(await page.locator('iframe').count(), 1)

    await say(frame, { type: 'sspay:authenticated', Tid: 'T1', TrAuthKey: 'K1', more: 'x' })
    await page.waitForSelector('iframe', { state: 'detached' })
    assert.deepEqual(await page.evaluate('window.answers'), [{ Tid: 'T1', TrAuthKey: 'K1' }])
    assert.equal(await page.innerHTML('body'), form)
    assert.equal(await page.evaluate('document.activeElement.id'), 'pay')
    await page.close()
  })

  test('a message from another origin or another frame is nothing', async () => {
    const page = await open('/')
    await pay(page)
    await page.evaluate(() => window.postMessage({ type: 'sspay:authenticated', Tid: 'T', TrAuthKey: 'K' }, '*'))
    await page.evaluate((url) => {
      const other = document.createElement('iframe')
      other.srcdoc = `<script>parent.postMessage({ type: 'sspay:authenticated', Tid: 'T', TrAuthKey: 'K' }, '*')</script><a href="${url}">x</a>`
      document.body.appendChild(other)
    }, gateway.url)
    await page.waitForTimeout(200)
    assert.deepEqual(await page.evaluate('window.answers'), [])
    await page.close()
  })

  test('an abort posts its fields to StopUrl in the whole window', async () => {
    const page = await open('/')
    const frame = await pay(page)
    const fields = { GoodsName: '가나똠', ResultCode: 'S201' }
    await Promise.all([
      page.waitForURL(`${shop.url}/stop`),
      say(frame, { type: 'sspay:aborted', action: `${shop.url}/stop`, acceptCharset: 'euc-kr', fields }),
    ])
    assert.deepEqual(shop.posted.at(-1), {
      path: '/stop',
      body: Buffer.from('GoodsName=%B0%A1%B3%AA%8Cc&ResultCode=S201'),
    })
    await page.close()
  })

  test('an abort to something that is no web address goes nowhere', async () => {
    const page = await open('/')
    const frame = await pay(page)
    await say(frame, { type: 'sspay:aborted', action: 'javascript:document.title="x"', fields: {} })
    await page.waitForSelector('iframe', { state: 'detached' })
    assert.equal(page.url(), `${shop.url}/`)
    await page.close()
  })

  test('until the window is there the layer can be closed', async () => {
    const page = await open('/')
    await page.route(`${gateway.url}/ssp/reqPay.do`, (route) => route.abort())
    await page.click('#pay')
    await page.click('text=닫기')
    assert.equal(await page.locator('iframe').count(), 0)
    await page.close()
  })

  for (const { name, path, options } of [
    { name: 'without Callback', path: '/mobile', options: {} },
    {
      name: 'on a phone',
      path: '/',
      options: { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile' },
    },
  ]) {
    test(`${name} the form goes to the window in place`, async () => {
      const page = await open(path, options)
      await Promise.all([page.waitForURL(`${gateway.url}/ssp/reqPay.do`), page.click('#pay')])
      assert.equal(new URLSearchParams(gateway.posted.at(-1)?.body.toString()).get('SspReturn'), null)
      await page.close()
    })
  }

  test('a page in EUC-KR posts EUC-KR', async () => {
    const page = await open('/euc-kr')
    await Promise.all([page.waitForURL(`${gateway.url}/ssp/reqPay.do`), page.click('#pay')])
    assert.match(gateway.posted.at(-1)?.body.toString() ?? '', /^GoodsName=%B0%A1%B3%AA%8Cc&/)
    await page.close()
  })

  for (const { name, call, sentence } of [
    {
      name: 'payment before init',
      call: "smartropay.payment({ FormId: 'tranMgr' })",
      sentence: /smartropay\.init을 먼저.* \/ Call smartropay\.init first/,
    },
    {
      name: 'a form that is not there',
      call: "smartropay.init({ mode: 'STG' }); smartropay.payment({ FormId: 'x' })",
      sentence: /FormId "x" 폼이 없습니다.* \/ There is no form/,
    },
  ]) {
    test(`${name} throws a sentence in both languages`, async () => {
      const page = await open('/')
      await assert.rejects(page.evaluate(call), sentence)
      await page.close()
    })
  }
})
