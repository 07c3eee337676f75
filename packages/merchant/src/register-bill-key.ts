import {
  type BillKeyRegistrationRequest,
  billKeyRegistrationRequest,
  findResultReason,
  koreanTimestamp,
  writeMessage,
} from '@sspay/protocol'
import { billKeyRequestChecksum } from '@sspay/protocol/signature'
import { askGateway, type GatewayFailure } from './answer.ts'
import { type ReadBillKeyResult, readBillKeyResultFields } from './bill-key-result.ts'
import { encryptRequest } from './encrypt-request.ts'
import type { Merchant } from './merchant.ts'
import { writeMerchantNote } from './order-signature.ts'

/** The card of a registration without a window. */
export interface BillKeyCard
  extends Pick<
    BillKeyRegistrationRequest,
    'customerId' | 'cardNumber' | 'cardExpiry' | 'birthDateOrBusinessNumber' | 'cardPasswordPrefix'
  > {
  /** The shop's number of this registration. */
  readonly orderId: string
  /** True for a card of a company: then `birthDateOrBusinessNumber` is its business number. Default: false. */
  readonly isCorporate?: boolean
  /** 상점예비정보: plain text that comes back with the result, up to 375 UTF-8 bytes. */
  readonly merchantNote?: string
}

/** Result of {@link registerBillKey}. */
export type BillKeyRegistration =
  | ReadBillKeyResult
  /** It is not known whether a key was issued. A repeated call is judged by the merchant's policy for the same card. */
  | {
      readonly outcome: 'unknown'
      readonly cause: GatewayFailure['cause'] | 'overloaded' | 'gateway_error'
      readonly error?: unknown
    }

/**
 * Issues a bill key without a window (public manual, 빌링연동: urlCallCardReg.do), for shops that ask for the card
 * themselves, and so fall under PCI DSS: prefer {@link createBillKeyForm}. Nothing is charged.
 *
 * @param card - Card, customer and order number. Keep it out of logs and databases.
 * @returns The bill key, or why none was issued. Connection errors are the outcome `unknown`.
 * @throws {@link FieldError} if an argument breaks the field table; its message has no values.
 */
export async function registerBillKey(merchant: Merchant, card: BillKeyCard): Promise<BillKeyRegistration> {
  const { merchantId, easyPayMerchantId } = merchant
  const { isCorporate = false, merchantNote = '', orderId, customerId, ...given } = card
  const requestedAt = merchant.now()
  const body = writeMessage(billKeyRegistrationRequest, {
    ...given,
    orderId,
    customerId,
    merchantId,
    easyPayMerchantId,
    requestedAt,
    merchantNote: merchantNote === '' ? undefined : writeMerchantNote(merchantNote),
    paymentMethod: 'CARDBILLKEY',
    checksumKind: 'S2',
    cardOwnerKind: isCorporate ? '1' : '0',
    checksum: billKeyRequestChecksum({ requestedAt: koreanTimestamp(requestedAt), merchantId, orderId }),
  })
  const answer = await askGateway(merchant, merchant.endpoints.billKeyRegistration, encryptRequest(merchant, body))
  if (!answer.ok) return { outcome: 'unknown', ...answer.failure }
  const result = readBillKeyResultFields(merchant, answer.raw, { orderId, customerId })
  if (result.outcome !== 'not_issued') return result
  const reason = findResultReason(result.code)
  if (reason === 'overloaded') return { outcome: 'unknown', cause: 'overloaded' }
  return reason === 'internal' ? { outcome: 'unknown', cause: 'gateway_error' } : result
}
