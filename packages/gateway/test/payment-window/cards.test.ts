import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isCardNumber, mostCards } from '../../src/vault/model.ts'
import { cardFields, post, testCardNumber } from './buyer.ts'
import { fixture, member, password, returning, showingCards, useWindow } from './members.ts'
import {
  addCard,
  atCards,
  cardIdOf,
  listed,
  owner,
  paymentOf,
  samsung,
  shinhan,
  shinhanCheck,
  textOf,
} from './wallets.ts'

useWindow()

describe('the cards of a member', () => {
  test('are opened by the payment password, which then need not be tapped again to pay', async () => {
    const customer = await member()
    const window = await returning(customer)
    await window.submit('manage-cards')
    assert.equal(window.page.step, 'password')
    assert.match(textOf(window), /아직 결제되지 않아요/)
    await window.tapPassword('000001')
    assert.match(textOf(window), /4번 더 잘못 입력하면 잠겨요/)
    await window.tapPassword(password)
    assert.equal(window.page.step, 'cards')
    assert.deepEqual(listed(window), ['1111'])
    await window.submit('keep-cards')
    assert.equal(window.page.step, 'confirm')
    await window.submit('confirm')
    assert.equal((await paymentOf(window))?.state, 'authenticated')
  })

  test('are changed by nobody who has not shown the password, whatever is posted', async () => {
    const customer = await owner(shinhan)
    const known = await atCards(customer)
    const cardId = cardIdOf(known, '0001')
    const stranger = await returning(customer)
    const forms = ['name-card', 'default-card', 'delete-card', 'confirm-delete-card', 'card'] as const
    const post = async (): Promise<void> => {
      for (const step of forms)
        await stranger.submit(step, { cardId, cardName: '낯선 이름', cardNumber: samsung, ...cardFields })
    }
    await post()
    await stranger.submit('manage-cards')
    await post()
    await stranger.submit('add-card')
    await post()
    assert.equal(stranger.page.step, 'password')
    await known.reload()
    assert.deepEqual(listed(known), ['1111', '0001'])
    assert.equal(textOf(known).includes('낯선 이름'), false)
  })

  test('are opened by an identity verified for a forgotten or locked password', async () => {
    const window = await returning(await member())
    await window.submit('manage-cards')
    for (let tries = 0; tries < 5; tries++) await window.tapPassword('000001')
    assert.equal(window.page.step, 'identity')
    await window.verify()
    assert.equal(window.page.step, 'cards')
    assert.deepEqual(listed(window), [], 'a reset deletes the cards')
    await window.submit('keep-cards')
    assert.equal(window.page.step, 'card')
    await addCard(window, shinhan)
    assert.equal(window.page.step, 'password-set')
  })

  test('the way back to the payment is there before the password too', async () => {
    const window = await returning(await member())
    await window.submit('manage-cards')
    await window.submit('keep-cards')
    await window.tapPassword(password)
    assert.equal((await paymentOf(window))?.state, 'authenticated')
  })

  test('get a name, which every page shows and none believes', async () => {
    const customer = await member()
    const window = await atCards(customer)
    const cardId = cardIdOf(window, '1111')
    await window.submit('name-card', { cardId, cardName: ' <i>월급</i> ' })
    assert.match(textOf(window), /<strong>&lt;i&gt;월급&lt;\/i&gt;<\/strong>/)
    await window.submit('name-card', { cardId, cardName: '가'.repeat(21) })
    assert.match(textOf(window), new RegExp(`id="name-${cardId}-error"[^>]*>이름은 20자까지`))
    await window.submit('name-card', { cardId, cardName: testCardNumber })
    assert.match(textOf(window), /카드번호나 전화번호는 이름으로 쓸 수 없어요/)
    assert.equal(window.page.text.includes(testCardNumber), false)
    assert.match(textOf(await returning(customer, showingCards)), />&lt;i&gt;월급&lt;\/i&gt; · 해외VISA 신용 \(1111\)</)
    await window.submit('name-card', { cardId, cardName: '' })
    assert.equal(textOf(window).includes('월급'), false)
  })

  test('one is the default, and stays chosen in the next window', async () => {
    const customer = await owner(shinhan)
    const window = await atCards(customer)
    assert.deepEqual(listed(window), ['1111', '0001'])
    await window.submit('default-card', { cardId: cardIdOf(window, '0001') })
    assert.deepEqual(listed(window), ['0001', '1111'])
    assert.match(textOf(await returning(customer, showingCards)), /selected>신한 신용 \(0001\)/)
  })

  test('are deleted after one more question, and the default passes on', async () => {
    const customer = await owner(shinhan)
    const window = await atCards(customer)
    const cardId = cardIdOf(window, '1111')
    await window.submit('confirm-delete-card', { cardId })
    assert.deepEqual(listed(window), ['1111', '0001'])
    await window.submit('delete-card', { cardId })
    assert.match(textOf(window), /이 카드를 삭제할까요/)
    await window.submit('confirm-delete-card', { cardId: cardIdOf(window, '0001') })
    assert.deepEqual(listed(window), ['1111', '0001'])
    await window.submit('delete-card', { cardId })
    await window.submit('keep-card', { cardId })
    assert.deepEqual(listed(window), ['1111', '0001'])
    await window.submit('delete-card', { cardId })
    await window.submit('confirm-delete-card', { cardId })
    assert.deepEqual(listed(window), ['0001'])
    assert.match(textOf(window), /카드를 삭제했어요[\s\S]*>기본</)
    const last = cardIdOf(window, '0001')
    await window.submit('delete-card', { cardId: last })
    await window.submit('confirm-delete-card', { cardId: last })
    assert.match(textOf(window), /등록된 카드가 없어요/)
    await window.submit('keep-cards')
    assert.equal(window.page.step, 'card')
    await addCard(window, samsung)
    assert.equal(window.page.step, 'confirm')
  })

  test('of another member are not shown', async () => {
    const stranger = await atCards(await member())
    const window = await atCards(await member())
    const cardId = cardIdOf(stranger, '1111')
    await window.submit('delete-card', { cardId })
    await window.submit('confirm-delete-card', { cardId })
    await window.submit('name-card', { cardId, cardName: '남의 카드' })
    await stranger.reload()
    assert.deepEqual(listed(stranger), ['1111'])
    assert.equal(textOf(stranger).includes('남의 카드'), false)
  })

  test('two tabs that delete at once delete one card', async () => {
    const window = await atCards(await owner(shinhan, samsung))
    const cardId = cardIdOf(window, '0001')
    await window.submit('delete-card', { cardId })
    const { url } = window.page
    const form = { step: 'confirm-delete-card', cardId }
    await Promise.all([1, 2, 3].map(() => window.request(url, post(form))))
    await window.reload()
    assert.deepEqual(listed(window), ['1111', '0003'])
  })

  test('never show more of a number than its last four digits', async () => {
    const window = await atCards(await owner(shinhan))
    for (const { text } of window.pages)
      for (const digits of ['411111', '940600']) assert.equal(text.includes(digits), false)
  })
})

