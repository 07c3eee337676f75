import { type BillKeyRequest, billKeyRequest, koreanTimestamp, writeMessage } from '@sspay/protocol'
import { billKeyRequestChecksum } from '@sspay/protocol/signature'
import { renderHiddenInputs, requireWritable } from './form-fields.ts'
import type { Merchant } from './merchant.ts'
import { writeMerchantNote } from './order-signature.ts'

/** A card to register for billing (public manual, 빌링연동) in our names and types. */
export interface BillKeyOrder
  extends Omit<
    BillKeyRequest,
    | ('merchantId' | 'easyPayMerchantId' | 'checksum' | 'checksumKind')
    | ('requestedAt' | 'paymentMethod' | 'encodesReturnedValues')
  > {
  /** 전문생성일시. Default: now. */
  readonly requestedAt?: Date
  /** 상점예비정보: plain text that comes back with the result, up to 375 UTF-8 bytes. */
  readonly merchantNote?: string
}

/** A form that opens the window which issues a bill key. */
export interface BillKeyForm {
  /** Address to which the form is posted. The window replaces the page, on a PC too. */
  readonly action: string
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
 * Writes the form that opens the window which issues a bill key (빌링키 발급; public manual, 빌링연동). Nothing is charged.
 * The window posts its result to `returnUrl`: read it with {@link readBillKeyResult}.
 *
 * The form is not signed with a key, so a browser can change it: the result counts only for the order and customer that
 * the shop expects.
 *
 * @param order - `orderId`: the shop's number of this registration. `skipsPaymentPassword`: the window sets no payment
 *   password, which a customer who only subscribes never needs.
 * @returns Action and fields of the form.
 * @throws {@link FieldError} with every invalid field, and {@link UnwritableTextError} if `answerCharset: 'euc-kr'`
 *   cannot encode a text.
 * @example
 * ```ts
 * import { createBillKeyForm, type Merchant } from '@sspay/merchant'
 *
 * export function cardPage(merchant: Merchant): string {
 *   const form = createBillKeyForm(merchant, {
 *     orderId: 'CARD0001',
 *     customerId: 'user0001',
 *     buyerName: '김구매',
 *     returnUrl: 'https://shop.example/card?order=CARD0001',
 *     skipsPaymentPassword: true,
 *   })
 *   return `<form method="post" action="${form.action}">${form.html()}<button>카드 등록</button></form>`
 * }
 * ```
 */
export function createBillKeyForm(merchant: Merchant, order: BillKeyOrder): BillKeyForm {
  const { merchantId, easyPayMerchantId } = merchant
  const { orderId, merchantNote = '', requestedAt = merchant.now() } = order
  const fields = writeMessage(billKeyRequest, {
    ...order,
    merchantId,
    easyPayMerchantId,
    requestedAt,
    merchantNote: merchantNote === '' ? undefined : writeMerchantNote(merchantNote),
    paymentMethod: 'CARD',
    checksumKind: 'S2',
    checksum: billKeyRequestChecksum({ requestedAt: koreanTimestamp(requestedAt), merchantId, orderId }),
  }) as Readonly<Record<string, string>>
  if (order.answerCharset === 'euc-kr') requireWritable(fields)
  return { action: merchant.endpoints.billKeyWindow, fields, html: () => renderHiddenInputs(fields) }
}
