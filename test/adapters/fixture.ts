import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after } from 'node:test'
import { type NotificationTarget, openRootKey, realRuntime, Secret, saveNotificationTarget } from '@sspay/gateway'
import { createKeyRing, openSqlite } from '@sspay/gateway/internal'
import { type Sandbox, startSandbox, testMerchant } from '@sspay/sandbox'
import { testWebhookKey } from '../../packages/sandbox/src/test-merchant.ts'
import { freePorts, temporaryFolder } from '../journeys/support.ts'
import { until } from '../support/until.ts'
import { createBuyer, type ShopBuyer } from './buyer.ts'
import { openShopLedger, type ShopLedger } from './ledger.ts'
import { type NotificationGate, openNotificationGate } from './notification-gate.ts'
import { openProxy } from './proxy.ts'
import { prepareShop, type ShopProcess, type ShopProgram } from './shop-process.ts'

/** One shop, with the whole of SS-Pay behind it. */
export interface Fixture {
  /** Where buyers and the payment service reach the shop: at a proxy, which calls it by another name. */
  readonly origin: string
  readonly sandbox: Sandbox
  readonly shop: ShopProcess
  readonly buyer: ShopBuyer
  readonly ledger: ShopLedger
  readonly notifications: NotificationGate
  readonly notificationUrl: string
  /** Another customer. */
  newBuyer(): ShopBuyer
  /** What a scheduler does, until no payment of the shop is open. */
  recover(): Promise<void>
  sendNotificationsIn(charset: NotificationTarget['charset']): Promise<void>
}

/** Opened for the tests of one file. */
export async function openFixture(program: ShopProgram): Promise<Fixture> {
  const folder = await temporaryFolder()
  const closing: (() => unknown)[] = [folder.remove]
  after(async () => {
    for (const close of closing.toReversed()) await close()
    if (process.env.DBG) console.log(shop.output())
  })
  const dataFolder = join(folder.path, 'sandbox')
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder, host: '127.0.0.1', ports })
  closing.push(sandbox.close)

  const { shop: port } = await freePorts()
  const proxy = await openProxy(port)
  closing.push(proxy.close)
  const notificationUrl = `${proxy.origin}/pay/notice`
  const notifications = await openNotificationGate(notificationUrl)
  closing.push(notifications.close)
  const sendNotificationsIn: Fixture['sendNotificationsIn'] = (charset) =>
    registerNotifications(dataFolder, { url: notifications.url, charset })
  await sendNotificationsIn('utf-8')

  const environment = {
    ...environmentOf(sandbox),
    DATABASE: join(folder.path, 'shop.db'),
    PORT: String(port),
    SSPAY_CHECKOUT_URL: `${proxy.origin}/pay`,
  }
  const shop = prepareShop(program, environment)
  closing.push(() => shop.end('SIGTERM'))
  await shop.start()
  const ledger = openShopLedger(dataFolder, environment.DATABASE)
  closing.push(ledger.close)
  const newBuyer = (): ShopBuyer => createBuyer(proxy.origin, sandbox)
  return {
    origin: proxy.origin,
    sandbox,
    shop,
    ledger,
    notifications,
    notificationUrl,
    newBuyer,
    sendNotificationsIn,
    buyer: newBuyer(),
    recover: () => recoverAt(`${proxy.origin}/pay/recover`),
  }
}

const recoveryKey = 'recovery-key-of-a-shop-under-test-not-a-secret'

async function recoverAt(url: string): Promise<void> {
  assert.equal((await fetch(url, { method: 'POST' })).status, 404, 'without the key there is no such address')
  const headers = { authorization: `Bearer ${recoveryKey}` }
  let open: readonly unknown[] = []
  const nothingIsOpen = async (): Promise<boolean> => {
    const answer = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(60_000) })
    assert.equal(answer.status, 200)
    open = ((await answer.json()) as { readonly pending: readonly unknown[] }).pending
    return open.length === 0
  }
  await until(nothingIsOpen, { every: 200, what: () => `a recovery that leaves nothing open: ${JSON.stringify(open)}` })
}

const environmentOf = ({ urls }: Sandbox) => ({
  SSPAY_ENVIRONMENT: urls.gateway,
  SSPAY_MERCHANT_ID: testMerchant.merchantId,
  SSPAY_EASY_PAY_MERCHANT_ID: testMerchant.easyPayMerchantId,
  SSPAY_MERCHANT_KEY: testMerchant.merchantKey.expose(),
  SSPAY_CANCEL_PASSWORD: testMerchant.cancelPassword.expose(),
  SSPAY_WEBHOOK_KEYS: testWebhookKey,
  SSPAY_ORDER_SIGNING_KEYS: 'order-signing-key-of-a-shop-under-test-not-a-secret',
  SSPAY_RECOVERY_KEY: recoveryKey,
})

/** As an operator does beside the running gateway. */
async function registerNotifications(
  dataFolder: string,
  target: Pick<NotificationTarget, 'url' | 'charset'>,
): Promise<void> {
  const rootKey = await openRootKey(realRuntime, join(dataFolder, 'keys', 'root.key'))
  const storage = await openSqlite(join(dataFolder, 'gateway.db'))
  const { merchantId } = testMerchant
  const webhookKeys = [new Secret(testWebhookKey)]
  try {
    await saveNotificationTarget(
      { storage, keyRing: createKeyRing(realRuntime, rootKey) },
      { merchantId, ...target, intervalMinutes: 1, maxAttempts: 5, webhookKeys },
    )
  } finally {
    await storage.close()
  }
}

/** Both judges at once: the order is paid once in the shop, and the buyer's card is charged once. */
export function assertPaidOnce({ ledger }: Fixture, orderId: string): void {
  assert.deepEqual(ledger.order(orderId), { state: 'paid', timesMarkedPaid: 1 })
  assert.deepEqual(ledger.charged(orderId), { times: 1, won: 1004 })
  assert.equal(ledger.openPayments(orderId), 0)
}

export function assertUnpaid({ ledger }: Fixture, orderId: string): void {
  assert.deepEqual(ledger.order(orderId), { state: 'open', timesMarkedPaid: 0 })
  assert.deepEqual(ledger.charged(orderId), { times: 0, won: 0 })
}
