import { koreanTimestamp, type PaymentRequest, paymentRequest, writeMessage } from '@sspay/protocol'
import { generalInPlaceRequest } from '@sspay/protocol/internal'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { renderHiddenInputs, requireWritable } from './form-fields.ts'
import type { Merchant } from './merchant.ts'
import { signOrder, writeMerchantNote } from './order-signature.ts'

/** An order to pay (guide, 상세 파라미터, first table) in our names and types. Amounts are won. */
export interface Order
  extends Omit<
      PaymentRequest,
      | ('merchantId' | 'easyPayMerchantId' | 'signature' | 'requestedAt')
      | ('paymentMethod' | 'goodsCount' | 'asksPopCard')
    >,
    Partial<Pick<PaymentRequest, 'paymentMethod' | 'goodsCount' | 'asksPopCard'>> {
  /**
   * `general`: a general card payment (일반 카드결제), by card and without membership. Its form has neither `SspMallId`
   * nor `PopCheck`, so `asksPopCard` is left out; the window neither knows nor binds the customer, and `customerId`
   * only comes back with the result. The merchant must take general payments. Default: `easy-pay`.
   */
  readonly service?: 'easy-pay' | 'general'
  /** 전문생성일시. Default: now. The payment service rejects a form that is a day old. */
  readonly requestedAt?: Date
  /**
   * 상점예비정보: plain text that comes back with the result. Up to 375 UTF-8 bytes, less the order signature, which leaves
   * 144 bytes in the worst case and about 250 usually.
   */
  readonly merchantNote?: string
}

/** A signed order for the shop's page. */
export interface PaymentForm {
  /** Address to which the form is posted to open the payment window. */
  readonly action: string
  /** Script that opens the window over a PC page; append `?version=` against caches. */
  readonly scriptUrl: string
  /** Wire name → text. */
  readonly fields: Readonly<Record<string, string>>
  /**
   * Renders the fields as escaped hidden inputs for the page's `<form method="post">`.
   *
   * @returns HTML, one input per line.
   */
  html(): string
}

/**
 * Signs an order and writes the form that opens the payment window (guide, STEP 1 and 2).
 *
 * An address in `buyerIp` or `merchantIp` that the form cannot carry is left out: it never stops a payment, and most
 * IPv6 addresses exceed its 20 characters. `::ffff:192.0.2.1` becomes `192.0.2.1`.
 *
 * @param options - `device`: `pc` opens a layer over the page, `mobile` replaces the page. Default `pc`.
 * @returns Action, script and fields of the form.
 * @throws {@link FieldError} with every invalid field (a text that is too long is rejected, never cut), and
 *   {@link UnwritableTextError} if `answerCharset: 'euc-kr'` cannot encode a text.
 * @example
 * ```ts
 * import { createPaymentForm, type Merchant } from '@sspay/merchant'
 *
 * export function orderPage(merchant: Merchant): string {
 *   const form = createPaymentForm(merchant, {
 *     orderId: 'ORD0001',
 *     amount: 1004,
 *     customerId: 'user0001',
 *     goodsName: '따뜻한 커피',
 *     buyerName: '김구매',
 *     buyerPhone: '01012345678',
 *     buyerEmail: 'buyer@example.com',
 *     returnUrl: 'https://shop.example/return?order=ORD0001',
 *     abortUrl: 'https://shop.example/abort?order=ORD0001',
 *   })
 *   return `<form method="post" action="${form.action}">${form.html()}<button>결제하기</button></form>`
 * }
 * ```
 * @example A general card payment, without membership:
 * ```ts
 * import { createPaymentForm, type Merchant, type Order } from '@sspay/merchant'
 *
 * export const guestForm = (merchant: Merchant, order: Order) =>
 *   createPaymentForm(merchant, { ...order, service: 'general' })
 * ```
 */
export function createPaymentForm(
  merchant: Merchant,
  order: Order,
  { device = 'pc' }: { readonly device?: 'pc' | 'mobile' } = {},
): PaymentForm {
  const fields = writeOrder(merchant, order)
  if (order.answerCharset === 'euc-kr') requireWritable(fields)
  const { endpoints } = merchant
  return {
    action: device === 'pc' ? endpoints.pcWindow : endpoints.mobileWindow,
    scriptUrl: device === 'pc' ? endpoints.script : endpoints.mobileScript,
    fields,
    html: () => renderHiddenInputs(fields),
  }
}

function writeOrder(merchant: Merchant, order: Order): Readonly<Record<string, string>> {
  const { merchantId, easyPayMerchantId } = merchant
  const { service = 'easy-pay', ...named } = order
  const requestedAt = order.requestedAt ?? merchant.now()
  const message = {
    ...named,
    paymentMethod: order.paymentMethod ?? 'CARD',
    goodsCount: order.goodsCount ?? 1,
    asksPopCard: order.asksPopCard ?? false,
    merchantNote: noteOf(merchant, order, requestedAt),
    merchantId,
    easyPayMerchantId,
    requestedAt,
    signature: signPaymentRequest(
      { requestedAt: koreanTimestamp(requestedAt), merchantId, amount: String(order.amount) },
      merchant.exposeMerchantKey(),
    ),
  }
  const written =
    service === 'general' ? writeMessage(generalInPlaceRequest, message) : writeMessage(paymentRequest, message)
  return written as Readonly<Record<string, string>>
}

function noteOf(merchant: Merchant, order: Order, requestedAt: Date): string | undefined {
  const { orderId, amount, customerId, returnUrl, merchantNote } = order
  if (!merchant.signsOrders) {
    return merchantNote === undefined || merchantNote === '' ? undefined : writeMerchantNote(merchantNote)
  }
  const returnHost = URL.canParse(returnUrl) ? new URL(returnUrl).host : ''
  const expiresAt = new Date(requestedAt.getTime() + merchant.orderSignatureValidForMs)
  return signOrder(merchant, { orderId, amount, customerId, returnHost, expiresAt }, merchantNote)
}
