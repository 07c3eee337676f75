import { after, test } from 'node:test'
import { desktop } from './browser.ts'
import { layerOf, payWithPassword, stopPayment } from './buyer.ts'
import { openFixture } from './fixture.ts'
import { joinOverHttp } from './join-over-http.ts'
import { openReturnShop } from './return-shop.ts'

const { sandbox, folder, openPage } = await openFixture()
const shop = await openReturnShop(sandbox, folder)
after(() => shop.close())

test('a shop whose pages have Cross-Origin-Embedder-Policy: require-corp has payments in the layer', async () => {
  const customerId = 'coep'
  await joinOverHttp({ customerId, sandbox })
  const { page, context } = await openPage(desktop)
  const visit = { page, surface: layerOf(page), sandbox, name: 'embedder-policy' }
  const open = async (): Promise<void> => {
    const order = { customerId, display: 'layer', sameSite: 'Lax', hasCoop: true, hasCoep: true } as const
    await page.goto(shop.place({ ...order, receivesWithSession: true }).enterUrl)
    await page.waitForFunction('crossOriginIsolated')
    await page.locator('#tranMgr button').click()
  }
  await open()
  await payWithPassword(visit)
  await page.locator('#receipt', { hasText: 'coep has paid' }).waitFor()
  await open()
  await visit.surface.locator('form[data-step="password"]').waitFor()
  await stopPayment(visit)
  await page.waitForURL('**/stop*')
  await context.close()
})
