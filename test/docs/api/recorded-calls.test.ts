import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type IdentityVerifier, realRuntime, saveNotificationTarget } from '@sspay/gateway'
import {
  approve,
  cancel,
  chargeBillKey,
  createBillKeyForm,
  createPaymentForm,
  defineMerchant,
  deleteBillKey,
  deleteMember,
  inquire,
  memoryJournal,
  registerBillKey,
} from '@sspay/merchant'
import type { WireText } from '@sspay/protocol'
import { decodeForm, encodeForm } from '@sspay/protocol/charset'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { startShop } from '../../../packages/gateway/test/notifications/support.ts'
import { personOf } from '../../../packages/gateway/test/payment-window/buyer.ts'
import { ApprovalTicket } from '../../../packages/merchant/src/approval-ticket.ts'
import { postForm } from '../../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../../packages/sandbox/src/buyer/buyer.ts'
import { walkWindow } from '../../../packages/sandbox/src/buyer/walk-window.ts'
import { createQuickGateway, readTicket } from '../../support/quick-payment.ts'
import { until } from '../../support/until.ts'
import {
  answerFaults,
  callbackFaults,
  headerFaults,
  notificationFaults,
  operationAt,
  type RecordedCall,
  readBody,
  requestFaults,
} from './call-checker.ts'
import { createRecorder } from './record-calls.ts'

const drafts: Parameters<typeof personOf>[0][] = []
const honestAgency: IdentityVerifier = {
  async sendCode(draft) {
    drafts.push(draft)
    return { ok: true, verificationId: String(drafts.length - 1) }
  },
  async checkCode({ verificationId }) {
    const draft = drafts[Number(verificationId)]
    return draft === undefined ? { result: 'wrong' } : { result: 'verified', person: personOf(draft) }
  },
  sendMessage: async () => true,
}

const recorder = createRecorder()
const shop = await startShop()
const gateway = await createQuickGateway({ wrapFetch: recorder.wrapFetch, identityVerifier: honestAgency })
after(async () => {
  await gateway.close()
  await shop.close()
})

const merchant = defineMerchant(gateway.merchantConfig)
const merchantKey = gateway.merchant.merchantKey.expose()
const cancelPassword = gateway.merchant.cancelPassword.expose()
const shopOrigin = 'https://shop.example'

const notifyAs = (fieldNames: 'current' | 'legacy') =>
  saveNotificationTarget(gateway.context, {
    merchantId: gateway.merchant.merchantId,
    url: shop.url,
    charset: fieldNames === 'legacy' ? 'euc-kr' : 'utf-8',
    fieldNames,
    intervalMinutes: 1,
    maxAttempts: 3,
    webhookKeys: [],
  })

const postTo = (name: Exclude<keyof typeof merchant.endpoints, 'sourceAddresses'>, body: string, contentType: string) =>
  fetch(merchant.endpoints[name], { method: 'POST', headers: { 'content-type': contentType }, body })

const openWindow = (changes: WireText = {}) => {
  const { fields } = createPaymentForm(merchant, {
    orderId: 'window',
    amount: 50_000,
    customerId: 'walker01',
    goodsName: '커피 & 케이크',
    buyerName: '홍길동',
    buyerPhone: '01099991111',
    buyerEmail: 'buyer@shop.example',
    returnUrl: `${shopOrigin}/return`,
    abortUrl: `${shopOrigin}/stop`,
    merchantNote: 'bm90ZQ==',
  })
  const body = encodeForm({ ...fields, ...changes }, 'utf-8')
  return postForm({ url: merchant.endpoints.mobileWindow, body, origin: shopOrigin })
}

const fieldsOf = (form: { readonly fields: readonly { readonly name: string; readonly value: string }[] }): WireText =>
  Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))

const codesAt = (path: string): ReadonlySet<string> =>
  new Set(recorder.calls.filter((call) => call.path === path).map(({ answer }) => codeOf(answer)))

const codeOf = (answer: string): string => (answer.startsWith('{') ? JSON.parse(answer).ResultCode : '')

/** Rejections of the body itself: exactly then the request is none that the document describes. */
const isMalformed = ({ answer, status }: RecordedCall): boolean =>
  ['S001', 'S010', 'S302'].includes(codeOf(answer)) || status === 400

const describedCalls = (): readonly RecordedCall[] =>
  recorder.calls.filter(({ path }) => operationAt(path) !== undefined)

const expected = { orderId: 'window', amount: 50_000 }

