import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proofSize } from '../support/proof-size.ts'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword, stopPayment } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { useOldLibrary } from './old-library.ts'

const isThorough = proofSize === 'thorough'

const { sandbox, openPage, openMemberPage } = await openFixture()

const newer = ['Promise', 'fetch', 'Object.hasOwn', '[].includes', '"".startsWith', 'document.body.closest']

for (const { name, options, isLayer } of [
  { name: 'in the layer', options: desktop, isLayer: true },
  { name: 'in place', options: phone, isLayer: false },
])
  test(`${name} payment, abort and member deletion work with the library of the oldest browsers`, async () => {
    // Joining has the same pages in the layer and in place, so `npm test` joins once.
    const joins = isThorough || isLayer
    const { page, context } = await (joins ? openPage(options) : openMemberPage(options))
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await useOldLibrary(page)
    const visit = {
      page,
      surface: isLayer ? layerOf(page) : page,
      sandbox,
      name: 'library',
      hasOldLibrary: true,
      phone: isLayer ? '01055554001' : '01055554002',
    }
    const order = async (): Promise<void> => {
      await orderFirstGoods(page, sandbox.urls.shop)
      await pay(page)
    }
    const assertPaid = async (): Promise<void> => {
      await page.waitForURL('**/orders/*')
      await page.getByRole('heading', { name: '결제가 완료되었어요' }).waitFor()
    }

    if (joins) {
      await order()
      await joinAsMember({ ...visit, cardBefore: '9406000000000002' })
      await confirm(visit)
      await assertPaid()
    }
    await order()
    await payWithPassword(visit)
    await assertPaid()
    const session = await context.newCDPSession(page)
    const { result } = await session.send('Runtime.evaluate', {
      expression: `[${newer.map((path) => `typeof ${path.replace(/^(Promise|fetch)$/, 'window.$1')}`)}].join()`,
    })
    assert.equal(result.value, newer.map(() => 'undefined').join(), 'the old library is in force')

    await order()
    await visit.surface.locator('form[data-step="password"]').waitFor()
    await stopPayment(visit)
    await page.waitForURL('**/orders/*')
    await page.getByText('중단').first().waitFor()

    await page.goto(`${sandbox.urls.shop}/membership`)
    await page.locator('form[action="/membership/delete"] button').click()
    await page.getByText('PD00').waitFor()
    await order()
    await visit.surface.locator('form[data-step="terms"]').waitFor()
    assert.deepEqual(errors, [])
    await context.close()
  })
