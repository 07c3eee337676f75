import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openShopAndGateway, type Site, skip } from './shop-page.ts'

const question = 'text=결제를 그만할까요?'

describe('the layer asks before it closes', { skip }, () => {
  let browser: Browser
  let shop: Site
  let gateway: Site

  before(async () => {
    ;({ shop, gateway } = await openShopAndGateway())
    browser = await launchChromium()
  })
  after(async () => {
    await browser.close()
    for (const { server } of [shop, gateway]) server.close()
  })

  async function pay(): Promise<Page> {
    const page = await browser.newPage()
    await page.clock.install()
    await page.goto(shop.url)
    await page.click('#pay')
    await page.frameLocator('iframe').locator('#inner').waitFor()
    await page.waitForSelector('div[role=alert]', { state: 'hidden' })
    return page
  }

  test('on a tap beside it and on Escape, where the window does not ask', async () => {
    const page = await pay()
    await page.mouse.click(5, 300)
    await page.waitForSelector(question)
    await page.click('text=계속 결제하기')
    assert.equal(await page.isVisible(question), false)
    assert.equal(await page.frameLocator('iframe').locator('#inner').isVisible(), true)

    await page.evaluate(() =>
      document.dispatchEvent(new KeyboardEvent('keydown', { keyCode: 27 } as KeyboardEventInit)),
    )
    await page.waitForSelector(question)
    await page.click('text=그만하기')
    assert.equal(await page.locator('iframe').count(), 0)
    await page.close()
  })

  test('or leaves it to a window that asks', async () => {
    const page = await pay()
    await page.frames()[1]?.evaluate(() => {
      window.addEventListener('message', ({ data }) => {
        const { say } = window as unknown as { say: (message: object) => void }
        if (data.type === 'sspay:ask') say({ type: 'sspay:asking' })
        if (data.type === 'sspay:ask') document.title = 'asked'
      })
    })
    await page.mouse.click(5, 300)
    await page.frames()[1]?.waitForFunction(() => document.title === 'asked')
    await page.clock.runFor(800)
    assert.equal(await page.isVisible(question), false)
    await page.close()
  })
})
