import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { anyCharacter } from '../../../../test/support/any-character.ts'
import { joinBound } from '../../../../test/support/bound-member.ts'
import { isCardNumber, mostCards, readCardName } from '../../src/vault/model.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { cardsOf, chooseDefaultCard, deleteCard, findCard, nameCard } from '../../src/vault/store.ts'
import { createTestContext, type TestContext, testIdentity } from '../support.ts'

let world: TestContext
let memberId: string
let joined = 0

before(async () => {
  world = await createTestContext()
})
after(() => world.close())
beforeEach(async () => {
  memberId = await newMember()
})

async function newMember(): Promise<string> {
  const customerId = `user${joined++}`
  const member = await joinBound(world.context, { easyPayMerchantId: 'SSPTEST00p', customerId, identity: testIdentity })
  return member.memberId
}

const numbers = Array.from({ length: 200 }, (_, index) => `94060${String(index).padStart(11, '0')}`).filter(
  isCardNumber,
)

async function register(cardNumber: string, expiryYear = 2030) {
  world.clock.advance(1)
  return registerCard(world.context, { memberId, cardNumber, expiryMonth: 12, expiryYear })
}

async function registered(index: number, expiryYear?: number) {
  const result = await register(numbers[index] ?? '', expiryYear)
  if (!result.ok) throw new Error(result.reason)
  return result
}

const wallet = () => cardsOf(world.context, memberId)
const defaults = async () => (await wallet()).filter(({ isDefault }) => isDefault).map(({ cardId }) => cardId)

test('the same card again is known, and with a new expiry renewed in its place', async () => {
  const { card, outcome } = await registered(0)
  assert.equal(outcome, 'added')
  await nameCard(world.context, { ...card, name: '생활비' })
  assert.deepEqual(await registered(0), { ok: true, outcome: 'known', card: { ...card, name: '생활비' } })
  assert.deepEqual(await registered(0, 2031), { ok: true, outcome: 'renewed', card: { ...card, name: '생활비' } })
  assert.equal(await (await findCard(world.context, card)).use(async ({ expiryYear }) => expiryYear), 2031)
  assert.equal((await wallet()).length, 1)
})

test('an expired card is good again once it is renewed', async () => {
  await registered(0, 2025)
  const later = { ...world.context, runtime: { ...world.context.runtime, now: () => new Date('2026-02-01') } }
  assert.deepEqual(
    (await cardsOf(later, memberId)).map(({ expired }) => expired),
    [true],
  )
  const renewed = await registerCard(later, {
    memberId,
    cardNumber: numbers[0] ?? '',
    expiryMonth: 1,
    expiryYear: 2029,
  })
  assert.ok(renewed.ok && renewed.outcome === 'renewed' && !renewed.card.expired)
  assert.deepEqual(
    (await cardsOf(later, memberId)).map(({ expired }) => expired),
    [false],
  )
})

test(`a wallet holds ${mostCards} cards, also when more come at once, and one it has may come again`, async () => {
  const results = await Promise.all(numbers.slice(0, mostCards + 3).map((cardNumber) => register(cardNumber)))
  assert.equal(results.filter(({ ok }) => ok).length, mostCards)
  assert.equal((await wallet()).length, mostCards)
  const rejected = results.findIndex(({ ok }) => !ok)
  assert.deepEqual(results[rejected], { ok: false, reason: 'wallet_full' })

  const known = await register(numbers[results.findIndex(({ ok }) => ok)] ?? '')
  assert.ok(known.ok && known.outcome === 'known')
  const [first] = await wallet()
  assert.equal(await deleteCard(world.context, { memberId, cardId: first?.cardId ?? '' }), true)
  const again = await register(numbers[rejected] ?? '')
  assert.ok(again.ok && again.outcome === 'added')
})

test('the default passes to the oldest card that is still good, and nothing is left of the last', async () => {
  const { card: first } = await registered(0)
  const { card: old } = await registered(1, 2025)
  const { card: third } = await registered(2)
  const { card: fourth } = await registered(3)
  await chooseDefaultCard(world.context, first)
  const later = { ...world.context, runtime: { ...world.context.runtime, now: () => new Date('2026-02-01') } }
  assert.equal(await deleteCard(later, first), true)
  assert.deepEqual(await defaults(), [third.cardId])
  assert.equal(await deleteCard(later, fourth), true)
  assert.deepEqual(await defaults(), [third.cardId])
  assert.equal(await deleteCard(later, third), true)
  assert.deepEqual(await defaults(), [old.cardId])
  assert.equal(await deleteCard(later, old), true)
  assert.deepEqual(await wallet(), [])
  assert.equal(await deleteCard(later, old), false)
})

test('nobody names or deletes the card of another', async () => {
  const { card } = await registered(0)
  const stranger = { cardId: card.cardId, memberId: await newMember() }
  assert.equal(await nameCard(world.context, { ...stranger, name: '남의 카드' }), false)
  assert.equal(await deleteCard(world.context, stranger), false)
  assert.deepEqual(await wallet(), [card])
})

test('a name is encrypted at rest and can be removed', async () => {
  const { card } = await registered(0)
  assert.equal(await nameCard(world.context, { ...card, name: 'name-canary' }), true)
  assert.equal((await wallet())[0]?.name, 'name-canary')
  assert.equal((await world.readStoredBytes()).includes('name-canary'), false)
  assert.equal(await nameCard(world.context, { ...card, name: undefined }), true)
  assert.deepEqual(await wallet(), [card])
})

for (const [text, expected] of [
  ['  월급 \t 카드 ', { ok: true, name: '월급 카드' }],
  ['', { ok: true, name: undefined }],
  [' \n ', { ok: true, name: undefined }],
  ['<b>"카드"&\'', { ok: true, name: '<b>"카드"&\'' }],
  ['가'.repeat(20), { ok: true, name: '가'.repeat(20) }],
  ['💳'.repeat(20), { ok: true, name: '💳'.repeat(20) }],
  ['가'.repeat(21), { ok: false, reason: 'too_long' }],
  ['4111 1111 1111 1111', { ok: false, reason: 'holds_number' }],
  ['４１１１１１１', { ok: false, reason: 'holds_number' }],
  ['신한 2025', { ok: true, name: '신한 2025' }],
  ['카드\u0000', { ok: false, reason: 'unreadable' }],
  ['\u202Edrac', { ok: false, reason: 'unreadable' }],
] as const) {
  test(`the name ${JSON.stringify(text)} is ${expected.ok ? 'kept' : expected.reason}`, () =>
    assert.deepEqual(readCardName(text), expected))
}

test('a name that was read reads the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const read = readCardName(text)
      if (read.ok && read.name !== undefined) assert.deepEqual(readCardName(read.name), read)
    }),
  )
})
