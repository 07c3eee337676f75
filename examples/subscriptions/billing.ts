import type { DatabaseSync } from 'node:sqlite'
import {
  type ApprovedPayment,
  billingOrderId,
  chargeBillKey,
  type Declined,
  type Merchant,
  type PaymentJournal,
  type RecoveryOptions,
} from '@sspay/merchant'
import type { BillKeyEncryption } from './bill-key-encryption.ts'
import { type Day, isExpired } from './calendar.ts'
import {
  findCharge,
  findSubscription,
  forgetCard,
  listDue,
  recordDeclined,
  recordPaid,
  recordRefunded,
  recordRequested,
  type Subscription,
} from './subscriptions.ts'

export interface BillingShop {
  readonly merchant: Merchant
  readonly db: DatabaseSync
  readonly journal: PaymentJournal<DatabaseSync>
  readonly encryption: BillKeyEncryption
}

/** 구독 번호. `failed`는 상점이나 설정의 문제이니 사람이 보아야 합니다. */
export interface BillingReport {
  readonly paid: string[]
  readonly declined: string[]
  readonly unknown: string[]
  readonly failed: { readonly subscriptionId: string; readonly reason: unknown }[]
}

/**
 * 오늘까지의 결제를 모두 합니다. 하루에 두 번 돌거나, 도중에 멈췄다 다시 돌거나, 며칠 늦게 돌아도 됩니다. 한 회차의 주문번호는 언제
 * 계산해도 같고, 한 주문번호는 한 번만 결제되기 때문입니다.
 */
export async function runBilling(shop: BillingShop, today: Day): Promise<BillingReport> {
  const report: BillingReport = { paid: [], declined: [], unknown: [], failed: [] }
  for (const subscriptionId of listDue(shop.db, today)) {
    try {
      await billDueCycles(shop, subscriptionId, today, report)
    } catch (error) {
      report.failed.push({ subscriptionId, reason: error })
    }
  }
  return report
}

/** 늦게 돌면 밀린 회차를 오래된 것부터 결제합니다. */
async function billDueCycles(
  shop: BillingShop,
  subscriptionId: string,
  today: Day,
  report: BillingReport,
): Promise<void> {
  for (;;) {
    const subscription = findSubscription(shop.db, subscriptionId)
    if (subscription?.state !== 'active' || subscription.dueOn > today) return
    const result = await billCycle(shop, subscription, today)
    if (typeof result === 'string') report[result].push(subscriptionId)
    else report.failed.push({ subscriptionId, reason: result.reason })
    if (result !== 'paid') return
  }
}

async function billCycle(
  shop: BillingShop,
  subscription: Subscription,
  today: Day,
): Promise<'paid' | 'declined' | 'unknown' | { readonly reason: unknown }> {
  const { db, merchant, journal, encryption } = shop
  const { subscriptionId, cycle, attempt, billKey, cardExpiry } = subscription
  const orderId = billingOrderId(subscriptionId, String(cycle), attempt)
  recordRequested(db, { orderId, subscriptionId, cycle, attempt })
  // 카드가 없으면 결제를 요청하지 않고, 고객에게 새 카드를 부탁할 시간만 셉니다.
  if (billKey === null || isExpired(cardExpiry, today)) {
    // 앞서 보낸 결제의 답을 아직 모르면 거절된 것이 아닙니다.
    if ((await journal.pendingFor(orderId)).length > 0) return 'unknown'
    recordDeclined(db, { orderId, rejection: 'card_missing', today })
    return 'declined'
  }

  const { customerId, customerName: buyerName, goodsName, amount } = subscription
  const outcome = await chargeBillKey(
    merchant,
    { billKey: encryption.decrypt(billKey, subscriptionId), orderId, amount, customerId, goodsName, buyerName },
    { journal },
  )
  switch (outcome.outcome) {
    case 'approved':
      return (await markCyclePaid(shop, outcome.payment)) ? 'paid' : 'unknown'
    case 'declined':
      if (!isForCustomer(outcome)) return { reason: `${outcome.code} ${outcome.message.ko}` }
      recordDecline(shop, orderId, outcome, today)
      return 'declined'
    case 'unknown':
      // 카드가 결제되었을 수 있습니다. 다음 실행이나 복구가 같은 주문번호로 끝냅니다.
      return 'unknown'
  }
}

/** 결제와 회차가 함께 저장됩니다. 재통보도 같은 곳을 거칩니다. */
export const markCyclePaid = (
  { journal }: BillingShop,
  payment: Pick<ApprovedPayment, 'transactionId' | 'orderId' | 'amount'>,
): Promise<boolean> => journal.markPaid(payment, (db) => recordPaid(db, payment.orderId, payment.transactionId))

const newCardReasons: ReadonlySet<string> = new Set([
  'bill_key_deleted',
  'bill_key_ended',
  'card_expired',
  'card_number_invalid',
])

/** 카드나 키가 거절되었습니다. 설정이 틀려 거절된 요청은 고객의 시도로 세지 않습니다. */
const isForCustomer = ({ reason, code }: Declined): boolean =>
  newCardReasons.has(reason) || reason === 'payment_reversed' || code.startsWith('30')

function recordDecline({ db }: BillingShop, orderId: string, { reason }: Declined, today: Day): void {
  const charge = findCharge(db, orderId)
  if (charge !== undefined && newCardReasons.has(reason)) forgetCard(db, charge.subscriptionId)
  recordDeclined(db, { orderId, rejection: reason, today })
}

/** 응답을 잃은 결제를 끝냅니다. 그사이 끝난 구독의 결제는 돌려줍니다. */
export const billingRecovery = (
  shop: BillingShop,
  today: Day,
  cancelPassword: string,
): RecoveryOptions & { readonly journal: PaymentJournal<DatabaseSync> } => ({
  journal: shop.journal,
  cancelPassword,
  cancelReason: '구독 해지',
  isWanted: ({ expected }) => isWanted(shop, expected.orderId),
  async onOutcome(outcome, { expected }) {
    switch (outcome.outcome) {
      case 'approved':
        await markCyclePaid(shop, outcome.payment)
        return
      case 'declined':
        if (isForCustomer(outcome)) recordDecline(shop, expected.orderId, outcome, today)
        return
      case 'cancelled':
        recordRefunded(shop.db, expected.orderId)
        return
    }
  },
})

function isWanted({ db }: BillingShop, orderId: string): boolean {
  const charge = findCharge(db, orderId)
  if (charge === undefined) return false
  if (charge.state === 'paid') return true
  const subscription = findSubscription(db, charge.subscriptionId)
  return subscription?.state !== 'ended' && subscription?.cycle === charge.cycle
}
