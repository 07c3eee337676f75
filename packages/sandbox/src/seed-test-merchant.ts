import { type Context, saveMerchant, saveNotificationTarget } from '@sspay/gateway'
import { findMerchant, findNotificationTarget } from '@sspay/gateway/internal'
import { Secret } from '@sspay/gateway/tools'
import { demoShopTarget, notificationDefaults, testMerchant, testWebhookKey } from './test-merchant.ts'

type SeedContext = Pick<Context, 'storage' | 'keyRing'>

/** Sends the notifications of the test merchant to the demo shop, unless another URL was set. */
export async function seedNotificationTarget(context: SeedContext, shopUrl: string): Promise<void> {
  const { merchantId } = testMerchant
  const known = await findNotificationTarget(context, merchantId)
  if (known !== undefined && !/^http:\/\/localhost:\d+\/pay\/notify$/.test(known.url)) return
  const webhookKeys = [new Secret(testWebhookKey)]
  const target = { merchantId, url: demoShopTarget(shopUrl), ...notificationDefaults, webhookKeys }
  await saveNotificationTarget(context, target)
}

/** Adds the test merchant if it is missing; a changed one stays. */
export async function seedTestMerchant(context: SeedContext): Promise<void> {
  if ((await findMerchant(context, testMerchant.merchantId)) === undefined) await saveMerchant(context, testMerchant)
}
