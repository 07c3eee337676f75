import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { phone } from './browser.ts'
import { confirm, joinAsMember } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

/** Not loopback: for browsers plain HTTP is a secure context only there. */
const address = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

const skip = address === undefined && 'this machine has no network'

test('a phone on the network pays at the address of this machine; nothing leads to localhost', { skip }, async () => {
  const { sandbox, openPage } = await openFixture({ host: '0.0.0.0' })
  const { page } = await openPage(phone)
  const shop = sandbox.urls.shop.replace('localhost', address ?? '')
  const hosts = new Set<string>()
  page.on('request', (request) => hosts.add(new URL(request.url()).hostname))
  await orderFirstGoods(page, shop)
  await pay(page)
  const visit = { page, surface: page, sandbox, name: 'local-network' }
  await joinAsMember(visit)
  await confirm(visit)
  await page.waitForURL(`${shop}/orders/*`)
  await page.getByText('결제가 완료되었어요').waitFor()
  assert.deepEqual(
    [...hosts].filter((host) => host !== ''),
    [address],
  )
})
