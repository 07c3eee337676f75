import { type BillKeyRequest, billKeyRequest, writeMessage } from '@sspay/protocol'
import { billKeyRequestChecksum } from '@sspay/protocol/signature'
import type { BillKeyPolicy } from '../../src/merchants/bill-key-policy.ts'

export const policy: BillKeyPolicy = { sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'phone' }

const plainRequest: Omit<BillKeyRequest, 'checksum'> = {
  paymentMethod: 'CARD',
  merchantId: 'ssptest01m',
  orderId: 'SUBSCRIPTION-1',
  easyPayMerchantId: 'SSPTEST00p',
  customerId: 'user0001',
  returnUrl: 'https://shop.example/registered',
  buyerName: '홍길동',
  requestedAt: new Date('2025-01-02T03:04:05+09:00'),
  merchantNote: 'bm90ZQ==',
}

/** The wire form of a correct request for a bill key, with these changes in our names. */
export function registrationForm(change: Partial<BillKeyRequest> = {}): Record<string, string> {
  const request = { ...plainRequest, ...change }
  const wire = writeMessage(billKeyRequest, { checksum: 'x', ...request }) as Record<string, string>
  const { merchantId, orderId } = request
  const checksum = billKeyRequestChecksum({ requestedAt: `${wire.EdiDate}`, merchantId, orderId })
  return change.checksum === undefined ? { ...wire, VerifyValue: checksum } : wire
}
