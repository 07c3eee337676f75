import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findMember } from '../../src/members/store.ts'
import { Buyer, buyer, cardFields, openWindowFixture, personOf, testCardNumber, type WindowFixture } from './buyer.ts'
import { fixture, member, newCustomer, password, returning, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'

useWindow()

const stranger = { ...buyer, name: '김영희', birthDate: '920203', genderDigit: '2', phone: '01012345678' }
const card = { cardNumber: testCardNumber, ...cardFields }

const eventsOf = ({ lines }: Pick<WindowFixture, 'lines'>, name: string): readonly Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line)).filter(({ event }) => event === name)

async function lock(window: Buyer): Promise<void> {
  for (let tries = 0; tries < 5; tries++) await window.tapPassword('000001')
}

describe('a customer id', () => {
  test('is not claimed by the first to verify: the first approved payment makes the member', async () => {
    const customer = newCustomer()
    const attacker = await returning(customer)
    await attacker.submit('terms', { agreeAll: 'Y' })
    await attacker.verify(stranger)
    await attacker.submit('card', card)

    const window = await returning(customer)
    assert.equal(window.page.step, 'terms')
    await window.signUp(password)
    await window.submit('confirm')
    assert.match(window.page.text, /data-return="post"/)
    assert.equal(await window.bind(), 'bound')
    assert.equal((await returning(customer)).page.step, 'password')
    await attacker.reload()
    assert.equal(attacker.page.step, 'password', 'what the attacker left is worth nothing here')
    await attacker.tapPassword('739215')
    assert.match(attacker.page.text, /결제 비밀번호가 맞지 않아요/)
  })

  test('a buyer who returns before the first approval continues where they were', async () => {
    const customer = newCustomer()
    const left = await returning(customer)
    await left.signUp(password)
    const window = await returning(customer)
    assert.equal(window.page.step, 'terms')
    await window.submit('terms', { agreeAll: 'Y' })
    await window.verify()
    assert.equal(window.page.step, 'password', 'card and password are there')
    await window.tapPassword(password)
    assert.match(window.page.text, /data-return="post"/)
  })

  test('of another person is rejected, and logged without personal data', async () => {
    const customer = await member()
    const window = await returning(customer)
    await window.submit('reset-password')
    await window.verify(stranger)
    assert.match(window.page.text, /가입할 때 인증한 본인이 아니에요/)
    const found = eventsOf(fixture, 'security_event').find(({ name }) => name === 'customer_claimed_by_another')
    assert.equal(found?.reason, 'identity')
    assert.equal(JSON.stringify(found).includes(customer.customerId), false)
  })
})

describe('a member who verifies again', () => {
  test('is not believed by name and birth date: a namesake born on that day does not take the cards', async () => {
    const customer = await member()
    const window = await returning(customer)
    await lock(window)
    await window.verify({ ...buyer, genderDigit: '2', phone: '01012345678' })
    assert.equal(window.page.step, 'identity')
    assert.match(window.page.text, /가입할 때 인증한 본인이 아니에요/)
  })

  test('is who the agency says, not who the form says', async () => {
    await using other = await openWindowFixture()
    const window = new Buyer(other)
    await window.open(requestForm({ customerId: 'vouched' }))
    await window.join(password)
    const next = new Buyer(other)
    await next.open(requestForm({ customerId: 'vouched' }))
    await next.submit('reset-password')
    other.agency.vouchFor = (draft) => ({ ...personOf(draft), ci: 'CI of an attacker who typed the member’s details' })
    await next.verify()
    assert.match(next.page.text, /가입할 때 인증한 본인이 아니에요/)
  })

  test('reads in advance that cards and passkeys will be deleted, and gets a message on the phone after a reset', async () => {
    const customer = await member()
    const window = await returning(customer)
    await window.submit('reset-password')
    assert.match(window.page.text, /등록한 카드와 패스키는 삭제되니 다시 등록해 주세요/)
    await window.submit('language', { language: 'en' })
    assert.match(window.page.text, /your cards and passkeys are deleted, and you add them again/)
    fixture.agency.messages.length = 0
    await window.verify({ ...buyer, phone: '01055556666' })
    assert.equal(window.page.step, 'card')
    assert.deepEqual(fixture.agency.messages, [{ phone: buyer.phone, kind: 'password_reset' }])
  })

  test('with another phone loses the cards and keeps the password, and the former phone gets a message', async () => {
    const window = await returning(await member())
    await window.submit('add-passkey')
    fixture.agency.messages.length = 0
    await window.verify({ ...buyer, phone: '01055556666' })
    assert.equal(window.page.step, 'password')
    assert.deepEqual(fixture.agency.messages, [{ phone: buyer.phone, kind: 'phone_changed' }])
    await window.tapPassword(password)
    assert.equal(window.page.step, 'card')
    await window.submit('card', card)
    assert.equal(window.page.step, 'passkey')
    await window.submit('keep-passkeys')
    await window.submit('confirm')
    assert.match(window.page.text, /data-return="post"/)
  })

  test('is not held up by a message that cannot be sent', async (t) => {
    t.after(() => {
      fixture.agency.takesMessages = true
    })
    fixture.agency.takesMessages = false
    const window = await returning(await member())
    await window.submit('reset-password')
    await window.verify()
    assert.equal(window.page.step, 'card')
    assert.equal(eventsOf(fixture, 'phone_message_failed').at(-1)?.kind, 'password_reset')
  })
})

