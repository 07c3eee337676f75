import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { shopEnvironment } from './fixture.ts'
import { java } from './languages.ts'
import { createShopClient } from './shop-client.ts'
import { shopContract } from './shop-contract.ts'
import { buildShop, prepareShop } from './shop-process.ts'

shopContract(java)

test('the journal of the shop in Java', { skip: java.whyMissing() ?? false }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-journal-'))
  const built = await buildShop(java)
  const environment = shopEnvironment('http://127.0.0.1:9', folder)
  const journal = environment.SHOP_DATA ?? ''
  const shop = await prepareShop(built, environment)
  t.after(async () => {
    await shop.end('SIGKILL')
    await built.remove()
    await rm(folder, { recursive: true, force: true })
  })
  await shop.start()
  const client = createShopClient(shop.origin, '')
  const orders = [await client.order(), await client.order()]

  await t.test('is for its owner only, and for one shop', async () => {
    assert.equal((await stat(journal)).mode & 0o777, 0o600)
    const second = await prepareShop(built, environment)
    await assert.rejects(second.start(), /in use by another shop/)
  })

  await t.test('forgets a line that a power cut left half written, and nothing before it', async () => {
    await shop.end('SIGKILL')
    const whole = await readFile(journal, 'utf8')
    await appendFile(journal, whole.trimEnd().split('\n').at(-1)?.slice(0, -3) ?? '')
    await shop.start()
    for (const orderId of orders) await client.openForm(orderId)
    assert.equal((await readFile(journal, 'utf8')).split('\n').length, 3, 'two orders, one line each')
  })

  await t.test('that is damaged elsewhere stops the start', async () => {
    await shop.end('SIGKILL')
    await writeFile(journal, (await readFile(journal, 'utf8')).replace('1004', '1005'))
    await assert.rejects(shop.start(), /1번째 줄이 손상되었습니다 \/ is damaged/)
  })
})
