import assert from 'node:assert/strict'
import { realRuntime } from '@sspay/gateway'
import { approve, createPaymentForm, defineMerchant, memoryJournal, readAuthentication } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { testMerchantConfig } from '../../packages/sandbox/src/test-merchant.ts'

interface Joining {
  readonly customerId: string
  readonly sandbox: Sandbox
}

/** The first approved payment makes the member of the test merchant. */
export async function joinOverHttp({ customerId, sandbox }: Joining): Promise<void> {
  const merchant = defineMerchant(testMerchantConfig(sandbox.urls.gateway))
  const buyer = newBuyer(realRuntime, { customerId, installmentMonths: 0 })
  const expected = { orderId: `JOIN${customerId}`, amount: 1004 }
  const form = createPaymentForm(merchant, {
    ...expected,
    customerId,
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
  const reading = await readAuthentication(merchant, request)
  assert.ok(reading.outcome === 'authenticated')
  const outcome = await approve(merchant, reading.approvalTicket, { expected, journal: memoryJournal() })
  assert.equal(outcome.outcome, 'approved')
}