describe('a merchant whose option compares', () => {
  test('compares a returning member too, on each payment, after the password', async () => {
    await using strict = await openWindowFixture({ identityMatch: 'name-and-phone' })
    const first = new Buyer(strict)
    await first.open(requestForm())
    await first.join(password)
    const open = async (change: Parameters<typeof requestForm>[0]): Promise<Buyer> => {
      const window = new Buyer(strict)
      await window.open(requestForm(change))
      assert.equal(window.page.step, 'password')
      return window
    }
    const gift = await open({ buyerName: '김영희' })
    await gift.tapPassword('739215')
    assert.doesNotMatch(gift.page.text, /구매자명과 달라요/, 'a wrong password learns nothing')
    await gift.tapPassword(password)
    assert.match(gift.page.text, /본인인증한 이름이 쇼핑몰의 구매자명과 달라요/)
    assert.doesNotMatch(gift.page.text, /data-return/)
    await gift.tapPassword(password)
    assert.doesNotMatch(gift.page.text, /data-return/)

    const own = await open({ buyerPhone: '+82 10-9999-1111' })
    await own.tapPassword(password)
    assert.match(own.page.text, /data-return="post"/)
  })
})

describe('a merchant without identity verification', () => {
  const withoutIdentity = async (): Promise<WindowFixture> => openWindowFixture({ identityVerification: 'off' })
  const open = async (world: WindowFixture): Promise<Buyer> => {
    const window = new Buyer(world)
    await window.open(requestForm())
    return window
  }
  async function joinUnverified(world: WindowFixture): Promise<Buyer> {
    const window = await open(world)
    assert.doesNotMatch(window.page.text, /본인인증 서비스 이용/)
    await window.submit('terms', { agreeAll: 'Y' })
    assert.equal(window.page.step, 'card')
    await window.submit('card', { ...card, ownerBirthDate: '910203' })
    await window.tapPassword(password)
    await window.tapPassword(password)
    assert.equal(window.page.step, 'confirm')
    return window
  }

  test('asks for no identity; the first payment makes the member', async () => {
    await using world = await withoutIdentity()
    const window = await joinUnverified(world)
    assert.deepEqual(world.codesSent, [])
    await window.submit('confirm')
    assert.match(window.page.text, /data-return="post"/)
    assert.equal((await open(world)).page.step, 'terms')
    assert.equal(await window.bind(), 'bound')
    const next = await open(world)
    assert.equal(next.page.step, 'password')
    assert.doesNotMatch(next.page.text, /비밀번호를 잊으셨나요/)
    await next.submit('reset-password')
    await next.submit('add-passkey')
    assert.equal(next.page.step, 'password', 'nobody could verify')
    await next.tapPassword(password)
    assert.match(next.page.text, /data-return="post"/)
    const { easyPayMerchantId, customerId } = { easyPayMerchantId: 'SSPTEST00p', customerId: 'user0001' }
    assert.equal(await findMember(world.context, { easyPayMerchantId, customerId }), undefined, 'no other merchant')
  })

  test('a locked member reads that only the shop can help', async () => {
    await using world = await withoutIdentity()
    await (await joinUnverified(world)).bind()
    const window = await open(world)
    await lock(window)
    assert.match(window.page.text, /여기에서 잠금을 풀 수 없어요\. 쇼핑몰에 간편결제 회원 삭제를 요청하면/)
    await window.submit('identity', buyer)
    assert.deepEqual(world.codesSent, [])
    await window.submit('language', { language: 'en' })
    assert.match(window.page.text, /Ask the shop to delete your easy payment membership/)
  })
})
