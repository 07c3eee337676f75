import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { findCardCompany } from '@sspay/protocol'
import fc from 'fast-check'
import { joinBound } from '../../../../test/support/bound-member.ts'
import { findIssuer } from '../../src/vault/issuers.ts'
import { isCardNumber, isExpired, maskCardNumber } from '../../src/vault/model.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { CardUnknownError, cardsOf, chooseDefaultCard, deleteCardsOf, findCard } from '../../src/vault/store.ts'
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

const visa = { cardNumber: '4111111111111111', expiryMonth: 12, expiryYear: 2029 }
const amex = { cardNumber: '378282246310005', expiryMonth: 1, expiryYear: 2025 }

async function register(card: { cardNumber: string; expiryMonth: number; expiryYear: number }, owner = memberId) {
  const result = await registerCard(world.context, { memberId: owner, ...card })
  return result.ok ? result.card : result.reason
}

async function requireCard(card: typeof visa, owner = memberId) {
  const registered = await register(card, owner)
  if (typeof registered === 'string') throw new Error(registered)
  return registered
}

test('a registered card is listed masked and used in clear', async () => {
  const card = await requireCard(visa)
  assert.deepEqual(card, {
    cardId: card.cardId,
    memberId,
    issuerCode: '25',
    issuerName: '해외VISA',
    maskedCardNumber: '411111******1111',
    lastFour: '1111',
    isDefault: true,
    cardKind: 'credit',
    expired: false,
  })
  assert.deepEqual(await cardsOf(world.context, memberId), [card])
  assert.deepEqual(await (await findCard(world.context, card)).use(async (clearCard) => clearCard), visa)
})

test('blanks and hyphens in the number and a two-digit year are read', async () => {
  const card = await requireCard({ cardNumber: ' 4111-1111 1111-1111', expiryMonth: 12, expiryYear: 29 })
  assert.deepEqual(await (await findCard(world.context, card)).use(async (clearCard) => clearCard), visa)
})

for (const [reason, card] of [
  ['card_number_invalid', { ...visa, cardNumber: '4111111111111112' }],
  ['card_number_invalid', { ...visa, cardNumber: '' }],
  ['card_number_invalid', { ...visa, cardNumber: '4111 1111 1111 111a' }],
  ['card_number_invalid', { ...visa, cardNumber: '000000000000' }],
  ['card_expired', { ...visa, expiryYear: 2024 }],
  ['card_expired', { ...visa, expiryMonth: 0 }],
  ['card_expired', { ...visa, expiryMonth: 13 }],
  ['card_expired', { ...visa, expiryMonth: Number.NaN }],
  ['card_expired', { ...visa, expiryYear: 2130 }],
  ['issuer_unknown', { ...visa, cardNumber: '0000000000000000' }],
  ['issuer_unknown', { ...visa, cardNumber: '9405000000000002' }],
] as const) {
  test(`${reason}: ${JSON.stringify(card)}`, async () => {
    assert.equal(await register(card), reason)
    assert.deepEqual(await cardsOf(world.context, memberId), [])
  })
}

test('a card belongs to each member who has registered it', async () => {
  await requireCard(visa)
  assert.equal((await requireCard(visa, await newMember())).isDefault, true)
})

test('registering the same card many times at once leaves one', async () => {
  const given = { memberId, ...visa }
  const results = await Promise.all(Array.from({ length: 10 }, () => registerCard(world.context, given)))
  const outcomes = results.map((result) => result.ok && result.outcome)
  assert.deepEqual(outcomes.sort(), ['added', ...Array.from({ length: 9 }, () => 'known')])
  assert.equal((await cardsOf(world.context, memberId)).length, 1)
})

test('the first card is the default until another is chosen', async () => {
  const first = await requireCard(visa)
  world.clock.advance(1000)
  const second = await requireCard(amex)
  const order = async () => (await cardsOf(world.context, memberId)).map(({ cardId, isDefault }) => [cardId, isDefault])
  assert.deepEqual(await order(), [
    [first.cardId, true],
    [second.cardId, false],
  ])
  assert.equal(await chooseDefaultCard(world.context, second), true)
  assert.deepEqual(await order(), [
    [second.cardId, true],
    [first.cardId, false],
  ])
  const stranger = await newMember()
  assert.equal(await chooseDefaultCard(world.context, { cardId: first.cardId, memberId: stranger }), false)
})

