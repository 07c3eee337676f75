import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { joinBound } from '../../../../test/support/bound-member.ts'
import { attemptLifeMs, type Member, type MemberKey } from '../../src/members/model.ts'
import { argon2Hasher, createHashQueue, type PasswordHasher } from '../../src/members/password-hash.ts'
import { checkPaymentPassword, isTrivialPassword, setPaymentPassword } from '../../src/members/payment-password.ts'
import { reverify } from '../../src/members/reverify.ts'
import { findMember, findMemberIdentity } from '../../src/members/store.ts'
import { createTestContext, type TestContext, testIdentity } from '../support.ts'

const right = '274905'
const wrong = '274906'

let world: TestContext
let member: Member
let key: MemberKey
let joined = 0

before(async () => {
  world = await createTestContext()
})
after(() => world.close())
beforeEach(async () => {
  key = { easyPayMerchantId: 'SSPTEST00p', customerId: `user${joined++}` }
  member = await joinBound(world.context, { ...key, identity: testIdentity })
})

const memberNow = async (): Promise<Member> => {
  const found = await findMember(world.context, key)
  assert.ok(found)
  return found
}
const set = (digits: string) => setPaymentPassword(world.context, member.memberId, digits)
const check = (digits: string, hasher?: PasswordHasher) =>
  checkPaymentPassword(world.context, member.memberId, digits, hasher)

/** Compares in clear, and counts how often it was asked. */
function countingHasher() {
  const counts = { checks: 0, atOnce: 0, mostAtOnce: 0 }
  const hasher: PasswordHasher = {
    hash: async (_context, digits) => `clear ${digits}`,
    matches: async (_context, passwordHash, digits) => {
      counts.checks += 1
      counts.atOnce += 1
      counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.atOnce)
      await new Promise((resolve) => setTimeout(resolve, 1))
      counts.atOnce -= 1
      return passwordHash === `clear ${digits}`
    },
  }
  return { hasher, counts }
}

test('joining twice, or at the same time, gives one member', async () => {
  const given = { easyPayMerchantId: 'SSPTEST00p', customerId: 'twice', identity: testIdentity }
  const members = await Promise.all([
    joinBound(world.context, given),
    joinBound(world.context, given),
    joinBound(world.context, given),
  ])
  assert.equal(new Set(members.map(({ memberId }) => memberId)).size, 1)
  assert.partialDeepStrictEqual(await findMember(world.context, given), {
    memberId: members[0]?.memberId,
    customerId: 'twice',
    isPending: false,
    hasPassword: false,
    isLocked: false,
    joinedAt: world.context.runtime.now(),
  })
})

test('the same customer id at another easy-pay merchant is another member', async () => {
  const other = { easyPayMerchantId: 'SSPTEST01p', customerId: member.customerId }
  assert.equal(await findMember(world.context, other), undefined)
  assert.notEqual((await joinBound(world.context, { ...other, identity: testIdentity })).memberId, member.memberId)
})

test('the identity is stored encrypted and found again', async () => {
  assert.deepEqual(await findMemberIdentity(world.context, member.memberId), testIdentity)
  assert.equal(await findMemberIdentity(world.context, 'nobody'), undefined)
})

test('a password that was set matches, another does not', async () => {
  assert.deepEqual(await set(right), { ok: true })
  assert.equal((await memberNow()).hasPassword, true)
  assert.deepEqual(await check(right), { result: 'matches' })
  assert.deepEqual(await check(wrong), { result: 'wrong', triesLeft: 4 })
})

test('a match undoes its own attempt only: guesses before each payment reach the lockout', async () => {
  await set(right)
  for (const triesLeft of [4, 3, 2, 1]) assert.deepEqual(await check(wrong), { result: 'wrong', triesLeft })
  for (let payment = 0; payment < 3; payment++) assert.deepEqual(await check(right), { result: 'matches' })
  assert.deepEqual(await check(wrong), { result: 'locked' })
})

