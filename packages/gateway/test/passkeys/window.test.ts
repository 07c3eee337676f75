import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { challengeLifeMs, mostPasskeys } from '../../src/passkeys/model.ts'
import { Buyer, buyer, cardFields, returnedFields, testCardNumber } from '../payment-window/buyer.ts'
import {
  fixture,
  member,
  newCustomer,
  password,
  returning,
  showingCards,
  useWindow,
} from '../payment-window/members.ts'
import { requestForm } from '../payment-window/request-form.ts'
import { createDevice } from './device.ts'
import {
  answerOn,
  isPaid,
  memberWithPasskey,
  offeredOn,
  openPasskeys,
  paymentOf,
  usePasskey,
} from './window-support.ts'

useWindow()

describe('a passkey is made', () => {
  test('by a new member, right after the password, and pays in the next window', async () => {
    const customer = newCustomer()
    const device = createDevice()
    const window = await returning(customer)
    await window.join(password)
    await window.submit('add-passkey')
    assert.match(window.page.text, /지문이나 얼굴로 결제하기/)
    await usePasskey(window, device)
    assert.equal(window.page.step, 'confirm')
    assert.match(window.page.text, /role="status">패스키를 만들었어요/)
    await window.submit('confirm')
    assert.ok(isPaid(window))

    const next = await returning(customer)
    await usePasskey(next, device)
    assert.ok(isPaid(next))
  })

  test('by a returning member who verifies again, and keeps the password', async () => {
    const { customer } = await memberWithPasskey()
    const window = await returning(customer)
    await window.tapPassword(password)
    assert.ok(isPaid(window))
  })

  test('only by the person who joined', async () => {
    const customer = await member()
    const window = await returning(customer)
    await window.submit('add-passkey')
    assert.equal(window.page.step, 'identity')
    assert.match(window.page.text, /결제 비밀번호는 그대로예요/)
    await window.verify({ ...buyer, birthDate: '920203' })
    assert.equal(window.page.step, 'identity')
    assert.match(window.page.text, /가입할 때 인증한 본인이 아니에요/)
    await window.submit('keep-password')
    assert.equal(window.page.step, 'password')
    assert.equal(offeredOn(window), undefined)
    await window.tapPassword(password)
    assert.ok(isPaid(window))
  })

  test('not by a form that jumps over the identity, and the confirmed identity does not pay', async () => {
    const window = await returning(await member())
    for (const step of ['passkey', 'delete-passkey', 'keep-passkeys']) {
      await window.submit(step, { challengeId: 'x', credential: '{}' })
      assert.equal(window.page.step, 'password', step)
    }
    await window.submit('add-passkey')
    await window.verify()
    await window.submit('confirm')
    assert.equal(window.page.step, 'password')
    await window.tapPassword(password)
    assert.equal(offeredOn(window)?.step, 'passkey')
    await window.submit('confirm')
    assert.equal(offeredOn(window)?.step, 'passkey')
    await window.submit('keep-passkeys')
    assert.equal(window.page.step, 'confirm')
  })

  test('errors say what to do, and the page can be used again', async () => {
    const window = await returning(await member())
    await openPasskeys(window)
    await usePasskey(window, createDevice(), {}, { isUserVerified: false })
    assert.match(window.page.text, /패스키를 만들지 못했어요\. 다시 누르거나 결제로 돌아가/)
    const late = answerOn(window, createDevice())
    fixture.clock.advance(challengeLifeMs)
    await window.submit('passkey', late)
    assert.match(window.page.text, /새로 준비했어요\. 다시 눌러 주세요/)
    const device = createDevice()
    await usePasskey(window, device)
    assert.equal(window.page.step, 'confirm')
    await window.submit('add-passkey')
    await usePasskey(window, device)
    assert.match(window.page.text, /이미 등록된 패스키예요/)
  })

  test(`up to ${mostPasskeys} times, and after deleting one there is room again`, async () => {
    const window = await returning(await member())
    await openPasskeys(window)
    for (let made = 0; made < mostPasskeys; made++) {
      await usePasskey(window, createDevice())
      await window.submit('add-passkey')
    }
    assert.equal(offeredOn(window), undefined)
    assert.match(window.page.text, /5개까지 만들 수 있어요/)
    const listed = () =>
      [...window.page.text.matchAll(/name="passkeyId" value="([0-9a-f]+)"/g)].map(([, id]) => `${id}`)
    assert.equal(listed().length, mostPasskeys)
    await window.submit('delete-passkey', { passkeyId: listed()[0] ?? '' })
    assert.match(window.page.text, /role="status">패스키를 삭제했어요/)
    assert.equal(listed().length, mostPasskeys - 1)
    assert.ok(offeredOn(window))
  })
})

