import assert from 'node:assert/strict'
import { type TestContext as NodeTest, test } from 'node:test'
import { type BillKeyRequest, billKeyResult, readMessage } from '@sspay/protocol'
import { decryptText } from '@sspay/protocol/sealed-body'
import { billKeyResultChecksum } from '@sspay/protocol/signature'
import type { BillKeyPolicy } from '../../src/merchants/bill-key-policy.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import {
  Buyer,
  cardFields,
  testCardNumber as foreignCardNumber,
  openWindowFixture,
  returnedFields,
  type WindowFixture,
} from './buyer.ts'
import { policy, registrationForm } from './registration-form.ts'
import { merchantKey, requestForm, testMerchant } from './request-form.ts'

const password = '739214'
/** Issued in Korea. */
const cardNumber = '9406000000000001'
const otherCardNumber = '9404000000000003'

async function openFixture(t: NodeTest, change: Partial<BillKeyPolicy> = {}): Promise<WindowFixture> {
  const fixture = await openWindowFixture({ billKeys: { ...policy, ...change } })
  t.after(() => fixture.close())
  return fixture
}

async function openWindow(fixture: WindowFixture, change: Partial<BillKeyRequest> = {}): Promise<Buyer> {
  const window = new Buyer(fixture)
  await window.openRegistration(registrationForm(change))
  return window
}

const addCard = (window: Buyer, number = cardNumber) =>
  window.submit('card', { cardNumber: number, ...cardFields, ownerBirthDate: '910203' })

/** The result that the last page posts, and the decrypted key. */
function resultOf(window: Buyer) {
  const read = readMessage(billKeyResult, returnedFields(window.page.text))
  assert.ok(read.ok, window.page.text)
  const { value } = read
  const billKey = value.encryptedBillKey === undefined ? '' : (decryptText(value.encryptedBillKey, merchantKey) ?? '')
  return { ...value, billKey }
}

const keysIn = ({ context }: WindowFixture) =>
  context.storage.read<{ readonly order_id: string; readonly state: string }>('select order_id, state from bill_keys')
const countPayments = async ({ context }: WindowFixture): Promise<number> =>
  (await context.storage.read('select transaction_id from payments')).length

/** A member with one card and a password, joined in a payment. */
async function memberOf(fixture: WindowFixture): Promise<void> {
  const window = new Buyer(fixture)
  await window.open(requestForm())
  await window.join(password, cardNumber)
}

async function register(window: Buyer): Promise<Buyer> {
  assert.equal(window.page.step, 'register', window.page.text)
  await window.submit('register')
  return window
}

test('a new member registers a card, and the shop gets its key', async (t) => {
  const fixture = await openFixture(t)
  const window = await openWindow(fixture)
  assert.match(window.page.text, /정기결제 카드 등록/)
  assert.doesNotMatch(window.page.text, /class="amount"/)
  await window.signUp(password, cardNumber)
  assert.match(window.page.text, /이 카드를 정기결제에 등록할까요/)
  assert.match(window.page.text, /그만두려면 쇼핑몰에서 해지하거나/)
  assert.doesNotMatch(window.page.text, /이용약관/, 'agreed to before')
  assert.match(window.page.text, /지금은 결제하지 않아요/)
  assert.equal((await keysIn(fixture)).length, 0, 'no key before the confirmation')
  await register(window)

  assert.match(window.page.text, /정기결제 카드를 등록했어요/)
  assert.match(window.page.text, /action="https:\/\/shop\.example\/registered"[^>]*data-return="post"/)
  const { billKey, checksum, ...result } = resultOf(window)
  assert.deepEqual(
    [result.resultCode, result.merchantId, result.orderId, result.customerId, result.maskedCardNumber],
    ['3001', 'ssptest01m', 'SUBSCRIPTION-1', 'user0001', '9406-****-****-0001'],
  )
  assert.equal(
    checksum,
    billKeyResultChecksum({
      merchantId: 'ssptest01m',
      billKey,
      maskedCardNumber: '9406-****-****-0001',
      resultCode: '3001',
    }),
  )
  const [key] = await keysIn(fixture)
  assert.deepEqual([key?.order_id, key?.state], ['SUBSCRIPTION-1', 'active'])
  assert.equal(await countPayments(fixture), 0, 'no payment in any list or sum')

  await window.submit('register')
  await window.reload()
  assert.equal(resultOf(window).billKey, billKey, 'the same result again')
  assert.equal((await keysIn(fixture)).length, 1)

  const next = new Buyer(fixture)
  await next.open(requestForm())
  assert.equal(next.page.step, 'password', 'the customer is a member now')
})