test('one wrong attempt decays a day, also with payments in between, and the lockout stays', async (t) => {
  t.after(() => world.clock.set(new Date('2025-01-02T03:04:05+09:00')))
  await set(right)
  for (let tries = 1; tries <= 4; tries++) await check(wrong)
  world.clock.advance(attemptLifeMs / 2)
  assert.deepEqual(await check(right), { result: 'matches' })
  world.clock.advance(attemptLifeMs / 2)
  assert.deepEqual(await check(wrong), { result: 'wrong', triesLeft: 1 })
  assert.deepEqual(await check(wrong), { result: 'locked' })
  world.clock.advance(10 * attemptLifeMs)
  assert.deepEqual(await check(right), { result: 'locked' })
})

test('five wrong tries lock, for the right password too, and after a restart', async () => {
  await set(right)
  for (let tries = 1; tries <= 4; tries++) await check(wrong)
  assert.deepEqual(await check(wrong), { result: 'locked' })
  assert.deepEqual(await check(right), { result: 'locked' })
  await using restarted = await createTestContext({ folder: world.folder })
  assert.deepEqual(await checkPaymentPassword(restarted.context, member.memberId, right), { result: 'locked' })
  assert.equal((await findMember(restarted.context, key))?.isLocked, true)
})

test('fifty wrong guesses at once cost at most five hash checks, never more than two at a time', async () => {
  const { hasher, counts } = countingHasher()
  await setPaymentPassword(world.context, member.memberId, right, hasher)
  const guesses = Array.from({ length: 50 }, (_, index) => check(String(100_000 + index), hasher))
  const results = (await Promise.all(guesses)).map(({ result }) => result)
  assert.equal(counts.checks, 5)
  assert.ok(counts.mostAtOnce <= 2)
  assert.equal(results.filter((result) => result === 'wrong').length, 4)
  assert.equal(results.filter((result) => result === 'locked').length, 46)
  assert.equal((await memberNow()).isLocked, true)
})

test('the right password among wrong ones at once counts like any other try', async () => {
  const { hasher, counts } = countingHasher()
  await setPaymentPassword(world.context, member.memberId, right, hasher)
  const results = await Promise.all([wrong, right, wrong].map((digits) => check(digits, hasher)))
  assert.deepEqual(
    results.map(({ result }) => result),
    ['wrong', 'matches', 'wrong'],
  )
  assert.equal(counts.checks, 3)
  assert.equal((await memberNow()).isLocked, false)
})

test('a password that is replaced while it is checked does not match any more', async () => {
  const { hasher } = countingHasher()
  await setPaymentPassword(world.context, member.memberId, right, hasher)
  const replacing: PasswordHasher = {
    ...hasher,
    matches: async () => {
      await reverify(world.context, member.memberId, testIdentity)
      return true
    },
  }
  assert.deepEqual(await check(right, replacing), { result: 'wrong', triesLeft: 4 })
})

test('more than 64 queued checks are rejected and cost no attempt', async () => {
  const { hasher, counts } = countingHasher()
  await setPaymentPassword(world.context, member.memberId, right, hasher)
  const results = (await Promise.all(Array.from({ length: 80 }, () => check(right, hasher)))).map(
    ({ result }) => result,
  )
  assert.equal(results.filter((result) => result === 'overloaded').length, 80 - 66)
  assert.equal(results.filter((result) => result === 'matches').length, 66)
  assert.equal(counts.checks, 66)
})

test('a member without a password, or an unknown one, has to verify first', async () => {
  assert.deepEqual(await check(right), { result: 'locked' })
  assert.deepEqual(await checkPaymentPassword(world.context, 'nobody', right), { result: 'locked' })
})

test('a second password needs a new identity verification', async () => {
  await set(right)
  assert.deepEqual(await set('581036'), { ok: false, reason: 'password_already_set' })
  assert.deepEqual(await check(right), { result: 'matches' })
})

