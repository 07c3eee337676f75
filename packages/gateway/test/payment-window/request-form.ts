import { type PaymentRequest, paymentRequest, writeMessage } from '@sspay/protocol'
import { signPaymentRequest } from '@sspay/protocol/signature'
import type { Merchant } from '../../src/merchants/model.ts'
import { Secret } from '../../src/secret.ts'

export const merchantKey = 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A=='

export const testMerchant: Merchant = {
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  name: '한빛 커피',
  merchantKey: new Secret(merchantKey),
  cancelPassword: new Secret('123456'),
  identityMatch: 'none',
  identityVerification: 'required',
  showsCardsBeforePassword: false,
  takesGeneralPayments: false,
  minimumAmount: 100,
  requestMaxAgeMs: 24 * 60 * 60_000,
  requestMaxAheadMs: 10 * 60_000,
  acceptsLegacySignature: false,
  repeatedApproval: 'replay',
  repeatedCancellation: 'replay',
  repeatedDeletion: 'delete',
  abortCode: 'S201',
  acquirerMerchantNumber: '00951234567',
  allowedOrigins: [],
  interestFree: [],
}

const plainRequest: Omit<PaymentRequest, 'signature'> = {
  paymentMethod: 'CARD',
  merchantId: 'ssptest01m',
  amount: 1004,
  orderId: 'Moid_20210118154643',
  customerId: 'user0001',
  goodsName: '거래 상품명 <&">',
  goodsCount: 1,
  buyerName: '홍길동',
  buyerPhone: '01099991111',
  buyerEmail: 'noname@example.com',
  returnUrl: 'https://shop.example/return?a=1&b=2',
  abortUrl: 'https://shop.example/stop',
  requestedAt: new Date('2025-01-02T03:04:05+09:00'),
  easyPayMerchantId: 'SSPTEST00p',
  asksPopCard: false,
  merchantNote: 'bm90ZQ==',
}

/** The wire form of a correct request, with these changes in our names. */
export function requestForm(change: Partial<PaymentRequest> = {}): Record<string, string> {
  const request = { ...plainRequest, ...change }
  const wire = writeMessage(paymentRequest, { signature: 'x', ...request }) as Record<string, string>
  const signed = { requestedAt: `${wire.EdiDate}`, merchantId: request.merchantId, amount: String(request.amount) }
  return change.signature === undefined ? { ...wire, EncryptData: signPaymentRequest(signed, merchantKey) } : wire
}

/** The same without what only SS-Pay needs; `customerId` only where it is given. */
export function generalForm(change: Partial<PaymentRequest> = {}): Record<string, string> {
  const { SspMallId: _mall, PopCheck: _popCard, MallUserId, ...form } = requestForm(change)
  return change.customerId === undefined ? form : { ...form, MallUserId: `${MallUserId}` }
}
