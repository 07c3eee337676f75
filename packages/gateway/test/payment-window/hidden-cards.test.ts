import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { saveMerchant } from '../../src/merchants/store.ts'
import { memberWithPasskey, usePasskey } from '../passkeys/window-support.ts'
import type { Buyer } from './buyer.ts'
import { fixture, member, password, returning, showingCards, useWindow } from './members.ts'
import { testMerchant } from './request-form.ts'
import {
  addCard,
  atCards,
  cardIdOf,
  owner,
  paymentOf,
  samsung,
  shinhan,
  shinhanCheck,
  textOf,
  withoutTokens,
} from './wallets.ts'

useWindow()

/** The page without what differs between the windows of any two customers. */
const seenOf = (window: Buyer): string => withoutTokens(window).replace(/<html[^>]*>|<head>[\s\S]*<\/head>/g, '')

const large = { amount: 60_000 }
/** The first card, a credit card of VISA, gives way to the one with these last digits. */
async function makeDefault(customer: { customerId: string }, lastFour: string): Promise<void> {
  const window = await atCards(customer)
  await window.submit('default-card', { cardId: cardIdOf(window, lastFour) })
}

describe('before the password', () => {
  test('a member sees how many cards there are, and neither issuer, digits, name nor kind', async () => {
    const customer = await owner(shinhanCheck, samsung)
    const cards = await atCards(customer)
    await cards.submit('name-card', { cardId: cardIdOf(cards, '1111'), cardName: '생활비' })
    const window = await returning(customer, large)
    assert.match(textOf(window), /기본 카드<\/strong> <span class="small">등록된 카드 3장</)
    for (const detail of ['1111', '0000', '0003', '신한', '삼성', 'VISA', '생활비', '체크', '신용', 'cardId'])
      assert.equal(withoutTokens(window).includes(detail), false, detail)
    await window.submit('language', { language: 'en' })
    assert.match(textOf(window), /Default card<\/strong> <span class="small">of 3 saved</)
  })

  test('the page is the same whatever the cards are, and whether they can pay or not', async () => {
    const plain = await member()
    const check = await owner(shinhanCheck)
    await makeDefault(check, '0000')
    const [first, second] = [await owner(samsung), check]
    for (const change of [
      large,
      { amount: 1004 },
      { ...large, issuerCode: '06' },
      { ...large, issuerCode: '06', installmentMonths: 3 },
      { ...large, issuerCode: '25' },
    ])
      assert.equal(seenOf(await returning(first, change)), seenOf(await returning(second, change)))
    assert.match(seenOf(await returning(plain)), /등록된 카드 1장/)
  })

  test('nothing that is posted makes it tell more', async () => {
    const check = await owner(shinhanCheck)
    await makeDefault(check, '0000')
    const markPaid = await owner(shinhan)
    const asked = async (customer: { customerId: string }): Promise<readonly string[]> => {
      const window = await returning(customer, large)
      const seen: string[] = []
      for (const [step, fields] of [
        ['password', { installmentMonths: '03' }],
        ['password', { installmentMonths: '03', cardId: 'f'.repeat(32) }],
        ['password', { installmentMonths: '99', tap: 'x' }],
        ['pay-with-passkey', { installmentMonths: '03' }],
        ['confirm', { installmentMonths: '03' }],
        ['add-card', {}],
        ['keep-cards', {}],
        ['manage-cards', {}],
        ['keep-cards', {}],
        ['password', { choose: 'card' }],
        ['card', {}],
      ] as const) {
        await window.submit(step, fields)
        seen.push(seenOf(window))
      }
      await window.tapPassword('000001')
      return [...seen, seenOf(window)]
    }
    assert.deepEqual(await asked(check), await asked(markPaid))
  })

  test('instalments are marked by the rules of the shop, not by the cards of the member', async () => {
    const merchantId = 'ssptest04m'
    const interestFree = [
      { months: [2], minimumAmount: 50_000 },
      { issuerCode: '04', months: [6], minimumAmount: 50_000 },
    ]
    await saveMerchant(fixture.context, { ...testMerchant, merchantId, interestFree })
    for (const customer of [await member(), await owner(samsung)]) {
      const window = await returning(customer, { ...large, merchantId })
      assert.match(textOf(window), /value="02"[^>]*>2개월 무이자</)
      assert.match(textOf(window), /value="06"[^>]*>6개월 \(무이자: 삼성\)</)
      assert.match(textOf(window), /value="07"[^>]*>7개월</)
    }
  })

  test('a passkey is offered without a card too', async () => {
    const { customer } = await memberWithPasskey()
    const window = await returning(customer)
    assert.match(textOf(window), /data-passkey-step="pay-with-passkey"/)
    for (const detail of ['1111', 'VISA']) assert.equal(withoutTokens(window).includes(detail), false)
  })

  test('a merchant may have them shown', async () => {
    const window = await returning(await member(), showingCards)
    assert.match(textOf(window), /<select id="cardId"[\s\S]*>해외VISA 신용 \(1111\)</)
    assert.doesNotMatch(textOf(window), /name="choose"/)
  })
})