describe('a passkey pays', () => {
  test('with the card and the months that were chosen', async () => {
    const { customer, device } = await memberWithPasskey()
    const window = await returning(customer, { ...showingCards, amount: 60_000 })
    const [, cardId = ''] = /<option value="([0-9a-f]{32})"/.exec(window.page.text) ?? []
    await usePasskey(window, device, { cardId, installmentMonths: '03' })
    assert.ok(isPaid(window))
    const payment = await paymentOf(returnedFields(window.page.text).Tid ?? '')
    assert.equal(payment.state, 'authenticated')
    assert.deepEqual([payment.cardId, payment.installmentMonths], [cardId, 3])
  })

  test('not in another window: other order, other amount, other session', async () => {
    const { customer, device } = await memberWithPasskey()
    const first = await returning(customer)
    const answer = answerOn(first, device)
    for (const change of [{}, { amount: 2008 }, { orderId: 'another' }]) {
      const other = await returning(customer, change)
      const { challengeId = '' } = answerOn(other, device)
      await other.submit('pay-with-passkey', answer)
      assert.equal(other.page.step, 'password')
      assert.match(other.page.text, /다시 눌러 주세요/)
      await other.submit('pay-with-passkey', { ...answer, challengeId })
      assert.equal(other.page.step, 'password')
      assert.match(other.page.text, /패스키를 확인하지 못했어요/)
    }
    await first.submit('pay-with-passkey', answerOn(first, device))
    assert.ok(isPaid(first))
  })

  test('once: the same answer again, or twenty times at once, gives one ticket', async () => {
    const { customer, device } = await memberWithPasskey()
    const window = await returning(customer)
    const answer = answerOn(window, device)
    await Promise.all(Array.from({ length: 20 }, () => window.submit('pay-with-passkey', answer)))
    const { Tid = '', TrAuthKey } = returnedFields((await window.reload()).text)
    await window.submit('pay-with-passkey', answer)
    assert.equal(returnedFields(window.page.text).TrAuthKey, TrAuthKey)
    assert.equal((await paymentOf(Tid)).state, 'authenticated')
  })

  test('not without a verified user, not from another origin, not as a copied key', async () => {
    const { customer, device } = await memberWithPasskey()
    const window = await returning(customer)
    for (const behaviour of [{ isUserVerified: false }, { origin: 'http://localhost:81' }]) {
      await usePasskey(window, device, {}, behaviour)
      assert.match(window.page.text, /패스키를 확인하지 못했어요\. 다시 누르거나 결제 비밀번호를 입력해 주세요/)
    }
    await usePasskey(window, device, {}, { count: 1 })
    assert.match(window.page.text, /안전을 위해 이 패스키를 받지 않았어요/)
    assert.ok(fixture.lines.some((line) => line.includes('counter_regressed')))
    assert.ok(!fixture.lines.some((line) => line.includes(device.credentialId)))
    await window.tapPassword(password)
    assert.ok(isPaid(window))
  })

  test('not for a locked member, and after the reset it is gone', async () => {
    const { customer, device } = await memberWithPasskey()
    const window = await returning(customer)
    const answer = answerOn(window, device)
    for (let tries = 0; tries < 5; tries++) await window.tapPassword('918273')
    assert.equal(window.page.step, 'identity')
    assert.equal(offeredOn(window), undefined)
    await window.submit('pay-with-passkey', answer)
    assert.equal(window.page.step, 'identity')

    await window.verify()
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields })
    await window.tapPassword('628401')
    await window.tapPassword('628401')
    assert.equal(window.page.step, 'confirm')
    const next = await returning(customer)
    assert.equal(offeredOn(next), undefined)
    await next.submit('pay-with-passkey', answer)
    assert.equal(next.page.step, 'password')
  })

  test('in the frame of its shop, and not in a frame of anybody else', async () => {
    const { customer, device } = await memberWithPasskey()
    const window = new Buyer(fixture)
    const shopOrigin = 'https://shop.example'
    await window.open({ ...requestForm(customer), SspReturn: 'message' }, { origin: shopOrigin })
    const foreign = { crossOrigin: true, topOrigin: 'https://foreign.example' }
    await usePasskey(window, device, {}, foreign)
    assert.match(window.page.text, /패스키를 확인하지 못했어요/)
    await usePasskey(window, device, {}, { crossOrigin: true, topOrigin: shopOrigin })
    assert.ok(isPaid(window))
  })
})

describe('where passkeys cannot be', () => {
  test('a gateway at a bare address offers none', async () => {
    const { customer } = await memberWithPasskey()
    const window = await returning(customer)
    assert.match(window.page.text, /data-passkey/)
    const bare = await fixture.app.request(`http://127.0.0.1${window.page.url}`, { headers: { cookie: window.cookie } })
    assert.doesNotMatch(await bare.text(), /data-passkey=|data-passkey |data-passkey-step|add-passkey/)
  })

  test('without a script the buttons stay hidden, and deleting works all the same', async () => {
    const { customer } = await memberWithPasskey()
    const window = await returning(customer)
    assert.match(window.page.text, /<div class="passkey" data-passkey hidden>/)
    assert.match(window.page.text, /패스키 관리/)
    await openPasskeys(window)
    assert.match(window.page.text, /data-no-passkey>이 브라우저에서는 패스키를 만들 수 없어요\. 결제 비밀번호로/)
    const [, passkeyId = ''] = /name="passkeyId" value="([0-9a-f]+)"/.exec(window.page.text) ?? []
    await window.submit('delete-passkey', { passkeyId })
    await window.submit('keep-passkeys')
    assert.equal(window.page.step, 'confirm')
    assert.equal(offeredOn(await returning(customer)), undefined)
  })
})
