import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import type { Rate } from '../../src/admission/limits.ts'
import { expireForgotten } from '../../src/approval/close-payment.ts'
import { findPayment } from '../../src/approval/store.ts'
import { guestOf } from '../../src/members/model.ts'
import { findPayingMember } from '../../src/members/store.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { cardsOf } from '../../src/vault/store.ts'
import { Buyer, buyer, openWindowFixture, returnedFields, type WindowFixture } from './buyer.ts'
import { fixture, member, newCustomer, useWindow } from './members.ts'
import { generalForm, requestForm, testMerchant } from './request-form.ts'
import { addCard, samsung, shinhan, shinhanCheck, textOf } from './wallets.ts'

const offering = { merchantId: 'ssptest05m', takesGeneralPayments: true } as const

useWindow()
afterEach(() => {
  fixture.issuer.says = { outcome: 'verified' }
  fixture.issuer.asked.length = 0
})

const owner = { ownerBirthDate: buyer.birthDate ?? '' }
const pay = (change = {}) => generalForm({ ...offering, ...change })

async function opened(change = {}, at: Pick<WindowFixture, 'app' | 'context'> = fixture): Promise<Buyer> {
  await saveMerchant(at.context, { ...testMerchant, ...offering })
  const window = new Buyer(at)
  await window.open(pay(change))
  return window
}

async function atCard(change = {}, at?: WindowFixture): Promise<Buyer> {
  const window = await opened(change, at)
  await window.submit('terms', { agreeAll: 'Y' })
  assert.equal(window.page.step, 'card')
  return window
}

async function transactionOf(merchantId: string = offering.merchantId): Promise<string> {
  const sql = 'select transaction_id from payments where merchant_id = ?1 order by transaction_id desc limit 1'
  const [row] = await fixture.context.storage.read<{ transaction_id: string }>(sql, [merchantId])
  return row?.transaction_id ?? ''
}

/** The cards of the payment's guest; undefined without a guest. */
async function cardsOfGuest(transactionId: string) {
  const guest = await findPayingMember(fixture.context, guestOf({ merchantId: offering.merchantId, transactionId }))
  return guest && (await cardsOf(fixture.context, guest.memberId)).map(({ lastFour }) => lastFour)
}

