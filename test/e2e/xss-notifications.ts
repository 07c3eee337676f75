import assert from 'node:assert/strict'
import { notification, resultCodes, type WireText, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { signResult } from '@sspay/protocol/signature'
import { webhookHeaders } from '../../packages/gateway/src/notifications/deliver.ts'
import { Secret } from '../../packages/gateway/src/secret.ts'
import { testMerchant, testWebhookKey } from '../../packages/sandbox/src/test-merchant.ts'
import { orderGoods } from '../../packages/sandbox/test/shop/journey.ts'
import type { Browser } from '../../packages/sandbox/test/shop/support.ts'

/** With another text in these the shop does not take the notification for one about its order. */
const proven: ReadonlySet<string> = new Set([
  'Mid',
  'Tid',
  'Moid',
  'Amt',
  'MallUserId',
  'MallReserved',
  'Mallreserved',
  'GoodsCnt',
  'EdiDate',
  'ResultCode',
  'SignValue',
  'StateCd',
  'CancelAmt',
  'CardQuota',
  'AuthDate',
  'PayMethod',
])

/** Every field of a notification that lets the text in holds it. */
const filledWith = (text: string): WireText =>
  Object.fromEntries(
    Object.entries(notification).flatMap(([name, { format }]) =>
      proven.has(name) || [...text].length > format.maxLength || format.read(text) === undefined ? [] : [[name, text]],
    ),
  )

/** Whether a receipt would show it: in the name of the issuer, or as the approval's number. */
export const isShown = (text: string): boolean =>
  Object.keys(filledWith(text)).some((name) => /^(issuerName|approvalNumber)$/.test(nameOf(name)))

const nameOf = (wireName: string): string =>
  Object.entries(notification).find(([name]) => name === wireName)?.[1].name ?? ''

/**
 * Orders in the shop, then notifies it, as the gateway does, that the order is paid; returns the address of the order's
 * page.
 */
export async function notificationAbout(
  shopUrl: string,
  browser: Browser,
  index: number,
  text: string,
): Promise<string> {
  const { form, orderId } = await orderGoods(browser)
  const transactionId = `ssptest01m0101250102030405${String(index).padStart(4, '0')}`
  const resultCode = resultCodes.approved.code
  const fields = writeMessage(notification, {
    paymentMethod: 'CARD',
    merchantId: testMerchant.merchantId,
    amount: Number(form.Amt),
    transactionId,
    orderId,
    customerId: form.MallUserId,
    merchantNote: form.MallReserved,
    goodsName: form.GoodsName,
    buyerName: 'plain',

    approvalNumber: '1',
    issuerName: 'plain',
    maskedCardNumber: '1',
    installmentMonths: 0,
    approvedAt: new Date(),
    resultCode,
    resultMessage: 'plain',
    paymentState: '0',
    signature: signResult({ transactionId, resultCode }, testMerchant.merchantKey.expose()),
  })
  const body = encodeForm({ ...fields, ...filledWith(text) }, 'utf-8')
  const keys = [new Secret(testWebhookKey)]
  const answer = await fetch(`${shopUrl}/pay/notify`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      ...webhookHeaders({ transactionId, sequence: 4 }, { body, keys, now: new Date() }),
    },
  })
  assert.equal(answer.status, 200, `the shop takes the notification with ${text}`)
  return `${shopUrl}/orders/${orderId}`
}