describe('the password', () => {
  test('pays with the default card in one screen, in the instalments that were chosen', async () => {
    const customer = await owner(shinhan)
    await makeDefault(customer, '0001')
    const window = await returning(customer, large)
    await window.tapPassword(password, { installmentMonths: '03' })
    const payment = await paymentOf(window)
    assert.deepEqual([payment?.state, payment?.installmentMonths], ['authenticated', 3])
    const cards = await atCards(customer)
    assert.equal(payment?.cardId, cardIdOf(cards, '0001'))
  })

  test('opens the choice of another card, and is not tapped again to pay', async () => {
    const customer = await owner(shinhan, samsung)
    const window = await returning(customer, large)
    await window.submit('password', { choose: 'card', installmentMonths: '05' })
    assert.equal(window.page.step, 'password')
    assert.match(textOf(window), /결제할 카드를 골라요\. 아직 결제되지 않아요/)
    assert.doesNotMatch(withoutTokens(window), /0001|0003/)
    await window.tapPassword(password)
    assert.equal(window.page.step, 'confirm')
    for (const lastFour of ['1111', '0001', '0003']) assert.notEqual(cardIdOf(window, lastFour), '')
    assert.match(textOf(window), /value="05" selected/)
    const cardId = cardIdOf(window, '0003')
    await window.submit('confirm', { cardId, installmentMonths: '05' })
    const payment = await paymentOf(window)
    assert.deepEqual([payment?.cardId, payment?.installmentMonths], [cardId, 5])
  })

  test('the way back from that choice is there, and then the default card pays', async () => {
    const window = await returning(await owner(shinhan))
    await window.submit('password', { choose: 'card' })
    await window.submit('keep-cards')
    assert.match(textOf(window), /기본 카드/)
    await window.tapPassword(password)
    assert.equal((await paymentOf(window))?.state, 'authenticated')
  })

  for (const { name, prepare, change, months = '00', why } of [
    {
      name: 'of another issuer',
      prepare: () => owner(shinhan),
      change: { ...large, issuerCode: '06' },
      why: /이 결제는 신한카드만 사용할 수 있어요\. 기본 카드 대신/,
    },
    {
      name: 'a check card where the instalments are fixed',
      prepare: async () => {
        const customer = await owner(shinhanCheck, shinhan)
        await makeDefault(customer, '0000')
        return customer
      },
      change: { ...large, issuerCode: '06', installmentMonths: 3 },
      months: '03',
      why: /기본 카드는 체크카드라 이 할부로 결제할 수 없어요/,
    },
    {
      name: 'a check card for which instalments were chosen',
      prepare: async () => {
        const customer = await owner(shinhanCheck)
        await makeDefault(customer, '0000')
        return customer
      },
      change: large,
      months: '03',
      why: /체크카드는 일시불만 가능해요/,
    },
  ])
    test(`of a default card ${name} leads to the cards with a sentence, and then pays without being tapped again`, async () => {
      const window = await returning(await prepare(), change)
      await window.tapPassword(password, { installmentMonths: months })
      assert.equal(window.page.step, 'confirm')
      assert.match(textOf(window), why)
      await window.submit('confirm')
      assert.equal((await paymentOf(window))?.state, 'authenticated')
    })

  test('of a member without any card that can pay leads to a new card, and says why', async () => {
    const window = await returning(await member(), { ...large, issuerCode: '06' })
    await window.tapPassword(password)
    assert.equal(window.page.step, 'card')
    assert.match(textOf(window), /등록된 신한카드가 없으니 새로 등록해 주세요/)
    await addCard(window, shinhan)
    assert.equal(window.page.step, 'confirm')
    assert.match(textOf(window), /data-issuer="06"[\s\S]*\(0001\)</)
    await window.submit('confirm')
    assert.equal((await paymentOf(window))?.state, 'authenticated')
  })
})

test('a passkey leads to the cards too, when the default card cannot pay, and need not be used again', async () => {
  const { customer, device } = await memberWithPasskey()
  const adding = await atCards(customer)
  await adding.submit('add-card')
  await addCard(adding, shinhan)
  const window = await returning(customer, { ...large, issuerCode: '06' })
  await usePasskey(window, device)
  assert.equal(window.page.step, 'confirm')
  assert.match(textOf(window), /신한카드만 사용할 수 있어요/)
  await window.submit('confirm')
  assert.equal((await paymentOf(window))?.state, 'authenticated')
})

test('the password leads from an expired default card to the others', async () => {
  const customer = await member()
  const old = await atCards(customer)
  await old.submit('add-card')
  await addCard(old, shinhan, { expiry: '01/25' })
  await makeDefault(customer, '0001')
  fixture.clock.set(new Date('2025-02-01T00:00:00+09:00'))
  const window = await returning(customer, { requestedAt: fixture.context.runtime.now() })
  assert.doesNotMatch(textOf(window), /유효기간/)
  await window.tapPassword(password)
  assert.equal(window.page.step, 'confirm')
  assert.match(textOf(window), /기본 카드의 유효기간이 지났어요/)
  assert.match(textOf(window), /\(1111\)<\/span>/)
})
