import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openShopAndGateway, type Site, samplePage, skip } from './shop-page.ts'

describe('in a real browser', { skip }, () => {
  let browser: Browser
  let shop: Site
  let gateway: Site

  before(async () => {
    const sites = await openShopAndGateway()
    shop = sites.shop
    gateway = sites.gateway
    shop.pages['/mobile'] = samplePage(gateway.url, '')
    // "가나똠" in windows-949; the last syllable is not in the old KS X 1001.
    const [head = '', tail = ''] = samplePage(gateway.url, '', 'euc-kr').split('GOODS')
    const ascii = (text: string) => Buffer.from(text.replace(/[^\x20-\x7e\n]/g, ''), 'latin1')
    shop.pages['/euc-kr'] = Buffer.concat([ascii(head), Buffer.from('b0a1b3aa8c63', 'hex'), ascii(tail)])
    browser = await launchChromium()
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

  test('on PC the form goes into a layer, and the shop’s own form stays unchanged', async () => {
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

    const result = { Tid: 'T1', TrAuthKey: 'K1', ResultCode: '0000', ResultMsg: '인증 성공' }
    await say(frame, { type: 'sspay:authenticated', ...result, more: 'x' })
    await page.waitForSelector('iframe', { state: 'detached' })
    assert.deepEqual(await page.evaluate('window.answers'), [result])
    assert.equal(await page.innerHTML('body'), form)
    assert.equal(await page.evaluate('document.activeElement.id'), 'pay')
    await page.close()
  })

  test('a message from another origin or another frame is ignored', async () => {
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
    // Even in the layer itself, when something has put another page there.
    const layer = page.frame({ name: 'smartropayWindow' })
    await layer?.goto(`${shop.url}/elsewhere`)
    await layer?.evaluate(() => parent.postMessage({ type: 'sspay:authenticated', Tid: 'T', TrAuthKey: 'K' }, '*'))
    await page.waitForTimeout(200)
    assert.deepEqual(await page.evaluate('window.answers'), [])
    await page.close()
  })

  test('an abort posts its fields to StopUrl in the top window', async () => {
    const page = await open('/')
    await page.evaluate('Object.prototype.ofAnOldLibrary = function () {}')
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

  test('an abort to anything but a web URL is not posted', async () => {
    const page = await open('/')
    const script = 'window.executed = true'
    for (const action of [
      `javascript:${script}`,
      ` javascript:${script}`,
      `JaVaScRiPt:${script}`,
      `java\tscript:${script}`,
      `javascript://shop.example/%0a${script}`,
      `data:text/html,<script>${script}</script>`,
      `data:text/html;base64,${btoa(`<script>${script}</script>`)}`,
      'blob:https://shop.example/1',
      'file:///etc/passwd',
      'about:blank',
      '//shop.example/stop',
      '/stop',
      '',
      null,
    ]) {
      const frame = await pay(page)
      await say(frame, { type: 'sspay:aborted', action, fields: { ResultCode: 'S201' } })
      await page.waitForSelector('iframe', { state: 'detached' })
      assert.deepEqual([page.url(), await page.evaluate('window.executed')], [`${shop.url}/`, undefined], `${action}`)
    }
    await page.close()
  })

  test('until the window is ready the layer can be closed', async () => {
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
    test(`${name} throws an error in both languages`, async () => {
      const page = await open('/')
      await assert.rejects(page.evaluate(call), sentence)
      await page.close()
    })
  }
})
