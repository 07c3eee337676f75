import { koreanTimestamp, type PaymentRequest, paymentRequest, type WireText, writeMessage } from '@sspay/protocol'
import { firstUnwritable } from '@sspay/protocol/charset'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { escapeHtml } from './escape-html.ts'
import type { Merchant } from './merchant.ts'
import { writeMerchantNote } from './merchant-note.ts'
import { signOrder } from './order-signature.ts'

type Written = 'merchantId' | 'easyPayMerchantId' | 'signature' | 'requestedAt'
type Defaulted = 'paymentMethod' | 'goodsCount' | 'asksPopCard'

/** One order to be paid (guide, 상세 파라미터, first table) in our names and types. Amounts are whole won. */
export interface Order extends Omit<PaymentRequest, Written | Defaulted>, Partial<Pick<PaymentRequest, Defaulted>> {
  /** When the order is signed (전문생성일시). Default: now. The service refuses what is a day old. */
  readonly requestedAt?: Date
  /**
   * Plain text of the shop; it comes back with the result. Up to 375 UTF-8 bytes, less the seal: that leaves 144 bytes beside the longest
   * order id, amount, customer id and return host, and some 250 beside usual ones.
   */
  readonly merchantNote?: string
}

/** A signed order, ready for the shop's page. */
export interface PaymentForm {
  /** Where the form is posted to open the payment window. */
  readonly action: string
  /** The drop-in script that opens the window over a PC page; add `?version=` against caches. */
  readonly scriptUrl: string
  /** Wire name → text. */
  readonly fields: Readonly<Record<string, string>>
  /** The fields as hidden inputs, escaped, one a line: put them inside the page's `<form method="post">`. */
  html(): string
}

/** The order asks for an EUC-KR answer and holds a character that EUC-KR (windows-949) cannot write. */
export class UnwritableTextError extends Error {
  /** Wire name. */
  readonly field: string
  readonly character: string
  /** For example `U+1F600`. */
  readonly codePoint: string

  constructor(field: string, character: string) {
    const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    super(`${field}: ${codePoint} cannot be written in euc-kr`)
    this.name = 'UnwritableTextError'
    this.field = field
    this.character = character
    this.codePoint = codePoint
  }
}

/**
 * Signs and seals an order and writes the form that opens the payment window (guide, STEP 1 and 2).
 *
 * Throws {@link FieldError} with every field that breaks the table (over-long text is refused, never cut) and
 * {@link UnwritableTextError} where `answerCharset: 'euc-kr'` cannot carry the text.
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
    html: () => Object.entries(fields).map(renderHiddenInput).join('\n'),
  }
}

function writeOrder(merchant: Merchant, order: Order): Readonly<Record<string, string>> {
  const { merchantId, easyPayMerchantId } = merchant
  const requestedAt = order.requestedAt ?? merchant.now()
  return writeMessage(paymentRequest, {
    ...order,
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
  }) as Readonly<Record<string, string>>
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

function requireWritable(fields: WireText): void {
  for (const [field, text = ''] of Object.entries(fields)) {
    const unwritable = firstUnwritable(text, 'euc-kr')
    if (unwritable !== undefined) throw new UnwritableTextError(field, unwritable)
  }
}

const renderHiddenInput = ([name, value]: [string, string]): string =>
  `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`
