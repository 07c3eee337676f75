import { type ApprovalResult, approvalResult, type WireText, writeMessage } from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import {
  type ApprovalTicket,
  defineMerchant,
  type MerchantConfig,
  type Order,
  readAuthenticationFields,
} from '../src/index.ts'

export const merchantKey = 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A=='
export const transactionId = 'ssptest01m01012501020304104338'
export const approvalTicket = '0123456789abcdef'.repeat(4)
export const expected = { amount: 1004, orderId: 'ORD0001' }

export const config: MerchantConfig = {
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  merchantKey,
  environment: { origin: 'http://127.0.0.1:4610' },
  orderSignature: 'off_and_orders_can_be_tampered_with',
}

/** A merchant of the gateway at this origin. Its time-outs are for what never comes; a test of silence sets its own. */
export const merchantAt = (origin: string, changes: Partial<MerchantConfig> = {}) =>
  defineMerchant({ ...config, environment: { origin }, connectTimeoutMs: 30_000, readTimeoutMs: 30_000, ...changes })

/** For what never comes. */
export const shortLimits = { connectTimeoutMs: 300, readTimeoutMs: 300 }

export const order: Order = {
  amount: 1004,
  orderId: 'ORD0001',
  customerId: 'user0001',
  goodsName: '커피 & 케이크',
  buyerName: '홍길동',
  buyerPhone: '01099991111',
  buyerEmail: 'noname@example.com',
  returnUrl: 'http://localhost:4600/return',
  abortUrl: 'http://localhost:4600/stop',
  requestedAt: new Date('2025-01-02T03:04:05+09:00'),
}

export function ticket(): ApprovalTicket {
  const read = readAuthenticationFields(defineMerchant(config), { Tid: transactionId, TrAuthKey: approvalTicket })
  if (read.outcome === 'rejected') throw new Error('the sample is wrong')
  return read.approvalTicket
}

const approvedMessage: ApprovalResult = {
  paymentMethod: 'CARD',
  merchantId: 'ssptest01m',
  amount: 1004,
  goodsName: '커피',
  transactionId,
  orderId: 'ORD0001',
  buyerName: '홍길동',
  customerId: 'user0001',
  approvedAt: new Date('2025-01-02T03:05:06+09:00'),
  approvalNumber: '00012345',
  resultCode: '3001',
  resultMessage: '카드 결제 성공',
  issuerCode: '01',
  issuerName: '비씨',
  maskedCardNumber: '411111******1111',
  merchantNote: Buffer.from('예비 note').toString('base64'),
  installmentMonths: 0,
  isInterestFree: '0',
  cardKind: '1',
  currency: 'KRW',
  signature: signResult({ transactionId, resultCode: '3001' }, merchantKey),
}

/** A right answer of the service, with changes by wire name; `undefined` takes a field out. */
export const approvedAnswer = (changes: WireText = {}): string =>
  JSON.stringify({ ...writeMessage(approvalResult, approvedMessage), ...changes })
