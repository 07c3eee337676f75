import { createBillKeyForm, deleteBillKey, readBillKeyResult } from '@sspay/merchant'
import type { BillingShop } from './billing.ts'
import type { Day } from './calendar.ts'
import { endSubscription, findSubscription, forgetCard, replaceCard } from './subscriptions.ts'

const registrationOf = (subscriptionId: string): string => `card-${subscriptionId}`

/** 카드 등록 버튼. 결제창이 페이지를 대신하고, 결과를 `returnUrl`로 보냅니다. */
export function renderCardForm({ db, merchant }: BillingShop, subscriptionId: string, returnUrl: string): string {
  const subscription = findSubscription(db, subscriptionId)
  if (subscription === undefined) throw new Error(`no subscription ${subscriptionId}`)
  const form = createBillKeyForm(merchant, {
    orderId: registrationOf(subscriptionId),
    customerId: subscription.customerId,
    buyerName: subscription.customerName,
    returnUrl,
    skipsPaymentPassword: true,
  })
  return `<form method="post" action="${form.action}">${form.html()}<button>카드 등록</button></form>`
}

/** 결과는 브라우저가 가져오므로, 이 구독의 고객과 주문번호일 때만 믿습니다. */
export async function receiveCard(
  { db, merchant, encryption }: BillingShop,
  request: Request,
  { subscriptionId, today }: { readonly subscriptionId: string; readonly today: Day },
): Promise<string> {
  const subscription = findSubscription(db, subscriptionId)
  if (subscription === undefined) return '구독을 찾을 수 없어요.'
  const { customerId } = subscription
  const result = await readBillKeyResult(merchant, request, { orderId: registrationOf(subscriptionId), customerId })
  switch (result.outcome) {
    case 'issued': {
      const billKey = encryption.encrypt(result.exposeBillKey(), subscriptionId)
      replaceCard(db, subscriptionId, { billKey, cardExpiry: result.cardExpiry ?? null, today })
      return `${result.maskedCardNumber} 카드를 등록했어요.`
    }
    case 'not_issued':
      return `카드를 등록하지 못했어요. ${result.message.ko}`
    case 'rejected':
      return '카드 등록 결과를 확인하지 못했어요. 다시 등록해 주세요.'
  }
}

/** 먼저 구독을 끝내 더 결제하지 않게 하고, 그다음 빌링키를 지웁니다. 답을 잃으면 다시 불러도 됩니다. */
export async function cancelSubscription(shop: BillingShop, subscriptionId: string): Promise<boolean> {
  const { db, merchant, encryption } = shop
  endSubscription(db, subscriptionId)
  const subscription = findSubscription(db, subscriptionId)
  if (subscription === undefined || subscription.billKey === null) return true
  const { customerId } = subscription
  const billKey = encryption.decrypt(subscription.billKey, subscriptionId)
  const deletion = await deleteBillKey(merchant, { billKey, customerId })
  const isGone =
    deletion.outcome === 'deleted' ||
    (deletion.outcome === 'rejected' && ['bill_key_deleted', 'bill_key_ended'].includes(deletion.reason))
  if (isGone) forgetCard(db, subscriptionId)
  return isGone
}
