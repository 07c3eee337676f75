import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deleteMember } from '../../src/members/delete-member.ts'
import { bindMember, join } from '../../src/members/join.ts'
import type { MemberIdentity, PaymentCustomer } from '../../src/members/model.ts'
import { setPaymentPassword } from '../../src/members/payment-password.ts'
import { confirmIdentity, reverify } from '../../src/members/reverify.ts'
import { findMember, findMemberIdentity, findPayingMember } from '../../src/members/store.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { cardsOf } from '../../src/vault/store.ts'
import { createTestContext, type TestContext, testIdentity } from '../support.ts'

let world: TestContext
before(async () => {
  world = await createTestContext()
})
after(() => world.close())

let windows = 0
/** The customer of a new window. */
const windowOf = (customerId: string, change: Partial<PaymentCustomer> = {}): PaymentCustomer => ({
  easyPayMerchantId: 'SSPTEST00p',
  merchantId: 'ssptest01m',
  transactionId: `transaction${++windows}`,
  identityVerification: 'required',
  customerId,
  ...change,
})
const newCustomer = (): string => `joiner${++windows}`

const another: MemberIdentity = { ...testIdentity, ci: 'CI-of-somebody-else' }
const bind = (memberId: string) => world.context.storage.transact((transaction) => bindMember(transaction, memberId))
const addCard = async (memberId: string): Promise<void> => {
  const card = { memberId, cardNumber: '4111111111111111', expiryMonth: 12, expiryYear: 2029 }
  assert.equal((await registerCard(world.context, card)).ok, true)
}

test('joining makes a pending member of that payment only', async () => {
  const window = windowOf(newCustomer())
  const { member, isNew } = await join(world.context, window, testIdentity)
  assert.deepEqual([isNew, member.isPending, member.customerId], [true, true, window.customerId])
  assert.equal((await findPayingMember(world.context, window))?.memberId, member.memberId)
  assert.equal(await findPayingMember(world.context, windowOf(window.customerId)), undefined)
  assert.equal(await findMember(world.context, window), undefined)
})

test('two persons join for one customer; the first approved payment decides, and the other is removed with the cards', async () => {
  const customerId = newCustomer()
  const windows = [windowOf(customerId), windowOf(customerId)] as const
  const { member: stranger } = await join(world.context, windows[0], another)
  const { member: customer } = await join(world.context, windows[1], testIdentity)
  assert.notEqual(stranger.memberId, customer.memberId)
  await addCard(stranger.memberId)

  assert.equal(await bind(customer.memberId), 'bound')
  assert.equal((await findMember(world.context, windows[0]))?.memberId, customer.memberId)
  assert.equal(await bind(stranger.memberId), 'taken')
  assert.deepEqual(await cardsOf(world.context, stranger.memberId), [])
  assert.equal(await bind(stranger.memberId), 'not_pending')
  for (const window of windows)
    assert.equal((await findPayingMember(world.context, window))?.memberId, customer.memberId)
})

test('two first payments that are approved at once bind one member', async () => {
  for (let round = 0; round < 10; round++) {
    const customerId = newCustomer()
    const identities = [testIdentity, another, { ...testIdentity, ci: 'CI-of-a-third' }]
    const joined = await Promise.all(identities.map((identity) => join(world.context, windowOf(customerId), identity)))
    const outcomes = await Promise.all(joined.map(({ member }) => bind(member.memberId)))
    assert.deepEqual(outcomes.toSorted(), ['bound', 'taken', 'taken'])
  }
})

test('a payment binds once, however often it is said', async () => {
  const window = windowOf(newCustomer())
  const { member } = await join(world.context, window, testIdentity)
  assert.deepEqual([await bind(member.memberId), await bind(member.memberId)], ['bound', 'not_pending'])
  assert.equal((await join(world.context, windowOf(window.customerId), another)).member.memberId, member.memberId)
})

test('the same person continues with the pending member of another window, with cards and password', async () => {
  const customerId = newCustomer()
  const first = windowOf(customerId)
  const { member } = await join(world.context, first, testIdentity)
  await addCard(member.memberId)
  assert.deepEqual(await setPaymentPassword(world.context, member.memberId, '274905'), { ok: true })

  const second = windowOf(customerId)
  const again = await join(world.context, second, { ...testIdentity, name: '홍개명', phone: '01055556666' })
  assert.deepEqual([again.isNew, again.member.memberId, again.member.hasPassword], [false, member.memberId, true])
  assert.equal((await cardsOf(world.context, member.memberId)).length, 1)
  assert.equal(await findPayingMember(world.context, first), undefined, 'the first window begins again')
  assert.equal((await findPayingMember(world.context, second))?.memberId, member.memberId)
  assert.equal(await bind(member.memberId), 'bound', 'also by the first payment')
})

