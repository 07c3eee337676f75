import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRootKey, realRuntime, type Storage, saveNotificationTarget } from '@sspay/gateway'
import { createKeyRing, openSqlite } from '@sspay/gateway/internal'
import { type Sandbox, startSandbox, testMerchant } from '@sspay/sandbox'
import { ledgerTotals } from '../../packages/sandbox/src/card-network/store.ts'
import { createShopClient, type ShopClient } from './shop-client.ts'
import { type BuiltShop, prepareShop, type ShopProcess } from './shop-process.ts'

const adminPassword = 'only-for-this-test-run'

export interface Fixture {
  readonly sandbox: Sandbox
  readonly shop: ShopProcess
  readonly client: ShopClient
  /** Another customer, who pays with the card that is always approved, or with this one. */
  newShopClient(cardNumber?: string): ShopClient
  /** Won that the issuers took, and gave back. */
  moved(transactionId: string): Promise<{ readonly charged: number; readonly backAgain: number }>
  asAdmin(path: string, init?: RequestInit): Promise<Response>
  /** The cron job. Returns the report of the shop. */
  recover(): Promise<string>
  /** From now on the gateway's notifications come to this shop, in EUC-KR. */
  sendNotifications(): Promise<void>
  close(): Promise<void>
}

/** Settings from the READMEs of `examples/`. */
export const shopEnvironment = (gateway: string, folder: string): Readonly<Record<string, string>> => ({
  SSPAY_MERCHANT_ID: testMerchant.merchantId,
  SSPAY_EASY_PAY_MERCHANT_ID: testMerchant.easyPayMerchantId,
  SSPAY_MERCHANT_KEY: testMerchant.merchantKey.expose(),
  SSPAY_CANCEL_PASSWORD: testMerchant.cancelPassword.expose(),
  SSPAY_GATEWAY: gateway,
  SHOP_ADMIN_PASSWORD: adminPassword,
  SHOP_DATA: join(folder, 'shop.data'),
})

/** The same for every shop here: only the start and cron may recover, so that a test sees who did it. */
const neverByItself = { SHOP_RECOVER_SECONDS: '3600' }

export const basicAuth = { authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}` }

/** One shop of the language, running, with the whole of SS-Pay behind it. */
export async function openFixture(built: BuiltShop): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-language-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder: folder, host: '127.0.0.1', ports })
  const shop = await prepareShop(built, {
    ...shopEnvironment(sandbox.urls.gateway, folder),
    ...neverByItself,
  })
  await shop.start()
  const ledger = await openSqlite(join(folder, 'card-network.db'))
  const asAdmin = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, shop.origin), { ...init, redirect: 'manual', headers: { ...basicAuth, ...init.headers } })
  const newShopClient = (cardNumber?: string): ShopClient =>
    createShopClient(shop.origin, sandbox.urls.console, cardNumber)
  return {
    sandbox,
    shop,
    client: newShopClient(),
    newShopClient,
    moved: (transactionId) => movedOf(ledger, transactionId),
    asAdmin,
    recover: async () => (await asAdmin('/recover', { method: 'POST' })).text(),
    sendNotifications: () => notifyThere(folder, `${shop.origin}/notify`),
    async close() {
      await shop.end('SIGTERM')
      await ledger.close()
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function movedOf(ledger: Storage, transactionId: string): ReturnType<Fixture['moved']> {
  const { charged = 0, cancelled = 0, reversed = 0 } = (await ledgerTotals(ledger)).get(transactionId) ?? {}
  return { charged, backAgain: cancelled + reversed }
}

async function notifyThere(folder: string, url: string): Promise<void> {
  const rootKey = await openRootKey(realRuntime, join(folder, 'keys', 'root.key'))
  const storage = await openSqlite(join(folder, 'gateway.db'))
  try {
    await saveNotificationTarget(
      { storage, keyRing: createKeyRing(realRuntime, rootKey) },
      {
        merchantId: testMerchant.merchantId,
        url,
        charset: 'euc-kr',
        intervalMinutes: 1,
        maxAttempts: 5,
        webhookKeys: [],
      },
    )
  } finally {
    await storage.close()
  }
}