test('a card opens for its own member only, and not once deleted', async () => {
  const card = await requireCard(visa)
  const stranger = await newMember()
  await assert.rejects(findCard(world.context, { cardId: card.cardId, memberId: stranger }), CardUnknownError)
  const deleted = await world.context.storage.transact((transaction) => deleteCardsOf(transaction, memberId))
  assert.equal(deleted, 1)
  await assert.rejects(findCard(world.context, card), CardUnknownError)
})

test('an encrypted number moved to another row does not decrypt', async () => {
  const [mine, theirs] = [await requireCard(visa), await requireCard(amex, await newMember())]
  await world.context.storage.transact((transaction) =>
    transaction.write(
      'update cards set number_encrypted = (select number_encrypted from cards where card_id = ?1) where card_id = ?2',
      [theirs.cardId, mine.cardId],
    ),
  )
  await assert.rejects((await findCard(world.context, mine)).use(async () => 'used'))
})

test('a listed card expires with its month', async () => {
  await requireCard(amex)
  const later = {
    ...world.context,
    runtime: { ...world.context.runtime, now: () => new Date('2025-02-01T00:00:00+09:00') },
  }
  assert.equal((await cardsOf(world.context, memberId))[0]?.expired, false)
  assert.equal((await cardsOf(later, memberId))[0]?.expired, true)
})

for (const [now, expected] of [
  ['2029-12-31T23:59:59.999+09:00', false],
  ['2030-01-01T00:00:00+09:00', true],
] as const) {
  test(`a card good until 12/29 is ${expected ? 'expired' : 'good'} at ${now}`, () =>
    assert.equal(isExpired(visa, new Date(now)), expected))
}

for (const [cardNumber, masked] of [
  ['4111111111111', '411111******1'],
  ['30569309025904', '305693******04'],
  ['378282246310005', '378282******005'],
  ['4111111111111111', '411111******1111'],
  ['62000000000000003', '620000******0003'],
  ['6200000000000000005', '620000******0005'],
] as const) {
  test(`${cardNumber.length} digits are masked as ${masked}`, () => assert.equal(maskCardNumber(cardNumber), masked))
}

const withCheckDigit = (digits: string): string =>
  Array.from({ length: 10 }, (_, last) => `${digits}${last}`).find(isCardNumber) ?? ''

const anyCardNumber = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
  .map((digits) => withCheckDigit(digits.join('')))

test('every number with a check digit is a card number, and no number with one digit changed', () => {
  fc.assert(
    fc.property(anyCardNumber, fc.nat(), fc.integer({ min: 1, max: 9 }), (cardNumber, at, by) => {
      assert.ok(isCardNumber(cardNumber))
      const index = at % cardNumber.length
      const changed = String((Number(cardNumber[index]) + by) % 10)
      assert.ok(!isCardNumber(cardNumber.slice(0, index) + changed + cardNumber.slice(index + 1)))
    }),
  )
})

test('a mask shows at most sixteen characters and never digits 7 to 12', () => {
  fc.assert(
    fc.property(anyCardNumber, (cardNumber) => {
      const masked = maskCardNumber(cardNumber)
      assert.ok(masked.length <= 16)
      assert.equal(masked.slice(0, 12), `${cardNumber.slice(0, 6)}******`)
      assert.ok(cardNumber.endsWith(masked.slice(12)))
    }),
  )
})

for (const [prefix, issuerCode, cardKind] of [
  ['94010', '01', 'credit'],
  ['94044', '04', 'credit'],
  ['94065', '06', 'check'],
  ['94320', '32', 'check'],
  ['94379', '37', 'check'],
  ['94550', '55', 'credit'],
  ['4', '25', 'credit'],
  ['51', '26', 'credit'],
  ['2221', '26', 'credit'],
  ['2720', '26', 'credit'],
  ['36', '27', 'credit'],
  ['37', '28', 'credit'],
  ['3530', '29', 'credit'],
  ['62', '35', 'credit'],
  ['6011', '36', 'credit'],
  ['2721', undefined, undefined],
  ['9405', undefined, undefined],
  ['9425', undefined, undefined],
  ['1', undefined, undefined],
] as const) {
  test(`${prefix}… belongs to issuer ${issuerCode ?? 'nobody'}`, () => {
    const issuer = findIssuer(prefix.padEnd(16, '0'))
    assert.deepEqual(issuer, issuerCode && { issuerCode, cardKind })
    if (issuer !== undefined) assert.ok(findCardCompany(issuer.issuerCode))
  })
}