test('a new member agrees to the terms of recurring payments with the others', async (t) => {
  const fixture = await openFixture(t)
  const window = await openWindow(fixture)
  assert.match(window.page.text, /정기결제 이용약관/)
  assert.match(window.page.text, /언제든지 그만둘 수 있습니다/)
  const agreed = [...window.page.text.matchAll(/name="agree" value="([a-z-]+)"/g)].map(([, id]) => id)
  assert.deepEqual(agreed, ['recurring', 'service', 'privacy', 'third-party', 'identity'])
  await window.submit('terms', { agree: 'recurring' })
  assert.match(window.page.text, /모든 필수 약관에 동의해 주세요/)
})

test('two tabs that confirm at once issue one key', async (t) => {
  const fixture = await openFixture(t)
  const window = await openWindow(fixture)
  await window.signUp(password, cardNumber)
  await Promise.all([window.submit('register'), window.submit('register'), window.submit('register')])
  assert.equal((await keysIn(fixture)).length, 1)
})

test('a returning member enters the password, chooses a card and confirms', async (t) => {
  const fixture = await openFixture(t)
  await memberOf(fixture)
  const window = await openWindow(fixture)
  assert.equal(window.page.step, 'password')
  assert.doesNotMatch(window.page.text, /0001/)
  await window.tapPassword(password)
  assert.match(window.page.text, /0001/)
  assert.match(window.page.text, /정기결제 이용약관[\s\S]*동의하고 정기결제 카드로 등록/)
  assert.equal((await keysIn(fixture)).length, 0, 'the password alone registers nothing')
  await window.submit('add-card')
  await addCard(window, otherCardNumber)
  await register(window)
  assert.equal(resultOf(window).maskedCardNumber, '9404-****-****-0003')
})

test('a window for a bill key takes no step of a payment', async (t) => {
  const fixture = await openFixture(t)
  await memberOf(fixture)
  const window = await openWindow(fixture)
  await window.submit('add-passkey')
  assert.equal(window.page.step, 'password')
  await window.tapPassword(password)
  await window.submit('confirm')
  assert.equal(window.page.step, 'register')
  const [row] = await fixture.context.storage.read<{ readonly state: string }>('select state from payments')
  assert.equal(row?.state, 'requested', 'only the payment in which the member joined')
})

test('IsPwdPass: no password is set, and the identity opens the cards', async (t) => {
  const fixture = await openFixture(t)
  const window = await openWindow(fixture, { skipsPaymentPassword: true })
  await window.submit('terms', { agreeAll: 'Y' })
  await window.verify()
  await addCard(window)
  await register(window)
  assert.equal(resultOf(window).resultCode, '3001')

  const again = await openWindow(fixture, { skipsPaymentPassword: true })
  assert.equal(again.page.step, 'identity')
  assert.doesNotMatch(again.page.text, /0001/)
  await again.verify()
  await register(again)
  assert.equal((await keysIn(fixture)).length, 2)
})

test('IsPwdPass does not skip a password that the member has', async (t) => {
  const fixture = await openFixture(t)
  await memberOf(fixture)
  const window = await openWindow(fixture, { skipsPaymentPassword: true })
  assert.equal(window.page.step, 'password')
})

test('without identity check a member without password sees no card of the customer', async (t) => {
  const fixture = await openFixture(t, { identity: 'off' })
  const window = await openWindow(fixture, { skipsPaymentPassword: true })
  await window.submit('terms', { agreeAll: 'Y' })
  assert.equal(window.page.step, 'card')
  await addCard(window)
  await register(window)
  assert.equal(resultOf(window).resultCode, '3001')

  for (const skipsPaymentPassword of [true, false]) {
    const again = await openWindow(fixture, { skipsPaymentPassword })
    assert.equal(again.page.step, 'card')
    await again.submit('manage-cards')
    await again.submit('keep-cards')
    assert.ok(again.pages.every(({ text }) => !text.includes('(0001)')))
    await addCard(again, otherCardNumber)
    await register(again)
    assert.equal(resultOf(again).maskedCardNumber, '9404-****-****-0003')
  }
})

