import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { testMerchant } from '@sspay/sandbox'
import { prepareShop, type ShopProcess } from '../adapters/shop-process.ts'
import { freePorts } from '../journeys/support.ts'
import { repository } from '../source/files.ts'
import type { Fixture } from './fixture.ts'

/** Starts one of the shops of `examples/` beside the sandbox, until the tests of the file have ended. */
export async function startExample(
  { sandbox, folder }: Pick<Fixture, 'sandbox' | 'folder'>,
  name: 'express' | 'fastify' | 'hono',
): Promise<ShopProcess> {
  const { shop: port } = await freePorts()
  const shop = prepareShop(
    { name, folder: resolve(repository, 'examples', name), arguments: ['shop.ts'] },
    {
      SSPAY_ENVIRONMENT: sandbox.urls.gateway,
      SSPAY_MERCHANT_ID: testMerchant.merchantId,
      SSPAY_EASY_PAY_MERCHANT_ID: testMerchant.easyPayMerchantId,
      SSPAY_MERCHANT_KEY: testMerchant.merchantKey.expose(),
      SSPAY_ORDER_SIGNING_KEYS: 'order-signing-key-of-a-shop-under-test-not-a-secret',
      SSPAY_CHECKOUT_URL: `http://localhost:${port}/pay`,
      DATABASE: join(folder, `${name}.db`),
      PORT: String(port),
    },
  )
  after(() => shop.end('SIGTERM'))
  await shop.start()
  return shop
}