describe('a card that is added', () => {
  test('is chosen, and named by its issuer', async () => {
    const window = await atCards(await member())
    await window.submit('add-card')
    await addCard(window, shinhanCheck)
    assert.equal(window.page.step, 'cards')
    assert.match(textOf(window), /신한 체크 \(0000\) 카드를 등록했어요/)
    await window.submit('keep-cards')
    assert.match(textOf(window), /checked><span[^>]*><span>신한 체크 \(0000\)/)
  })

  test('again is said to be there and chosen, with a new expiry renewed', async () => {
    const customer = await owner(shinhan)
    const window = await returning(customer)
    await window.submit('add-card')
    await window.tapPassword(password)
    await addCard(window, shinhan)
    assert.equal(window.page.step, 'confirm')
    assert.match(textOf(window), /이미 등록되어 있어요[\s\S]*checked><span[^>]*><span>신한 신용 \(0001\)/)
    await window.submit('add-card')
    await addCard(window, shinhan, { expiry: '12/31' })
    assert.match(textOf(window), /유효기간을 새로 등록했어요/)
  })

  test('stands there again when its expiry is wrong', async () => {
    const window = await atCards(await member())
    await window.submit('add-card')
    await addCard(window, samsung, { expiry: '12/24' })
    assert.match(textOf(window), /id="expiry-error"[^>]*>유효기간이 지난 카드예요\. 유효기간을 다시 확인/)
    assert.match(window.page.text, new RegExp(`name="cardNumber" value="${samsung}"`))
  })

  test(`is rejected when there are ${mostCards}, with the way to delete one`, async () => {
    const more = Array.from({ length: 200 }, (_, index) => `94070${String(index).padStart(11, '0')}`).filter(
      isCardNumber,
    )
    const customer = await owner(...more.slice(0, mostCards - 1))
    const window = await returning(customer)
    await window.submit('add-card')
    await window.tapPassword(password)
    await addCard(window, shinhan)
    assert.match(textOf(window), /id="cardNumber-error"[^>]*>카드는 10장까지 등록할 수 있어요/)
    await window.submit('manage-cards')
    assert.equal(listed(window).length, mostCards)
    assert.equal(textOf(window).includes('data-step="add-card"'), false)
    assert.match(textOf(window), /쓰지 않는 카드를 먼저 삭제해 주세요/)
  })
})

test('expired cards are named in the list, and one is renewed by entering it again', async () => {
  const customer = await member()
  const old = await atCards(customer)
  await old.submit('add-card')
  await addCard(old, shinhan, { expiry: '01/25' })
  fixture.clock.set(new Date('2025-02-01T00:00:00+09:00'))
  const requestedAt = new Date('2025-02-01T00:00:00+09:00')
  const window = await atCards(customer, { requestedAt })
  assert.match(textOf(window), /신한 신용 \(0001\)<\/span> <span class="badge warning">만료[\s\S]*유효기간이 지났어요/)
  await window.submit('add-card')
  await addCard(window, shinhan)
  assert.match(textOf(window), /유효기간을 새로 등록했어요/)
  assert.equal(textOf(window).includes('>만료<'), false)
})
