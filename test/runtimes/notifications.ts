import { createHmac } from 'node:crypto'
import { type Charset, type Notification, notification, type WireText, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import { merchantKey, webhookKey } from './shop.ts'

export interface SignedNotification {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Changes {
  readonly charset?: Charset
  /** By wire name. */
  readonly fields?: WireText
  readonly webhookKey?: string
}

/** As the payment service delivers it: both signatures, over the bytes in this charset. */
export function notificationOf(
  orderId: string,
  transactionId: string,
  { charset = 'utf-8', fields = {}, webhookKey: key = webhookKey }: Changes = {},
): SignedNotification {
  const message: Notification = {
    paymentMethod: 'CARD',
    merchantId: 'ssptest01m',
    amount: 1004,
    goodsName: '똠방각하',
    transactionId,
    orderId,
    buyerName: '홍길동',
    customerId: 'user0001',
    approvedAt: new Date('2025-01-02T03:05:06+09:00'),
    approvalNumber: '00012345',
    resultCode: '3001',
    resultMessage: '카드 결제 성공',
    paymentState: '0',
    signature: signResult({ transactionId, resultCode: '3001' }, merchantKey),
  }
  const body = encodeForm({ ...writeMessage(notification, message), ...fields }, charset)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'))
    .update(`${transactionId}.${timestamp}.${body}`)
    .digest('base64')
  return {
    body,
    headers: {
      'content-type': `application/x-www-form-urlencoded; charset=${charset}`,
      'webhook-id': transactionId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  }
}