test('a payment through the window, its approval, inquiry, refunds and the member’s deletion', async () => {
  await notifyAs('current')
  const returned = await walkWindow(await openWindow(), {
    buyer: newBuyer(realRuntime, { customerId: 'walker01', installmentMonths: 0 }),
    readCode: async () => '482915',
    onStep: () => {},
  })
  assert.deepEqual(callbackFaults('authenticated', returned), [])

  const ticket = new ApprovalTicket(returned.Tid ?? '', returned.TrAuthKey ?? '')
  assert.equal((await inquire(merchant, ticket, { expected })).outcome, 'not_approved_yet')
  assert.equal((await approve(merchant, ticket, { expected, journal: memoryJournal() })).outcome, 'approved')
  const asForm = encodeForm({ Tid: returned.Tid, TrAuthKey: returned.TrAuthKey }, 'euc-kr')
  await postTo('approval', asForm, 'application/x-www-form-urlencoded; charset=euc-kr')

  const refund = { transactionId: returned.Tid ?? '', cancelPassword, reason: '고객 요청' }
  assert.equal((await cancel(merchant, { ...refund, amount: 400, sequence: 1, isPartial: true })).outcome, 'cancelled')
  assert.equal((await inquire(merchant, ticket, { expected })).outcome, 'approved')
  await until(() => shop.received.length === 2, { what: 'two notifications' })
  await notifyAs('legacy')
  assert.equal(
    (await cancel(merchant, { ...refund, amount: 49_600, sequence: 2, isPartial: true })).outcome,
    'cancelled',
  )
  for (const name of ['inquiry', 'approval'] as const) await postTo(name, asForm, 'application/x-www-form-urlencoded')
  await until(() => shop.received.length === 3, { what: 'three notifications' })

  assert.equal((await deleteMember(merchant, 'walker01')).outcome, 'deleted')
  assert.deepEqual(codesAt('/payment/approval/approvalInquiry.do'), new Set(['S105', '3001', '2013']))
})

test('the buyer leaves the window', async () => {
  const window = await openWindow({ Moid: 'leaves' })
  const leave = window.forms.find(({ attributes }) => attributes['data-step'] === 'abort')
  assert.ok(leave)
  const { cookies } = window
  const body = encodeForm({ step: 'abort', ...fieldsOf(leave) }, 'utf-8')
  const last = await postForm({ url: window.url, body, origin: new URL(window.url).origin, cookies })
  const back = last.forms.find(({ attributes }) => attributes['data-return'] !== undefined)
  assert.ok(back)
  assert.equal(fieldsOf(back).ResultCode, 'S201')
  assert.deepEqual(callbackFaults('aborted', fieldsOf(back)), [])
})

test('a bill key through its window and for a card number, charges and deletions', async () => {
  const customerId = 'subscriber01'
  const order = { orderId: 'card', customerId, buyerName: '홍길동', returnUrl: `${shopOrigin}/registered` }
  const form = createBillKeyForm(merchant, order)
  const opening = { url: form.action, origin: shopOrigin }
  const buyer = newBuyer(realRuntime, { customerId, installmentMonths: 0 })
  const window = await postForm({ ...opening, body: encodeForm(form.fields, 'utf-8') })
  const returned = await walkWindow(window, { buyer, readCode: async () => '482915', onStep: () => {} })
  assert.equal(returned.ResultCode, '3001')
  assert.deepEqual(callbackFaults('billKeyResult', returned), [])
  await postForm({ ...opening, body: encodeForm({ ...form.fields, VerifyValue: '' }, 'utf-8') })

  const card = { cardNumber: '9406000000000001', cardExpiry: '4012', cardPasswordPrefix: '12' }
  const birthDateOrBusinessNumber = buyer.birthDate
  const issued = await registerBillKey(merchant, { orderId: 'card2', customerId, ...card, birthDateOrBusinessNumber })
  assert.ok(issued.outcome === 'issued')
  const wrongOwner = { ...card, birthDateOrBusinessNumber: '000101' }
  await registerBillKey(merchant, { orderId: 'card3', customerId, ...wrongOwner })
  const billKey = issued.exposeBillKey()
  const charge = { billKey, orderId: 'cycle1', amount: 9900, customerId, goodsName: '월간 구독', buyerName: '홍길동' }
  const journal = memoryJournal()
  assert.equal((await chargeBillKey(merchant, charge, { journal })).outcome, 'approved')
  await until(() => shop.received.length === 4, { what: 'the notification of the charge' })
  await chargeBillKey(merchant, { ...charge, amount: 9901 }, { journal: memoryJournal() })
  await chargeBillKey(merchant, { ...charge, orderId: 'cycle2', amount: 1 }, { journal })
  assert.equal((await deleteBillKey(merchant, { billKey, customerId })).outcome, 'deleted')
  await chargeBillKey(merchant, { ...charge, orderId: 'cycle3' }, { journal })
  await deleteBillKey(merchant, { billKey, customerId })
  for (const name of ['billKeyRegistration', 'billKeyCharge', 'billKeyDeletion'] as const)
    await postTo(name, JSON.stringify({ EncData: 'AA*', Mid: gateway.merchant.merchantId }), 'application/json')
  assert.deepEqual(codesAt('/payment/approval/urlCallCardReg.do'), new Set(['3001', 'S607', 'S302']))
  assert.deepEqual(codesAt('/payment/approval/ssbbill.do'), new Set(['3001', 'S608', 'S007', 'S602', 'S302']))
  assert.deepEqual(codesAt('/payment/approval/ssbdel.do'), new Set(['PD00', 'S602', 'S302']))
})

