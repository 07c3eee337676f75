import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findPayment } from '../../src/approval/store.ts'
import { removeMember } from '../../src/members/delete-member.ts'
import { findMember } from '../../src/members/store.ts'
import { Buyer, buyer, cardFields, otherCardNumber, post, returnedFields, testCardNumber } from './buyer.ts'
import { fixture, member, newCustomer, password, returning, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'

useWindow()

describe('a new member', () => {
  test('goes through the checks in order and takes the ticket to the shop', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm(newCustomer()))
    await window.join(password)
    await window.submit('confirm')
    assert.deepEqual(
      window.pages.map(({ step }) => step),
      ['terms', 'identity', 'identity-code', 'card', 'password-set', 'password-repeat', 'confirm', undefined],
    )
    const { text } = window.page
    assert.match(
      text,
      /<form method="post" action="https:\/\/shop\.example\/return\?a=1&amp;b=2" accept-charset="utf-8" data-return="post">/,
    )
    const fields = returnedFields(text)
    assert.match(fields.TrAuthKey ?? '', /^[0-9a-f]{64}$/)
    const payment = await findPayment(fixture.context, fields.Tid ?? '')
    assert.equal(payment?.state, 'authenticated')
  })

  test('gets the same ticket again after a reload', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm(newCustomer()))
    await window.join(password)
    const first = returnedFields((await window.submit('confirm')).text)
    assert.deepEqual(returnedFields((await window.reload()).text), first)
    assert.deepEqual(returnedFields((await window.submit('confirm')).text), first)
  })

  test('agrees to every term, one by one or at once', async () => {
    const window = await returning(newCustomer())
    await window.submit('terms', { agree: 'service' })
    assert.equal(window.page.step, 'terms')
    assert.match(window.page.text, /모든 필수 약관에 동의해 주세요/)
    const all = 'step=terms&agree=service&agree=privacy&agree=third-party&agree=identity'
    await window.request(window.page.url, post(all))
    assert.equal((await window.reload()).step, 'identity')
  })

  test('reads which field is wrong, and finds what they have typed, but no secret', async () => {
    const window = await returning(newCustomer())
    await window.submit('terms', { agreeAll: 'Y' })
    await window.submit('identity', { ...buyer, birthDate: '991341', phone: '0212345678' })
    assert.match(window.page.text, /id="birthDate-error"/)
    assert.match(window.page.text, /id="phone-error"/)
    for (const value of ['991341', '0212345678', '홍길동'])
      assert.equal(window.page.text.split(value).length, 2, `${value} stands in its field only`)
    assert.match(window.page.text, /value="SKT"[^>]* checked>/)
    await window.verify()
    await window.submit('card', { ...cardFields, cardNumber: '4111111111111112', cardPassword: '97' })
    assert.match(window.page.text, /id="cardNumber-error"/)
    assert.match(window.page.text, /value="4111111111111112"/)
    assert.match(window.page.text, /id="cardPassword" name="cardPassword" required/)
    await window.reload()
    assert.equal(window.page.text.includes('4111111111111112'), false, 'a card number is not stored')
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields, expiry: '12/24' })
    assert.match(window.page.text, /id="expiry-error"[^>]*>유효기간이 지난 카드예요/)
  })

  test('may not choose a trivial password, and repeats the one chosen', async () => {
    const window = await returning(newCustomer())
    await window.submit('terms', { agreeAll: 'Y' })
    await window.verify()
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields })
    await window.tapPassword('111111')
    assert.equal(window.page.step, 'password-set')
    assert.match(window.page.text, /쉽게 알 수 있는 비밀번호/)
    await window.tapPassword(password)
    await window.tapPassword('739215')
    assert.equal(window.page.step, 'password-set')
    assert.match(window.page.text, /두 번 입력한 비밀번호가 달라요/)
  })

  test('a buyer who leaves before the password verifies again next time', async () => {
    const customer = newCustomer()
    const window = await returning(customer)
    await window.submit('terms', { agreeAll: 'Y' })
    await window.verify()
    assert.equal((await returning(customer)).page.step, 'terms')
  })

  test('has five tries for a code, also when they come at once', async () => {
    const window = await returning(newCustomer())
    await window.submit('terms', { agreeAll: 'Y' })
    await window.submit('identity', buyer)
    const { url } = window.page
    await Promise.all(
      Array.from({ length: 8 }, () => window.request(url, post({ step: 'identity-code', code: '000000' }))),
    )
    await window.submit('identity-code', { code: '482915' })
    assert.equal((await window.reload()).step, 'identity')
  })
})

describe('two windows of one customer', () => {
  test('a member deleted meanwhile starts over, and the password set before is worth nothing', async () => {
    const customer = newCustomer()
    const window = await returning(customer)
    await window.join(password)
    const member = await findMember(fixture.context, { easyPayMerchantId: 'SSPTEST00p', ...customer })
    await fixture.context.storage.transact((transaction) => removeMember(transaction, member?.memberId ?? ''))
    assert.equal((await window.submit('confirm')).step, 'identity')
    const other = await returning(customer)
    await other.join('482057')
    assert.equal((await window.reload()).step, 'password')
  })
})

