import { defaultSettings, openGateway, Secret, saveMerchant, saveNotificationTarget } from '@sspay/gateway'
import { encryptAnswer } from '../packages/gateway/src/approval/payment-row.ts'
import type { Context } from '../packages/gateway/src/context.ts'
import type { Transaction } from '../packages/gateway/src/storage/storage.ts'
import { enqueueWithoutMove } from '../packages/gateway/test/notifications/enqueue.ts'
import { approvedAnswer } from '../packages/merchant/test/samples.ts'
import { testMerchant } from '../packages/sandbox/src/test-merchant.ts'
import { quickRootKey } from '../test/support/quick-payment.ts'

/** Pending notifications in the database when the gateway starts. */
export interface Backlog {
  readonly place: { readonly dataFolder: string } | { readonly databaseUrl: string }
  /** The webhook address of each merchant. */
  readonly shopUrls: readonly string[]
  readonly notifications: number
}

const perTransaction = 500

async function fill({ storage, keyRing }: Pick<Context, 'storage' | 'keyRing'>, { shopUrls, notifications }: Backlog) {
  const merchantIds = shopUrls.map((_, index) => `ssptest${String(index).padStart(2, '0')}m`)
  for (const [index, merchantId] of merchantIds.entries()) {
    await saveMerchant({ storage, keyRing }, { ...testMerchant, merchantId })
    const target = { charset: 'utf-8', intervalMinutes: 1, maxAttempts: 5, webhookKeys: [] } as const
    await saveNotificationTarget({ storage, keyRing }, { ...target, merchantId, url: shopUrls[index] ?? '' })
  }
  const enqueuedAt = new Date()
  for (let from = 0; from < notifications; from += perTransaction) {
    const length = Math.min(perTransaction, notifications - from)
    const some = Array.from({ length }, (_, index) => ({
      transactionId: `notification${String(from + index).padStart(24, '0')}`,
      merchantId: merchantIds[(from + index) % merchantIds.length] ?? '',
    }))
    await storage.transact(async (transaction) => {
      await insertApproved(transaction, keyRing, some)
      const event = { sequence: 4, paymentState: 'approved', enqueuedAt } as const
      await enqueueWithoutMove(
        transaction,
        keyRing,
        some.map((payment) => ({ ...payment, ...event })),
      )
    })
  }
}

/** Approved payments with their answers, without what no notification reads. */
async function insertApproved(
  transaction: Transaction,
  keyRing: Context['keyRing'],
  payments: readonly { readonly transactionId: string; readonly merchantId: string }[],
): Promise<void> {
  const rows = payments.map(({ transactionId, merchantId }) => ({
    transaction_id: transactionId,
    merchant_id: merchantId,
    request_encrypted: keyRing.encrypt('{}', `request:${transactionId}`),
    answer_encrypted: encryptAnswer(keyRing, transactionId, approvedAnswer()),
  }))
  const columns = {
    transaction_id: 'text',
    merchant_id: 'text',
    request_encrypted: 'text',
    answer_encrypted: 'text',
  } as const
  await transaction.write(
    `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
       answer_encrypted, requested_at, state_changed_at, window_expires_at, event_sequence, event_hash)
     select transaction_id, merchant_id, 'ORDER', 1004, 'approved', '{}', request_encrypted, answer_encrypted, 1, 1, 1, 4, ''
     from ${transaction.rows(columns, '?1')} as given where true`,
    [rows],
  )
}

process.once('disconnect', () => process.exit())
process.once('message', async (backlog: Backlog) => {
  const { place } = backlog
  await openGateway({
    place: 'dataFolder' in place ? place : { databaseUrl: new Secret(place.databaseUrl), connections: 10 },
    rootKey: quickRootKey,
    // Only a sandbox delivers to loopback addresses.
    settings: { ...defaultSettings, isSandbox: true },
    ...{ cardNetworkUrl: 'http://127.0.0.1:1', identityUrl: 'http://127.0.0.1:1', logDestination: 'stdout' },
    seed: (context) => fill(context, backlog),
  })
})
