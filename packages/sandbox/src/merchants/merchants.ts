import {
  type Context,
  type Merchant,
  type OpenedGateway,
  type Runtime,
  removeNotificationTarget,
  saveMerchant,
  saveNotificationTarget,
} from '@sspay/gateway'
import { findMerchant, findNotificationTarget, listMerchants, reachOf, requirePublicUrl } from '@sspay/gateway/internal'
import { newCancelPassword, newMerchantKey, newWebhookKey, randomBelow, Secret } from '@sspay/gateway/tools'
import { demoShopTarget, notificationDefaults, testMerchant, testWebhookKey } from '../test-merchant.ts'
import type { GivenIds, MerchantChange, ShownMerchant } from './model.ts'

/** The parts of the gateway that store merchants. */
export interface MerchantContext {
  readonly context: Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'settings'>
  readonly saveMerchant: OpenedGateway['saveMerchant']
}

/** Shown once, when the merchant is added. */
export type NewSecrets = ReturnType<typeof newSecrets>

export async function showMerchants({ context }: MerchantContext): Promise<readonly ShownMerchant[]> {
  return Promise.all((await listMerchants(context)).map((merchant) => show(context, merchant)))
}

export async function showMerchant(
  { context }: MerchantContext,
  merchantId: string,
): Promise<ShownMerchant | undefined> {
  const merchant = await findMerchant(context, merchantId)
  return merchant && show(context, merchant)
}

async function show(
  context: MerchantContext['context'],
  { merchantKey, cancelPassword, ...merchant }: Merchant,
): Promise<ShownMerchant> {
  const target = await findNotificationTarget(context, merchant.merchantId)
  if (target === undefined) return { ...merchant, notification: null }
  const { url, charset, fieldNames, intervalMinutes, maxAttempts } = target
  return { ...merchant, notification: { url, charset, fieldNames, intervalMinutes, maxAttempts } }
}

/** Undefined when the id is already used. */
export async function addMerchant(
  merchants: MerchantContext,
  ids: GivenIds,
  change: MerchantChange,
): Promise<{ readonly merchant: ShownMerchant; readonly secrets: NewSecrets } | undefined> {
  const { runtime } = merchants.context
  const merchantId = ids.merchantId ?? `shop${letters(runtime, 5)}m`
  if ((await findMerchant(merchants.context, merchantId)) !== undefined) return undefined
  const secrets = newSecrets(runtime)
  const fresh: Merchant = {
    ...testMerchant,
    merchantId,
    easyPayMerchantId: ids.easyPayMerchantId ?? `SHOP${letters(runtime, 5)}p`,
    name: merchantId,
    merchantKey: new Secret(secrets.merchantKey),
    cancelPassword: new Secret(secrets.cancelPassword),
    acquirerMerchantNumber: `00${String(randomBelow(runtime, 1_000_000_000)).padStart(9, '0')}`,
    interestFree: [],
  }
  await save(merchants, fresh, change, [new Secret(secrets.webhookKey)])
  return { merchant: await show(merchants.context, { ...fresh, ...switchesOf(change) }), secrets }
}

const newSecrets = (runtime: Runtime) => ({
  merchantKey: newMerchantKey(runtime),
  cancelPassword: newCancelPassword(runtime),
  orderSigningKey: Buffer.from(runtime.randomBytes(32)).toString('base64url'),
  webhookKey: newWebhookKey(runtime),
})

/** Without characters that look alike. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

const letters = (runtime: Runtime, count: number): string =>
  Array.from({ length: count }, () => alphabet[randomBelow(runtime, alphabet.length)]).join('')

/** Undefined for an unknown merchant. */
export async function changeMerchant(
  merchants: MerchantContext,
  merchantId: string,
  change: MerchantChange,
): Promise<ShownMerchant | undefined> {
  const known = await findMerchant(merchants.context, merchantId)
  if (known === undefined) return undefined
  await save(merchants, known, change, [])
  return showMerchant(merchants, merchantId)
}

const switchesOf = ({ notification, ...switches }: MerchantChange) => switches

async function save(
  { context, saveMerchant }: MerchantContext,
  merchant: Merchant,
  change: MerchantChange,
  newWebhookKeys: readonly Secret[],
): Promise<void> {
  const { merchantId } = merchant
  const { notification } = change
  if (notification?.url !== undefined) requirePublicUrl(notification.url, reachOf(context.settings))
  await saveMerchant({ ...merchant, ...switchesOf(change) })
  if (notification === undefined) return
  if (notification === null) return removeNotificationTarget(context, merchantId)
  const known = await findNotificationTarget(context, merchantId)
  const fallback = { url: '', ...notificationDefaults, webhookKeys: newWebhookKeys }
  await saveNotificationTarget(context, { ...fallback, ...known, ...notification, merchantId })
}

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