test('the pending member of another person or customer stays out of reach', async () => {
  const customerId = newCustomer()
  const { member } = await join(world.context, windowOf(customerId), testIdentity)
  for (const [window, identity] of [
    [windowOf(customerId), another],
    [windowOf(newCustomer()), testIdentity],
    [windowOf(customerId, { easyPayMerchantId: 'SSPTEST01p' }), testIdentity],
  ] as const)
    assert.notEqual((await join(world.context, window, identity)).member.memberId, member.memberId)
})

test('another phone deletes the cards and keeps the password; a reset deletes both; the former phone gets a message', async () => {
  const window = windowOf(newCustomer())
  const { memberId } = (await join(world.context, window, testIdentity)).member
  await addCard(memberId)
  await setPaymentPassword(world.context, memberId, '274905')
  const confirmed = await confirmIdentity(world.context, memberId, testIdentity)
  assert.equal(confirmed.ok && confirmed.message, undefined)
  assert.equal((await cardsOf(world.context, memberId)).length, 1)

  const moved = { ...testIdentity, phone: '01055556666' }
  assert.partialDeepStrictEqual(await confirmIdentity(world.context, memberId, moved), {
    ok: true,
    message: { phone: testIdentity.phone, kind: 'phone_changed' },
  })
  assert.deepEqual(await cardsOf(world.context, memberId), [])
  assert.equal((await findPayingMember(world.context, window))?.hasPassword, true)
  assert.equal((await findMemberIdentity(world.context, memberId))?.phone, moved.phone)

  await addCard(memberId)
  assert.partialDeepStrictEqual(await reverify(world.context, memberId, moved), {
    ok: true,
    message: { phone: moved.phone, kind: 'password_reset' },
  })
  assert.deepEqual(await cardsOf(world.context, memberId), [])
  assert.equal((await findPayingMember(world.context, window))?.hasPassword, false)
})

test('an unverified member cannot verify later, and pays at one merchant only', async () => {
  const customerId = newCustomer()
  const window = windowOf(customerId, { identityVerification: 'off' })
  const { memberId } = (await join(world.context, window, undefined)).member
  assert.equal(await findMemberIdentity(world.context, memberId), undefined)
  assert.deepEqual(await setPaymentPassword(world.context, memberId, '274905'), { ok: true })
  assert.equal(await bind(memberId), 'bound')
  const rejected = { ok: false, reason: 'identity_differs' }
  assert.deepEqual(await reverify(world.context, memberId, testIdentity), rejected)

  const next = windowOf(customerId, { identityVerification: 'off' })
  assert.equal((await findPayingMember(world.context, next))?.memberId, memberId)
  assert.equal(await findPayingMember(world.context, { ...next, merchantId: 'ssptest02m' }), undefined)
  assert.equal(await findPayingMember(world.context, windowOf(customerId)), undefined, 'where identities are verified')
})

test('a verified member also pays without identity verification', async () => {
  const customerId = newCustomer()
  const { member } = await join(world.context, windowOf(customerId), testIdentity)
  await bind(member.memberId)
  const window = windowOf(customerId, { identityVerification: 'off', merchantId: 'ssptest02m' })
  assert.equal((await findPayingMember(world.context, window))?.memberId, member.memberId)
})

test('a deletion frees the customer: pending members go too', async () => {
  const customerId = newCustomer()
  const windows = [windowOf(customerId), windowOf(customerId, { identityVerification: 'off' })] as const
  await addCard((await join(world.context, windows[0], testIdentity)).member.memberId)
  await join(world.context, windows[1], undefined)
  const { easyPayMerchantId, merchantId } = windows[0]
  const bodyFingerprints = [`body ${customerId}`]
  const deletion = { easyPayMerchantId, merchantId, customerId, bodyFingerprints, repeatedDeletion: 'reject' } as const
  assert.equal(await deleteMember(world.context, deletion), 'member_deleted')
  for (const window of windows) assert.equal(await findPayingMember(world.context, window), undefined)

  const unverified = await join(world.context, windowOf(customerId, { identityVerification: 'off' }), undefined)
  await bind(unverified.member.memberId)
  assert.equal(await deleteMember(world.context, deletion), 'deletion_replayed')
  const anotherDeletion = { ...deletion, bodyFingerprints: [`another body ${customerId}`] }
  assert.equal(await deleteMember(world.context, anotherDeletion), 'member_without_card_deleted')
  await join(world.context, windowOf(customerId), testIdentity)
  assert.equal(
    await deleteMember(world.context, anotherDeletion),
    'member_without_card_deleted',
    'the first answer again',
  )
  await addCard((await join(world.context, windows[0], testIdentity)).member.memberId)
  assert.equal(await deleteMember(world.context, { ...anotherDeletion, repeatedDeletion: 'delete' }), 'member_deleted')
  assert.equal(
    await findPayingMember(world.context, windows[0]),
    undefined,
    'a member who joined after that is deleted too',
  )
})
