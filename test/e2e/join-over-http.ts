import assert from 'node:assert/strict'
import { realRuntime } from '@sspay/gateway'
import { approve, createPaymentForm, memoryJournal, readAuthentication } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { price, type ReturnShop } from './return-shop.ts'

interface Joining {
  readonly customerId: string
  readonly shop: ReturnShop
  readonly sandbox: Sandbox
}

/** The first approved payment makes the member. */
export async function joinOverHttp({ customerId, shop, sandbox }: Joining): Promise<void> {
  const buyer = newBuyer(realRuntime, { customerId, installmentMonths: 0 })
  const orderId = `JOIN${customerId}`
  const form = createPaymentForm(shop.merchant, {
    orderId,
    customerId,
    amount: price,
    goodsName: 'mug',
    buyerName: buyer.name,
    buyerPhone: buyer.phone,
    buyerEmail: buyer.email,
    returnUrl: 'http://127.0.0.1/return',
    abortUrl: 'http://127.0.0.1/stop',
  })
  const body = encodeForm(form.fields, 'utf-8')
  const returned = await walkWindow(await postForm({ url: form.action, body, origin: 'http://127.0.0.1' }), {
    buyer,
    readCode: (phone) => readNewestCode(sandbox.urls.console, phone),
    onStep: () => {},
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const request = new Request('http://127.0.0.1/return', {
    method: 'POST',
    body: encodeForm(returned, 'utf-8'),
    headers,
  })
  const reading = await readAuthentication(shop.merchant, request)
  assert.ok(reading.outcome === 'authenticated')
  const expected = { orderId, amount: price }
  const outcome = await approve(shop.merchant, reading.approvalTicket, { expected, journal: memoryJournal() })
  assert.equal(outcome.outcome, 'approved')
}
