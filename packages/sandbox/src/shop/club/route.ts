import { randomHex } from '@sspay/gateway/tools'
import { createBillKeyForm, readBillKeyResult } from '@sspay/merchant'
import { findResultReason, resultCodes } from '@sspay/protocol'
import { type Context, Hono } from 'hono'
import { fromOwnPage, type ShopContext, type ShopVariables, setCustomer, tokensOf } from '../context.ts'
import { sampleBuyer } from '../order-page.ts'
import { problemPage, shopPage } from '../page.ts'
import { clubPage } from './page.ts'
import { encryptBillKey, leaveClub, renew } from './renew.ts'

type ShopRequest = Context<ShopVariables>

/** `/club`: a membership that renews monthly with a bill key. */
export const clubRoutes = (shop: ShopContext): Hono<ShopVariables> =>
  new Hono<ShopVariables>()
    .get('/club', (context) => showClub(shop, context))
    .on(['GET', 'POST'], '/club/card/:customerId/:number', (context) => receiveCard(shop, context))
    .post('/club/leave', fromOwnPage(shop), async (context) => {
      const subscription = shop.club.newestOf(context.get('customerId') ?? '')
      if (subscription !== undefined) await leaveClub(shop, subscription)
      return context.redirect('/club', 303)
    })

/** The next subscription of a customer. Its id is also the order number of the registration of its card. */
const idOf = (customerId: string, number: number): string => `club-${customerId}-${number}`

const numberOf = (subscriptionId: string | undefined): number => Number(subscriptionId?.split('-').at(-1) ?? 0)

async function showClub(shop: ShopContext, context: ShopRequest): Promise<Response> {
  const customerId = context.get('customerId') ?? `c${randomHex(shop.runtime, 8)}`
  const subscription = shop.club.newestOf(customerId)
  const number = numberOf(subscription?.subscriptionId) + 1
  const cardForm = createBillKeyForm(shop.addressesAt(context.req.url).merchant, {
    orderId: idOf(customerId, number),
    customerId,
    buyerName: sampleBuyer.buyerName,
    returnUrl: `${new URL(context.req.url).origin}/club/card/${customerId}/${number}`,
    skipsPaymentPassword: true,
  })
  const charges = subscription === undefined ? [] : shop.club.chargesOf(subscription.subscriptionId)
  const tokenFor = tokensOf(shop, customerId)
  context.res = await shopPage({
    title: '달빛 클럽',
    body: clubPage({ subscription, charges, cardForm, tokenFor }),
    gatewayOrigin: new URL(cardForm.action).origin,
  })
  setCustomer(context, customerId)
  return context.res
}

/** Through the buyer's browser: believed only for the customer and the number of this address. */
async function receiveCard(shop: ShopContext, context: ShopRequest): Promise<Response> {
  const { customerId = '', number = '' } = context.req.param()
  const subscriptionId = idOf(customerId, Number(number))
  const expected = { orderId: subscriptionId, customerId }
  const result = await readBillKeyResult(shop.merchant, context.req.raw, expected)
  if (result.outcome === 'rejected')
    return problemPage(400, '카드 등록 결과를 읽지 못했어요', '결제된 금액은 없어요. 달빛 클럽에서 다시 시작해 주세요.')
  if (result.outcome === 'not_issued') {
    const reason = findResultReason(result.code)
    const why = reason === undefined ? `(코드 ${result.code})` : resultCodes[reason].ko
    return problemPage(400, '카드를 등록하지 못했어요', `결제된 금액은 없어요. ${why}`)
  }
  shop.club.start({
    subscriptionId,
    customerId,
    startedAt: shop.runtime.now().getTime(),
    billKeyEncrypted: encryptBillKey(shop, result.exposeBillKey(), subscriptionId),
    maskedCardNumber: result.maskedCardNumber,
  })
  await renew(shop, subscriptionId)
  return context.redirect('/club', 303)
}
