import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openFixture } from '../other-languages/fixture.ts'
import { java, jsp, type Language, php, python } from '../other-languages/languages.ts'
import { buildShop } from '../other-languages/shop-process.ts'
import { desktop, launchBrowser, phone } from './browser.ts'
import { layerOf, payWithPassword, stopPayment, takePicture } from './buyer.ts'
import { joinOverHttp } from './join-over-http.ts'

let browser: Browser | undefined
after(async () => browser?.close())

/** Whatever a page's own policy forbids, or its script throws, is said on the console. */
async function openPage(options: BrowserContextOptions): Promise<{ readonly page: Page; readonly said: string[] }> {
  browser ??= await launchBrowser()
  const page = await (await browser.newContext(options)).newPage()
  const said: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && said.push(message.text())))
  page.on('pageerror', (error) => void said.push(String(error)))
  return { page, said }
}

async function walk({ name }: Language, { sandbox, shop }: Awaited<ReturnType<typeof openFixture>>): Promise<void> {
  const { page, said } = await openPage({ ...desktop, colorScheme: 'dark' })
  const onPc = { page, surface: layerOf(page), sandbox, name: `${name}-pc` }
  const title = page.locator('h1')
  await page.goto(shop.origin)
  await takePicture(page, `${name}-pc-home`)
  await page.getByRole('button', { name: '주문하기' }).first().click()
  await takePicture(page, `${name}-pc-order`)
  await joinOverHttp({ customerId: await page.locator('#tranMgr [name="MallUserId"]').inputValue(), sandbox })
  await page.getByRole('button', { name: '1,004원 결제하기' }).click()
  await payWithPassword(onPc)
  await title.getByText('결제했어요').waitFor()
  await takePicture(page, `${name}-pc-paid`)
  const paidAt = page.url()
  await page.reload()
  assert.equal(page.url(), paidAt)

  await page.goto(shop.origin)
  await page.getByRole('button', { name: '주문하기' }).last().click()
  await page.getByRole('button', { name: '58,000원 결제하기' }).click()
  await stopPayment(onPc)
  await title.getByText('결제를 중단했어요').waitFor()
  await takePicture(page, `${name}-pc-stopped`)
  assert.deepEqual(said, [])
  const cookies = await page.context().cookies()

  const mobile = await openPage(phone)
  await mobile.page.context().addCookies(cookies)
  await mobile.page.goto(shop.origin)
  await mobile.page.getByRole('button', { name: '주문하기' }).first().click()
  await takePicture(mobile.page, `${name}-mobile-order`)
  await mobile.page.getByRole('button', { name: '1,004원 결제하기' }).click()
  await payWithPassword({ page: mobile.page, surface: mobile.page, sandbox, name: `${name}-mobile` })
  await mobile.page.locator('h1').getByText('결제했어요').waitFor()
  await takePicture(mobile.page, `${name}-mobile-paid`)
  assert.deepEqual(mobile.said, [])
}

suite('a real browser in the shops of other languages', () => {
  for (const language of [php, java, jsp, python]) {
    // In CI the contract of the language itself fails where it is missing.
    const skip = language.whyMissing() ?? false
    test(`${language.name}: the layer, its Callback, stopping, and a phone, under the page’s own policy`, {
      skip,
    }, async () => {
      const built = await buildShop(language)
      const fixture = await openFixture(built)
      try {
        await walk(language, fixture)
      } finally {
        await fixture.close()
        await built.remove()
      }
    })
  }
})
