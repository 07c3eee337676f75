import { DatabaseSync } from 'node:sqlite'
import { defineMerchant, readMerchantConfig, sqliteJournal } from '@sspay/merchant'
import { billKeyEncryption } from './bill-key-encryption.ts'
import type { BillingShop } from './billing.ts'
import { createTables } from './subscriptions.ts'

export function openShop(environment: Readonly<Record<string, string | undefined>>): BillingShop {
  const db = new DatabaseSync(environment.DATABASE ?? 'shop.db', { timeout: 5_000 })
  createTables(db)
  return {
    merchant: defineMerchant(readMerchantConfig(environment)),
    db,
    journal: sqliteJournal(db),
    encryption: billKeyEncryption(environment.BILL_KEY_SECRET ?? ''),
  }
}