describe('a form without SspMallId and PopCheck', () => {
  test('is rejected where the merchant takes no general payments, and the log says so', async () => {
    const window = new Buyer(fixture)
    await window.open(generalForm())
    assert.equal(window.page.status, 400)
    assert.match(textOf(window), /S019 일반 카드결제를 쓰지 않는 상점입니다/)
    const logged = fixture.lines.map((line) => JSON.parse(line)).findLast(({ code }) => code === 'S019')
    assert.equal(logged.event, 'payment_request_rejected')
    assert.equal(logged.reason, 'general_payments_off')
  })

  for (const [present, missing] of [
    ['SspMallId', 'PopCheck'],
    ['PopCheck', 'SspMallId'],
  ] as const)
    test(`but with ${present} is SS-Pay, in which ${missing} is missing`, async () => {
      await saveMerchant(fixture.context, { ...testMerchant, ...offering })
      const window = new Buyer(fixture)
      await window.open({ ...pay(), [present]: requestForm()[present] ?? '' })
      assert.match(window.page.text, new RegExp(`S001[\\s\\S]*${missing}`))
    })

  test('still needs every other field and the right signature', async () => {
    await saveMerchant(fixture.context, { ...testMerchant, ...offering })
    const window = new Buyer(fixture)
    await window.open({ ...pay(), GoodsName: '' })
    assert.match(window.page.text, /S001[\s\S]*GoodsName/)
    await window.open({ ...pay(), Amt: '1005' })
    assert.match(window.page.text, /S002/)
  })

  test('pays by card: terms, card, confirmation; neither identity nor password', async () => {
    const window = await opened({ amount: 60_000 })
    assert.equal(window.page.step, 'terms')
    assert.match(textOf(window), /전자금융거래 이용약관/)
    assert.doesNotMatch(textOf(window), /간편결제|비밀번호로 결제|본인인증/)
    await window.submit('terms', { agree: 'service' })
    assert.match(textOf(window), /모든 필수 약관에 동의해 주세요/)
    await window.submit('terms', { agreeAll: 'Y' })
    assert.equal(window.page.step, 'card')
    assert.doesNotMatch(textOf(window), /등록[^번]/)
    await addCard(window, shinhan, owner)
    assert.equal(window.page.step, 'confirm')
    assert.match(textOf(window), /신한 신용 \(0001\) 카드를 확인했습니다/)
    assert.doesNotMatch(textOf(window), /카드 관리|패스키|등록[^번]/)
    assert.doesNotMatch(window.page.text, new RegExp(shinhan))
    assert.deepEqual(fixture.issuer.asked, [
      { cardNumber: shinhan, expiryMonth: 12, expiryYear: 2030, passwordFirstTwo: '12', ...owner },
    ])
    await window.submit('confirm', { installmentMonths: '03' })
    const { Tid = '', TrAuthKey = '', MallUserId, Moid, ResultCode } = returnedFields(window.page.text)
    assert.deepEqual([ResultCode, Moid, MallUserId], ['0000', pay().Moid, ''])
    assert.match(TrAuthKey, /^[0-9a-f]{64}$/)
    const payment = await findPayment(fixture.context, Tid)
    assert.equal(payment?.state, 'authenticated')
    assert.deepEqual([payment?.installmentMonths, payment?.bindsMember], [3, false])
    assert.equal(fixture.codesSent.length, 0)
  })

  test('names a member, whose cards it neither shows nor touches, and binds nobody to a customer', async () => {
    const customer = await member()
    const window = await opened(customer)
    assert.equal(window.page.step, 'terms')
    await window.submit('terms', { agreeAll: 'Y' })
    assert.equal(window.page.step, 'card')
    assert.doesNotMatch(textOf(window), /1111/)
    await addCard(window, shinhan, owner)
    await window.submit('confirm')
    const { Tid = '', MallUserId } = returnedFields(window.page.text)
    assert.equal(MallUserId, customer.customerId)
    const payment = await findPayment(fixture.context, Tid)
    assert.equal(payment?.bindsMember, false)
    const other = new Buyer(fixture)
    await other.open(requestForm({ ...newCustomer() }))
    assert.equal(other.page.step, 'terms', 'a new customer has not become a member')
  })

  test('takes no step of a member, also if one is posted', async () => {
    const window = await atCard()
    const steps = ['identity', 'manage-cards', 'password-set', 'add-passkey', 'reset-password', 'default-card']
    for (const step of steps) {
      await window.submit(step)
      assert.equal(window.page.step, 'card', step)
    }
    await addCard(window, shinhan, owner)
    for (const step of [...steps, 'delete-card', 'passkey', 'pay-with-passkey']) {
      await window.submit(step)
      assert.equal(window.page.step, 'confirm', step)
    }
    await window.submit('add-card')
    assert.equal(window.page.step, 'card')
  })

  test('leaves no card when the buyer cancels or lets it expire', async () => {
    const aborted = await atCard()
    await addCard(aborted, shinhan, owner)
    const transactionId = await transactionOf()
    assert.deepEqual(await cardsOfGuest(transactionId), ['0001'])
    await aborted.submit('abort')
    assert.equal(returnedFields(aborted.page.text).ResultCode, 'S201')
    assert.equal(await cardsOfGuest(transactionId), undefined)

    await addCard(await atCard(), shinhan, owner)
    const left = await transactionOf()
    assert.deepEqual(await cardsOfGuest(left), ['0001'])
    fixture.clock.advance(fixture.context.settings.windowLifeMs)
    await expireForgotten(fixture.context)
    assert.equal(await cardsOfGuest(left), undefined)
  })
})

describe('the card of a guest', () => {
  test('may be exchanged, up to three', async () => {
    const window = await atCard()
    for (const cardNumber of [shinhan, samsung, shinhanCheck]) {
      await addCard(window, cardNumber, owner)
      assert.equal(window.page.step, 'confirm')
      await window.submit('add-card')
    }
    await addCard(window, '4111111111111111', owner)
    assert.match(textOf(window), /카드는 3장까지 입력할 수 있습니다/)
    assert.equal(fixture.issuer.asked.length, 3)
    await window.submit('keep-cards')
    assert.equal(window.page.step, 'confirm')
  })

  test('must be of the issuer that the shop names', async () => {
    const window = await atCard({ issuerCode: '04' })
    await addCard(window, shinhan, owner)
    assert.match(textOf(window), /삼성카드만 사용할 수 있어요/)
    assert.equal(fixture.issuer.asked.length, 0)
    await addCard(window, samsung, owner)
    assert.equal(window.page.step, 'confirm')
  })

  const few: Rate = { burst: 2, refillEveryMs: 60_000 }
  test('is guessed a few times only, in all windows of one signed form together', async () => {
    const { limits } = fixture.context.settings
    await using limited = await openWindowFixture(offering, {
      settings: { limits: { ...limits, cardFailuresPerMember: few } },
    })
    limited.issuer.says = { outcome: 'rejected', reason: 'password_wrong' }
    for (const cardNumber of [shinhan, samsung]) await addCard(await atCard({}, limited), cardNumber, owner)
    const window = await atCard({}, limited)
    await addCard(window, shinhanCheck, owner)
    assert.match(textOf(window), /여러 번 실패해/)
    assert.equal(limited.issuer.asked.length, 2)
  })
})
