import { type BillKeyResult, billKeyResult, billKeySuccesses, type WireText, writeMessage } from '@sspay/protocol'
import { encryptText } from '@sspay/protocol/sealed-body'
import { billKeyResultChecksum } from '@sspay/protocol/signature'
import { merchantKey, transactionId } from './samples.ts'

export const billKey = 'BTK0000000000000001'

/** What a shop charges each month. */
export const charge = {
  billKey,
  orderId: 'ORD0001',
  amount: 1004,
  customerId: 'user0001',
  goodsName: '월간 구독',
  buyerName: '홍길동',
}

export const expectedKey = { orderId: 'CARD0001', customerId: 'user0001' }

const merchantId = 'ssptest01m'
const maskedCardNumber = '5239-****-****-9001'

const issued: BillKeyResult = {
  paymentMethod: 'CARD',
  merchantId,
  ...expectedKey,
  transactionId,
  encryptedBillKey: encryptText(billKey, merchantKey),
  resultCode: billKeySuccesses.issued.code,
  resultMessage: billKeySuccesses.issued.ko,
  checksum: billKeyResultChecksum({ merchantId, billKey, maskedCardNumber, resultCode: '3001' }),
  issuerCode: '06',
  issuerName: '신한',
  maskedCardNumber,
  cardExpiry: '2912',
}

/** The right result of a registration, with changes by wire name; `undefined` takes a field out. */
export const issuedFields = (changes: WireText = {}): WireText => ({
  ...writeMessage(billKeyResult, issued),
  ...changes,
})