describe('a returning member', () => {
  test('only taps the password', async () => {
    const window = await returning(await member())
    assert.equal(window.page.step, 'password')
    assert.match(window.page.text, /기본 카드/)
    await window.tapPassword(password)
    assert.equal(returnedFields(window.page.text).ResultCode, '0000')
  })

  test('can tap key by key without script, erase one and clear all', async () => {
    const window = await returning(await member())
    const tokens = await window.lookAtKeypad()
    await window.submit('password', { tap: tokens[7] ?? '' })
    assert.equal(window.page.text.match(/class="dot filled"/g)?.length, 1)
    await window.submit('password', { tap: tokens[1] ?? '' })
    await window.submit('password', { tap: 'erase' })
    assert.equal(window.page.text.match(/class="dot filled"/g)?.length, 1)
    await window.submit('password', { tap: 'clear' })
    assert.doesNotMatch(window.page.text, /class="dot filled"/)
    for (const digit of password) await window.submit('password', { tap: tokens[Number(digit)] ?? '' })
    assert.equal(returnedFields(window.page.text).ResultCode, '0000')
  })

  test('sees the tries that are left, is locked after five, and sets a new password after verifying', async () => {
    const customer = await member()
    const window = await returning(customer)
    for (const left of [4, 3, 2, 1]) {
      await window.tapPassword('000001')
      assert.match(window.page.text, new RegExp(`${left}번 더 잘못 입력하면 잠겨요`))
    }
    await window.tapPassword('000001')
    assert.equal(window.page.step, 'identity')
    assert.match(window.page.text, /잠겼어요/)
    assert.equal((await returning(customer)).page.step, 'identity')

    await window.verify()
    assert.equal(window.page.step, 'card', 'the cards are gone')
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields })
    assert.equal(window.page.step, 'password-set')
    await window.tapPassword('482057')
    await window.tapPassword('482057')
    assert.equal(window.page.step, 'confirm')
    const next = await returning(customer)
    await next.tapPassword('482057')
    assert.equal(next.page.step, undefined)
  })

  test('can only be unlocked by the same person', async () => {
    const window = await returning(await member())
    await window.submit('reset-password')
    await window.verify({ ...buyer, name: '김영희' })
    assert.match(window.page.text, /가입할 때 인증한 본인이 아니에요/)
    await window.submit('keep-password')
    assert.equal(window.page.step, 'password')
  })

  test('adds a card and pays with it', async () => {
    const window = await returning(await member())
    await window.submit('add-card')
    await window.submit('keep-cards')
    await window.submit('add-card')
    await window.tapPassword(password)
    assert.equal(window.page.step, 'card')
    await window.submit('card', { cardNumber: otherCardNumber, ...cardFields })
    assert.match(window.page.text, /value="[0-9a-f]+" checked><span[^>]*><span>[^<]*4444/)
    await window.submit('add-card')
    await window.submit('keep-cards')
    assert.equal(window.page.step, 'confirm')
    await window.submit('confirm')
    assert.equal(returnedFields(window.page.text).ResultCode, '0000')
  })

  test('a used keypad cannot be used by a second tab', async () => {
    const window = await returning(await member())
    const tokens = await window.lookAtKeypad()
    const taps = [...'000001'].map((digit) => tokens[Number(digit)]).join(',')
    await window.submit('password', { taps })
    await window.submit('password', { taps })
    assert.match(window.page.text, /키패드를 새로 만들었어요/)
    await window.tapPassword(password)
    assert.equal(returnedFields(window.page.text).ResultCode, '0000')
  })

  test('two tabs that tap the right password at once give one ticket', async () => {
    const window = await returning(await member())
    const tokens = await window.lookAtKeypad()
    const taps = [...password].map((digit) => tokens[Number(digit)]).join(',')
    const { url } = window.page
    await Promise.all([1, 2, 3].map(() => window.request(url, post({ step: 'password', taps }))))
    assert.equal(returnedFields((await window.reload()).text).ResultCode, '0000')
  })

  test('instalments start at 50,000 won', async () => {
    const customer = await member()
    const small = await returning(customer, { amount: 49_999 })
    assert.equal(small.page.text.includes('<select id="installmentMonths"'), false)
    await small.tapPassword(password, { installmentMonths: '03' })
    assert.match(small.page.text, /선택할 수 없는 할부 개월/)

    const large = await returning(customer, { amount: 50_000 })
    assert.equal(large.page.text.match(/<option value="\d\d"/g)?.length, 12)
    await large.tapPassword(password, { installmentMonths: '03' })
    const { Tid = '' } = returnedFields(large.page.text)
    assert.equal((await findPayment(fixture.context, Tid))?.installmentMonths, 3)
  })

  test('issuer and months named by the shop are the only choice', async () => {
    const customer = await member()
    const given = { amount: 60_000, issuerCode: '25', installmentMonths: 6 }
    const window = await returning(customer, given)
    assert.match(window.page.text, /<input type="hidden" name="installmentMonths" value="06">/)
    const other = await returning(customer, { issuerCode: '06' })
    await other.tapPassword(password)
    assert.match(other.page.text, /등록된 신한카드가 없으니 새로 등록해 주세요/)
    await other.submit('card', { cardNumber: otherCardNumber, ...cardFields })
    assert.match(other.page.text, /신한카드만 사용할 수 있어요/)
  })

  test('PopCheck asks once, and the buyer may skip', async () => {
    const customer = await member()
    const window = await returning(customer, { asksPopCard: true })
    assert.equal(window.page.step, 'pop-card')
    await window.submit('pop-card', { popCardNumber: '123' })
    assert.match(window.page.text, /숫자 16자리/)
    await window.submit('skip-pop-card')
    assert.equal(window.page.step, 'password')
  })
})
