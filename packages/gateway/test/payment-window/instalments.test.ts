import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InterestFreeRule } from '../../src/merchants/interest-free.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { type Buyer, otherCardNumber } from './buyer.ts'
import { fixture, member, password, returning, useWindow } from './members.ts'
import { testMerchant } from './request-form.ts'
import { addCard, owner, paymentOf, samsung, shinhan, shinhanCheck, textOf } from './wallets.ts'

useWindow()

describe('cards that cannot pay', () => {
  test('a payment for one issuer says when there is no such card, and accepts no other', async () => {
    const window = await returning(await member(), { issuerCode: '04' })
    await window.tapPassword(password)
    assert.match(textOf(window), /이 결제는 삼성카드만 사용할 수 있어요\. 등록된 삼성카드가 없으니/)
    await addCard(window, shinhan)
    assert.match(textOf(window), /id="cardNumber-error"[^>]*>[^<]*입력한 카드는 신한 신용카드예요/)
    await addCard(window, samsung)
    assert.equal(window.page.step, 'confirm')
    assert.equal(textOf(window).includes('(1111)'), false)
  })

  test('fixed instalments take no check card', async () => {
    const customer = await owner(shinhanCheck)
    const window = await returning(customer, { amount: 60_000, issuerCode: '06', installmentMonths: 3 })
    await window.tapPassword(password)
    assert.match(textOf(window), /등록된 신한카드는 쓸 수 없으니/)
    await addCard(window, shinhanCheck)
    assert.match(textOf(window), /할부 3개월로 정해져 있어 신용카드만/)
    await addCard(window, shinhan)
    await window.submit('confirm')
    assert.equal((await paymentOf(window))?.installmentMonths, 3)
  })
})

describe('instalments free of interest', () => {
  const interestFree: readonly InterestFreeRule[] = [
    { months: [2, 3], minimumAmount: 50_000 },
    { issuerCode: '04', months: [6], minimumAmount: 50_000, until: new Date('2025-01-02T03:10:00+09:00') },
  ]
  const merchantId = 'ssptest02m'
  const given = { merchantId, amount: 50_000 }
  const save = (rules = interestFree) =>
    saveMerchant(fixture.context, {
      ...testMerchant,
      merchantId,
      interestFree: rules,
      showsCardsBeforePassword: true,
    })
  const pay = async (window: Buyer, lastFour: string, installmentMonths: string) => {
    const cardId = new RegExp(`value="([0-9a-f]+)"[^>]*>[^<]*\\(${lastFour}\\)`).exec(textOf(window))?.[1] ?? ''
    await window.tapPassword(password, { cardId, installmentMonths })
    return (await paymentOf(window))?.isInterestFree
  }

  test('are marked for the cards they are for, and stored with the payment', async () => {
    await save()
    const customer = await owner(samsung)
    const window = await returning(customer, given)
    assert.match(textOf(window), /value="03"[^>]*>3개월 무이자</)
    assert.match(textOf(window), /value="06"[^>]*>6개월 \(무이자: 삼성\)</)
    assert.match(textOf(window), /value="07"[^>]*>7개월</)
    assert.equal(await pay(window, '0003', '06'), true)
    assert.equal(await pay(await returning(customer, given), '1111', '06'), false)
    assert.equal(await pay(await returning(customer, given), '1111', '03'), true)
    assert.equal(await pay(await returning(customer, given), '1111', '00'), false)
    assert.equal(await pay(await returning(customer, { ...given, amount: 49_999 }), '1111', '00'), false)
  })

  test('are said where the shop has fixed issuer and months', async () => {
    await save()
    const customer = await owner(samsung)
    const window = await returning(customer, { ...given, issuerCode: '04', installmentMonths: 6 })
    assert.match(textOf(window), /할부 6개월\(무이자\)로 결제해요/)
    const other = await returning(customer, { ...given, issuerCode: '04', installmentMonths: 7 })
    assert.match(textOf(other), /할부 7개월로 결제해요/)
  })

  test('hold for the whole window, also when the rule ends in between', async () => {
    await save()
    const window = await returning(await owner(samsung), given)
    fixture.clock.advance(10 * 60_000)
    await window.reload()
    assert.match(textOf(window), /6개월 \(무이자: 삼성\)/)
    assert.equal(await pay(window, '0003', '06'), true)
    assert.equal(textOf(await returning(await owner(samsung), given)).includes('(무이자: 삼성)'), false)
  })
})

describe('the parts of the amount', () => {
  test('is shown where the shop has said it, and only then', async () => {
    const customer = await member()
    const split = { amount: 11_500, taxableAmount: 10_000, vatAmount: 1_000, taxFreeAmount: 500 }
    const window = await returning(customer, split)
    for (const line of [
      '공급가액</dt><dd class="number">10,000원',
      '부가세</dt><dd class="number">1,000원',
      '면세</dt><dd class="number">500원',
    ])
      assert.ok(textOf(window).includes(line), line)
    assert.equal(textOf(await returning(customer)).includes('금액 내역'), false)
  })
})

test('a payment for one issuer rejects a card of another by name', async () => {
  const window = await returning(await member(), { issuerCode: '06' })
  await window.tapPassword(password)
  await addCard(window, otherCardNumber)
  assert.match(textOf(window), /신한카드만 사용할 수 있어요\. 입력한 카드는 해외Master 신용카드예요/)
})
