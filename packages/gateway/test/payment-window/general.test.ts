import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { cardCompanies } from '@sspay/protocol'
import type { Rate } from '../../src/admission/limits.ts'
import { expireForgotten } from '../../src/approval/close-payment.ts'
import { findPayment } from '../../src/approval/store.ts'
import { guestOf } from '../../src/members/model.ts'
import { findPayingMember } from '../../src/members/store.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { cardsOf } from '../../src/vault/store.ts'
import { Buyer, buyer, openWindowFixture, returnedFields, testCardNumber, type WindowFixture } from './buyer.ts'
import { chooseIssuer, offering, openGeneral } from './general-window.ts'
import { fixture, member, newCustomer, useWindow } from './members.ts'
import { generalForm, requestForm, testMerchant } from './request-form.ts'
import { addCard, samsung, shinhan, shinhanCheck, textOf, withoutTokens } from './wallets.ts'

useWindow()
afterEach(() => {
  fixture.issuer.says = { outcome: 'verified' }
  fixture.issuer.asked.length = 0
})

const owner = { ownerBirthDate: buyer.birthDate ?? '' }
const pay = (change = {}) => generalForm({ ...offering, ...change })

const opened = (change = {}, at: Pick<WindowFixture, 'app' | 'context'> = fixture) => openGeneral(at, change)

async function atCard(change = {}, at?: WindowFixture): Promise<Buyer> {
  const window = await opened(change, at)
  await window.submit('terms', { agreeAll: 'Y' })
  if (window.page.step === 'issuer') await chooseIssuer(window, shinhan)
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
    assert.equal(window.page.step, 'issuer')
    assert.doesNotMatch(textOf(window), /등록[^번]/)
    await chooseIssuer(window, shinhan)
    assert.equal(window.page.step, 'card')
    assert.doesNotMatch(textOf(window), /등록[^번]/)
    await addCard(window, shinhan, owner)
    assert.equal(window.page.step, 'confirm')
    assert.match(textOf(window), /신한 신용 \(0001\) 카드를 확인했어요/)
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
    assert.equal(window.page.step, 'issuer')
    assert.doesNotMatch(withoutTokens(window), /1111/)
    await chooseIssuer(window, shinhan)
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
    assert.equal(window.page.step, 'issuer')
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
    for (const [cardNumber, next] of [
      [shinhan, samsung],
      [samsung, shinhanCheck],
      [shinhanCheck, testCardNumber],
    ] as const) {
      await addCard(window, cardNumber, owner)
      assert.equal(window.page.step, 'confirm')
      await window.submit('add-card')
      assert.match(textOf(window), /앞서 입력한 카드로 결제하기/)
      await chooseIssuer(window, next)
    }
    await addCard(window, testCardNumber, owner)
    assert.match(textOf(window), /카드는 3장까지 입력할 수 있어요/)
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
    for (const cardNumber of [shinhan, shinhanCheck]) await addCard(await atCard({}, limited), cardNumber, owner)
    const window = await atCard({}, limited)
    await addCard(window, shinhan, owner)
    assert.match(textOf(window), /여러 번 실패해/)
    assert.equal(limited.issuer.asked.length, 2)
  })
})

describe('the issuer of a general card payment', () => {
  const atIssuer = async (change = {}): Promise<Buyer> => {
    const window = await opened(change)
    await window.submit('terms', { agreeAll: 'Y' })
    assert.equal(window.page.step, 'issuer')
    return window
  }
  const chosenMonths = ({ page }: Buyer) => /<option value="(\d\d)" selected>/.exec(page.text)?.[1]

  test('is chosen among all card companies, with the instalments', async () => {
    const window = await atIssuer({ amount: 60_000 })
    const offered = [...window.page.text.matchAll(/name="issuerCode" value="(\d\d)"/g)].map(([, code = '']) => code)
    assert.deepEqual(offered.toSorted(), cardCompanies.map(({ code }) => code).toSorted())
    await chooseIssuer(window, shinhan, { installmentMonths: '03' })
    assert.match(textOf(window), /신한카드로 결제해요/)
    await addCard(window, shinhan, owner)
    assert.equal(chosenMonths(window), '03')
    await window.submit('confirm', { installmentMonths: '03' })
    const payment = await findPayment(fixture.context, returnedFields(window.page.text).Tid ?? '')
    assert.equal(payment?.installmentMonths, 3)
  })

  test('offers no instalments below their minimum, and none that are not offered', async () => {
    const small = await atIssuer({ amount: 49_999 })
    assert.doesNotMatch(small.page.text, /installmentMonths/)
    const window = await atIssuer({ amount: 60_000 })
    await chooseIssuer(window, shinhan, { installmentMonths: '13' })
    await addCard(window, shinhan, owner)
    assert.equal(chosenMonths(window), '00')
  })

  test('must be one that exists', async () => {
    const window = await atIssuer()
    for (const issuerCode of ['', '99', '__proto__']) {
      await window.submit('issuer', { issuerCode })
      assert.equal(window.page.step, 'issuer')
      assert.match(textOf(window), /role="alert">결제할 카드의 카드사를 선택해 주세요/)
    }
  })

  test('is not asked for where the shop names it', async () => {
    const window = await opened({ issuerCode: '04' })
    await window.submit('terms', { agreeAll: 'Y' })
    assert.equal(window.page.step, 'card')
    assert.doesNotMatch(window.page.text, /change-issuer/)
  })

  test('rejects a card of another issuer with an error at its number, and may be changed', async () => {
    const window = await atIssuer()
    await chooseIssuer(window, shinhan)
    await addCard(window, samsung, owner)
    assert.equal(window.page.step, 'card')
    assert.match(window.page.text, /id="cardNumber-error"[^>]*>신한카드로 결제해요\. 입력한 카드는 삼성 신용카드예요/)
    assert.equal(fixture.issuer.asked.length, 0)
    await window.submit('change-issuer')
    assert.equal(window.page.step, 'issuer')
    await chooseIssuer(window, samsung)
    await addCard(window, samsung, owner)
    assert.equal(window.page.step, 'confirm')
  })
})
