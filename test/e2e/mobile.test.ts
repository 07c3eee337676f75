import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proofSize } from '../support/proof-size.ts'
import { phone } from './browser.ts'
import { confirm, joinAsMember, payWithPassword, stopPayment, takePicture } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openPage, openMemberPage } = await openFixture()

for (const javaScriptEnabled of [true, false]) {
  const name = javaScriptEnabled ? 'mobile' : 'mobile-no-script'

  // The keyboard's test makes the first payment with scripts off.
  const joins = javaScriptEnabled || proofSize === 'thorough'
  const payments = joins ? 'a first and a second payment return' : 'a payment returns'
  test(`on a phone ${javaScriptEnabled ? '' : 'with scripts off '}${payments} by POST`, async () => {
    const { page, context } = await (joins ? openPage : openMemberPage)({ ...phone, javaScriptEnabled })
    const visit = { page, surface: page, sandbox, name }
    const returned: string[] = []
    const origins: (string | undefined)[] = []
    page.on('request', (request) => {
      if (request.method() !== 'POST' || !request.url().includes('/pay/return')) return
      returned.push(request.postData() ?? '')
      origins.push(request.headers().origin)
    })
    const toShop = async () => {
      if (!javaScriptEnabled) await page.locator('form[data-return="post"] button').click()
      await page.waitForURL('**/orders/*')
    }

    if (joins) {
      await orderFirstGoods(page, sandbox.urls.shop)
      await takePicture(page, `${name}-order`)
      await pay(page)
      await joinAsMember(visit)
      await confirm(visit)
      await toShop()
      await takePicture(page, `${name}-receipt`)
    }
    await orderFirstGoods(page, sandbox.urls.shop)
    await pay(page)
    await payWithPassword(visit)
    await toShop()

    assert.equal(returned.length, joins ? 2 : 1)
    for (const body of returned) assert.equal(new URLSearchParams(body).get('ResultCode'), '0000')
    const { origin } = new URL(sandbox.urls.gateway)
    for (const sent of origins) assert.equal(sent, origin, 'not null')
    await context.close()
  })

  test(`on a phone ${javaScriptEnabled ? '' : 'with scripts off '}stopping posts to StopUrl`, async () => {
    const { page, context } = await openPage({ ...phone, javaScriptEnabled })
    await orderFirstGoods(page, sandbox.urls.shop)
    await pay(page)
    const posted = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/pay/stop'))
    await stopPayment({ page, surface: page, sandbox, name })
    if (!javaScriptEnabled) await page.locator('form[data-return="post"] button').click()
    assert.equal([...new URLSearchParams((await posted).postData() ?? '').keys()].length, 12)
    await page.getByText('중단').first().waitFor()
    await takePicture(page, `${name}-stopped`)
    await context.close()
  })
}

test('back, reload and a second tab of the window are harmless', async () => {
  const { page, context } = await openPage(phone)
  const visit = { page, surface: page, sandbox, name: 'mobile-back' }
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
  await page.locator('form[data-step="terms"]').waitFor()
  const windowUrl = page.url()
  const secondTab = await context.newPage()
  await secondTab.goto(windowUrl)
  await page.bringToFront()
  await page.reload()
  await joinAsMember(visit)
  await secondTab.reload()
  assert.equal(await secondTab.locator('form[data-step="confirm"]').count(), 1, 'the second tab is where the first is')
  await confirm(visit)
  await page.waitForURL('**/orders/*')
  await secondTab.locator('form[data-step="confirm"] button').last().click()
  await secondTab.getByText('이미 처리된 결제예요').waitFor()
  assert.equal(
    await secondTab.getByRole('link', { name: '쇼핑몰로 돌아가기' }).getAttribute('href'),
    `${sandbox.urls.shop}/`,
  )
  await context.close()
})
