import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phone } from './browser.ts'
import { joinAsMember } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

const { sandbox, openPage } = await openFixture()

test('the first page of the window is one request of at most 14,000 bytes; the keypad adds its picture only', async () => {
  const { page, context } = await openPage(phone)
  await orderFirstGoods(page, sandbox.urls.shop)
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const received = new Map<string, { path: string; bytes: number }>()
  network.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.startsWith('http')) received.set(requestId, { path: new URL(response.url).pathname, bytes: 0 })
  })
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = received.get(requestId)
    if (one !== undefined) one.bytes = encodedDataLength
  })

  await pay(page)
  await page.locator('form[data-step="terms"]').waitFor()
  await page.waitForLoadState('networkidle')
  const first = [...received.values()]
  assert.equal(first.length, 1, first.map(({ path }) => path).join(' '))
  assert.ok((first[0]?.bytes ?? 0) > 0 && (first[0]?.bytes ?? 0) <= 14_000, `${first[0]?.bytes} bytes over the wire`)
  console.log(`first page of the window: ${first[0]?.bytes} bytes over the wire, headers included`)

  received.clear()
  await joinAsMember({ page, surface: page, sandbox, name: 'weight' })
  const beside = [...received.values()].filter(({ path }) => !/^\/ssp\/window\/[0-9a-f]+$/.test(path))
  assert.ok(
    beside.every(({ path }) => /^\/ssp\/window\/[0-9a-f]+\/keypad\/[0-9a-f]+\.png$/.test(path)),
    JSON.stringify(beside),
  )
  await context.close()
})