test('errors of every call', async () => {
  const json = 'application/json'
  const declined = await gateway.authenticatedPayment(1004, 'declined', '9406000030950001')
  await approve(merchant, readTicket(declined), {
    expected: { amount: 1004, orderId: 'declined' },
    journal: memoryJournal(),
  })
  for (const name of ['approval', 'inquiry'] as const) {
    await postTo(name, JSON.stringify({ Tid: declined.transactionId, TrAuthKey: 'f'.repeat(64) }), json)
    await postTo(name, JSON.stringify({ Tid: declined.transactionId }), json)
    await postTo(name, 'Tid=a%20b&TrAuthKey=1', 'application/x-www-form-urlencoded')
  }
  for (const name of ['cancel', 'memberDeletion'] as const)
    await postTo(name, JSON.stringify({ EncData: 'AA*', Mid: gateway.merchant.merchantId }), json)
  const refund = { transactionId: declined.transactionId, amount: 1004, sequence: 1, reason: '' }
  await cancel(merchant, { ...refund, cancelPassword })
  await cancel(merchant, { ...refund, cancelPassword: '000000' })
  await deleteMember(merchant, 'nobody')
  await openWindow({ Amt: '1,004', BuyerName: '' })
  assert.deepEqual(codesAt('/payment/approval/urlCallApproval.do'), new Set(['3001', '3095', 'S101', 'S001', '2013']))
  assert.deepEqual(codesAt('/payment/approval/cancel.do'), new Set(['2001', 'S302', '2012', 'S501']))
  assert.deepEqual(codesAt('/payment/approval/ssbMemberDel.do'), new Set(['PD00', 'S302', 'S301']))
})

test('every request and answer is what the document says of its path and status', () => {
  const calls = describedCalls()
  assert.equal(new Set(calls.map(({ path }) => path)).size, 9)
  for (const call of calls) {
    const about = `${call.method} ${call.path} → ${call.status} ${codeOf(call.answer)}`
    assert.deepEqual(answerFaults(call), [], about)
    const faults = requestFaults(call, merchantKey)
    if (isMalformed(call)) assert.notDeepEqual(faults, [], about)
    else assert.deepEqual(faults, [], about)
  }
})

test('every notification is what the document says, under current and older names', () => {
  assert.equal(shop.received.length, 4)
  for (const [at, { body, headers }] of shop.received.entries()) {
    const isLegacy = at >= 2
    const { fields } = decodeForm(Buffer.from(body, 'latin1'), isLegacy ? 'euc-kr' : 'utf-8')
    assert.deepEqual(notificationFaults(isLegacy ? 'LegacyNotification' : 'Notification', { ...fields }), [])
    assert.deepEqual(headerFaults({ ...headers }), [])
    assert.notDeepEqual(notificationFaults('Notification', { ...fields, Amt: '1,004' }), [])
    assert.notDeepEqual(headerFaults({ ...headers, 'webhook-id': 'none' }), [])
  }
})

/** One fault at a time in an answer. */
const faultyAnswers: Readonly<Record<string, (answer: WireText) => object>> = {
  'a number': (answer) => ({ ...answer, Amt: 50_000 }),
  'a text that is no amount': (answer) => ({ ...answer, Amt: '50,000' }),
  'a name that is not in the table': (answer) => ({ ...answer, TID: answer.Tid }),
  'a text that is too long': (answer) => ({ ...answer, ResultMsg: '가'.repeat(101) }),
  'no result message': ({ ResultMsg: _, ...answer }) => answer,
  'a result code of another call': (answer) => ({ ...answer, ResultCode: '2001' }),
}

for (const [name, spoil] of Object.entries(faultyAnswers)) {
  test(`a fault is found in an answer: ${name}`, () => {
    const call = describedCalls().find(({ answer }) => codeOf(answer) === '3001')
    assert.ok(call)
    const answer = JSON.stringify(spoil(JSON.parse(call.answer)))
    assert.equal(answerFaults({ ...call, answer }).length, 1)
  })
}

test('a fault is found in a request, in an encrypted one too', () => {
  const [approval] = describedCalls().filter(({ path }) => path.endsWith('urlCallApproval.do'))
  const [refund] = describedCalls().filter(({ path }) => path.endsWith('cancel.do'))
  assert.ok(approval)
  assert.ok(refund)
  const spoiled = (call: RecordedCall, changes: WireText): RecordedCall => ({
    ...call,
    body: Buffer.from(JSON.stringify({ ...readBody(call).fields, ...changes })),
  })
  assert.deepEqual(requestFaults(spoiled(approval, {}), merchantKey), [])
  assert.match(requestFaults(spoiled(approval, { Tid: '' }), merchantKey).join(), /\/Tid/)
  const EncData = encryptBody({ Tid: 'x' }, merchantKey)
  assert.match(requestFaults(spoiled(refund, { EncData }), merchantKey).join(), /\/CancelAmt/)
})
