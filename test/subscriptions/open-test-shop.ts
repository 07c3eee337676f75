import { DatabaseSync } from 'node:sqlite'
import { recover, sqliteJournal } from '@sspay/merchant'
import { billKeyEncryption } from '../../examples/subscriptions/bill-key-encryption.ts'
import {
  type BillingReport,
  type BillingShop,
  billingRecovery,
  runBilling,
} from '../../examples/subscriptions/billing.ts'
import { addDays, type Day } from '../../examples/subscriptions/calendar.ts'
import {
  createTables,
  findSubscription,
  replaceCard,
  type Subscription,
  startSubscription,
} from '../../examples/subscriptions/subscriptions.ts'
import { type BillingGateway, createBillingGateway } from '../../packages/merchant/test/billing-gateway.ts'
import { merchantAt } from '../../packages/merchant/test/samples.ts'

export interface TestShop extends BillingShop {
  readonly gateway: BillingGateway
  subscribe(startedOn: Day, card?: { readonly cardExpiry: string | null }): string
  find(subscriptionId: string): Subscription
  recover(today: Day): ReturnType<typeof recover>
  /** The cron job on each day up to this one. */
  runUntil(from: Day, to: Day): Promise<readonly BillingReport[]>
  /** Won on the card of a subscription, by cycle. */
  paidCycles(subscriptionId: string): readonly number[]
}

export const amount = 9900

export function openTestShop(): TestShop {
  const gateway = createBillingGateway()
  const db = new DatabaseSync(':memory:')
  createTables(db)
  const shop: BillingShop = {
    merchant: merchantAt('http://gateway.example', { transport: gateway.transport }),
    db,
    journal: sqliteJournal(db),
    encryption: billKeyEncryption(Buffer.alloc(32, 7).toString('base64')),
  }
  let subscriptions = 0
  return {
    ...shop,
    gateway,
    subscribe(startedOn, { cardExpiry } = { cardExpiry: null }) {
      const subscriptionId = `sub${++subscriptions}`
      const customer = { customerId: `user${subscriptions}`, customerName: '김구독' }
      startSubscription(db, { subscriptionId, ...customer, goodsName: '월간 구독', amount, startedOn })
      const billKey = shop.encryption.encrypt(`BTK${subscriptions}`, subscriptionId)
      replaceCard(db, subscriptionId, { billKey, cardExpiry, today: startedOn })
      return subscriptionId
    },
    find: (subscriptionId) => findSubscription(db, subscriptionId) as Subscription,
    recover: (today) => recover(shop.merchant, billingRecovery(shop, today, '123456')),
    async runUntil(from, to) {
      const reports: BillingReport[] = []
      for (let day = from; day <= to; day = addDays(day, 1)) reports.push(await runBilling(shop, day))
      return reports
    },
    paidCycles: (subscriptionId) =>
      db
        .prepare(`select cycle from charges where subscription_id = ? and state = 'paid' order by cycle`)
        .all(subscriptionId)
        .map(({ cycle }) => Number(cycle)),
  }
}

/** Won on all cards. */
export const chargedAmount = ({ gateway }: TestShop): number =>
  [...gateway.charged.values()].reduce((sum, won) => sum + won, 0)