test('only the same person lifts the lock, and sets a new password', async () => {
  await set(right)
  for (let tries = 1; tries <= 5; tries++) await check(wrong)
  const stranger = { ...testIdentity, ci: 'CI-of-a-namesake-born-on-the-same-day' }
  const result = await reverify(world.context, member.memberId, stranger)
  assert.deepEqual(result, { ok: false, reason: 'identity_differs' })
  assert.equal((await memberNow()).isLocked, true)

  const newPhone = { ...testIdentity, name: '홍개명', phone: '01055556666' }
  assert.partialDeepStrictEqual(await reverify(world.context, member.memberId, newPhone), {
    ok: true,
    message: { phone: testIdentity.phone, kind: 'password_reset' },
  })
  assert.deepEqual(await findMemberIdentity(world.context, member.memberId), newPhone)
  const { hasPassword, isLocked } = await memberNow()
  assert.deepEqual({ hasPassword, isLocked }, { hasPassword: false, isLocked: false })
  assert.deepEqual(await set('581036'), { ok: true })
  assert.deepEqual(await check(right), { result: 'wrong', triesLeft: 4 })
  assert.deepEqual(await check('581036'), { result: 'matches' })
})

for (const digits of ['', '12345', '1234567', '12345a', '１２３４５６']) {
  test(`${JSON.stringify(digits)} is no payment password`, () => assert.rejects(set(digits), RangeError))
}

const trivial = {
  'one digit repeated': ['000000', '999999'],
  'a run up': ['012345', '123456', '456789', '789012'],
  'a run down': ['987654', '654321', '210987', '543210'],
  'a pair repeated': ['121212', '909090'],
  'a triple repeated': ['123123', '907907'],
  'the birth date': ['900117', '199001', '170190', '011790', '011719', '901990'],
  'a part of the phone number': ['777788', '010777', '887777', '788889'],
}

for (const [name, passwords] of Object.entries(trivial)) {
  test(`${name} is too easy to guess`, async () => {
    for (const digits of passwords) assert.equal(isTrivialPassword(digits, testIdentity), true, digits)
    assert.deepEqual(await set(passwords[0] as string), { ok: false, reason: 'password_trivial' })
    assert.equal((await memberNow()).hasPassword, false)
  })
}

test('nine of ten other passwords are free to choose', () => {
  const all = Array.from({ length: 10_000 }, (_, index) => String(index * 100 + 37).padStart(6, '0'))
  const free = all.filter((digits) => !isTrivialPassword(digits, testIdentity))
  assert.ok(free.length > 9500, `${free.length}`)
})

test('a hash needs the pepper, says how it was made, and never repeats', async () => {
  const [one, other] = [await argon2Hasher.hash(world.context, right), await argon2Hasher.hash(world.context, right)]
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.notEqual(one, other)
  const otherPepper = { ...world.context, keyRing: { ...world.context.keyRing, pepper: new Uint8Array(32) } }
  assert.equal(await argon2Hasher.matches(world.context, one, right), true)
  assert.equal(await argon2Hasher.matches(otherPepper, one, right), false)
})

test('a hash queue runs everything it accepts, bounded, whatever fails', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (works) => {
      const queue = createHashQueue(2, 5)
      let running = 0
      let most = 0
      const outcomes = await Promise.allSettled(
        works.map((succeeds) =>
          queue.run(async () => {
            running += 1
            most = Math.max(most, running)
            await new Promise(setImmediate)
            running -= 1
            if (!succeeds) throw new Error('failed')
            return true
          }),
        ),
      )
      assert.ok(most <= 2)
      for (const [index, outcome] of outcomes.entries()) {
        if (index >= 7) assert.deepEqual(outcome, { status: 'fulfilled', value: undefined })
        else assert.equal(outcome.status, works[index] ? 'fulfilled' : 'rejected')
      }
      assert.equal(await queue.run(async () => 'free again'), 'free again')
    }),
    { numRuns: 50 },
  ))