test('without identity check a new member chooses a password', async (t) => {
  const fixture = await openFixture(t, { identity: 'off' })
  const window = await openWindow(fixture)
  await window.submit('terms', { agreeAll: 'Y' })
  await addCard(window)
  await window.tapPassword(password)
  await window.tapPassword(password)
  await register(window)
  assert.equal(resultOf(window).resultCode, '3001')
  assert.deepEqual(fixture.codesSent, [])
})

const rejections = [
  ['the same card', { sameCard: 'reject', otherCard: 'replace' }, cardNumber, 'S604', '이미 등록한 카드예요'],
  ['another card', { otherCard: 'reject' }, otherCardNumber, 'S605', '이미 다른 카드가 등록되어'],
] as const

for (const [what, change, second, code, text] of rejections)
  test(`a policy that rejects ${what} is shown to the buyer and posted to the shop`, async (t) => {
    const fixture = await openFixture(t, change)
    await memberOf(fixture)
    for (const number of [cardNumber, second]) {
      const window = await openWindow(fixture)
      await window.tapPassword(password)
      await window.submit('add-card')
      await addCard(window, number)
      await register(window)
      if ((await keysIn(fixture)).length === 1 && resultOf(window).resultCode === '3001') continue
      assert.match(window.page.text, new RegExp(text))
      assert.match(window.page.text, /data-return="later"/)
      const { resultCode, billKey, orderId } = resultOf(window)
      assert.deepEqual([resultCode, billKey, orderId], [code, '', 'SUBSCRIPTION-1'])
      assert.equal((await keysIn(fixture)).length, 1)
      return
    }
    assert.fail('the second registration was not rejected')
  })

test('leaving posts the abort code, and a window that expired the code of that', async (t) => {
  const fixture = await openFixture(t)
  const left = await openWindow(fixture)
  assert.match(left.page.text, /카드 등록을 그만할까요/)
  await left.submit('abort')
  assert.match(left.page.text, /카드 등록을 그만두었어요/)
  const { resultCode, customerId, checksum } = resultOf(left)
  assert.deepEqual([resultCode, customerId, checksum], ['S201', 'user0001', undefined])

  const late = await openWindow(fixture)
  fixture.clock.advance(fixture.context.settings.windowLifeMs)
  await late.submit('terms', { agreeAll: 'Y' })
  assert.match(late.page.text, /카드를 등록할 시간이 지났어요/)
  assert.equal(resultOf(late).resultCode, 'S202')
})

test('RtnUrlEncUse: the values are URL-encoded in the charset of the shop', async (t) => {
  const fixture = await openFixture(t)
  const window = await openWindow(fixture, { encodesReturnedValues: true, answerCharset: 'euc-kr' })
  await window.submit('abort')
  const { BuyerName, RtnUrlEncUse, MallReserved } = returnedFields(window.page.text)
  assert.deepEqual([BuyerName, RtnUrlEncUse, MallReserved], ['%C8%AB%B1%E6%B5%BF', 'Y', 'bm90ZQ%3D%3D'])
  assert.match(window.page.text, /accept-charset="euc-kr"/)
})

test('a merchant whose contract ends while the window is open issues no key', async (t) => {
  const fixture = await openFixture(t)
  const window = await openWindow(fixture)
  await window.signUp(password, cardNumber)
  await saveMerchant(fixture.context, testMerchant)
  await register(window)
  assert.equal(resultOf(window).resultCode, 'S609')
  assert.equal((await keysIn(fixture)).length, 0)
})

test('a foreign card is rejected, also one of the wallet', async (t) => {
  const fixture = await openFixture(t)
  const paying = new Buyer(fixture)
  await paying.open(requestForm())
  await paying.join(password, foreignCardNumber)
  const window = await openWindow(fixture)
  await window.tapPassword(password)
  assert.match(window.page.text, /해외에서 발급해 정기결제에 쓸 수 없어요/)
  await addCard(window, foreignCardNumber)
  assert.match(window.page.text, /해외에서 발급한 카드는 정기결제에 등록할 수 없어요/)
  await addCard(window)
  await register(window)
  assert.equal(resultOf(window).maskedCardNumber, '9406-****-****-0001')
})
