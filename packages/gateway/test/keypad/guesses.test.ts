import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { joinBound } from '../../../../test/support/bound-member.ts'
import type { Member } from '../../src/members/model.ts'
import { argon2Hasher, type PasswordHasher } from '../../src/members/password-hash.ts'
import { checkPaymentPassword, setPaymentPassword } from '../../src/members/payment-password.ts'
import { reverify } from '../../src/members/reverify.ts'
import { findMember } from '../../src/members/store.ts'
import { createTestContext, type TestContext, testIdentity } from '../support.ts'

const right = '274905'
const guessesAtOnce = 500

let world: TestContext
/** The same database, opened again for each "process". */
let opened: TestContext
before(async () => {
  world = await createTestContext()
  opened = world
})
after(async () => {
  if (opened !== world) await opened.close()
  await world.close().catch(() => {})
})

async function restart(): Promise<void> {
  await opened.context.storage.close()
  opened = await createTestContext({ folder: world.folder })
}

/** The real hash, and whose it was asked for. */
function countHashes() {
  const checks = new Map<string, number>()
  const hasherOf = (memberId: string): PasswordHasher => ({
    hash: argon2Hasher.hash,
    matches: (context, passwordHash, digits) => {
      checks.set(memberId, (checks.get(memberId) ?? 0) + 1)
      return argon2Hasher.matches(context, passwordHash, digits)
    },
  })
  return { checks, hasherOf }
}

let joined = 0
async function memberWithPassword(): Promise<Member> {
  const customerId = `guessed${joined++}`
  const member = await joinBound(opened.context, {
    easyPayMerchantId: 'SSPTEST00p',
    customerId,
    identity: testIdentity,
  })
  assert.deepEqual(await setPaymentPassword(opened.context, member.memberId, right), { ok: true })
  return member
}

/** All passwords from `from` on, without the right one. */
const guessesFrom = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_guess, index) => String(from + index).padStart(6, '0')).filter(
    (digits) => digits !== right,
  )

test('ten thousand guesses, 500 at once, with restarts in between: five hashes, then the lock', async (t) => {
  const { memberId, customerId } = await memberWithPassword()
  const { checks, hasherOf } = countHashes()
  const results = new Map<string, number>()
  const guess = async (guesses: readonly string[]) => {
    const answers = guesses.map((digits) => checkPaymentPassword(opened.context, memberId, digits, hasherOf(memberId)))
    for (const { result } of await Promise.all(answers)) results.set(result, (results.get(result) ?? 0) + 1)
  }

  // Two tries are spent in two processes before the flood: the count is not one of a process.
  for (const digits of guessesFrom(100_000, 2)) {
    await guess([digits])
    await restart()
  }
  let guessed = 2
  while (guessed < 10_000) {
    const batch = guessesFrom(200_000 + guessed, Math.min(guessesAtOnce, 10_000 - guessed))
    await guess(batch)
    guessed += batch.length
    if (guessed % 2_000 < guessesAtOnce) await restart()
  }

  t.diagnostic(`${guessed} guesses: ${JSON.stringify(Object.fromEntries(results))}, hashes ${checks.get(memberId)}`)
  assert.equal(checks.get(memberId), 5)
  assert.equal(results.get('wrong'), 4)
  assert.equal(results.get('matches'), undefined)
  assert.equal(
    [...results.values()].reduce((sum, count) => sum + count, 0),
    10_000,
  )
  assert.equal((await findMember(opened.context, { easyPayMerchantId: 'SSPTEST00p', customerId }))?.isLocked, true)
  const late = await checkPaymentPassword(opened.context, memberId, right, hasherOf(memberId))
  assert.deepEqual(late, { result: 'locked' })
  assert.equal(checks.get(memberId), 5, 'a locked member costs no hash')
})

test('guesses at ten members at once: at most five hashes each', async (t) => {
  const members = await Promise.all(Array.from({ length: 10 }, memberWithPassword))
  const { checks, hasherOf } = countHashes()
  for (let round = 0; round < 20; round++) {
    const guesses = guessesFrom(300_000 + round * 5, 5).flatMap((digits) =>
      members.map(({ memberId }) => checkPaymentPassword(opened.context, memberId, digits, hasherOf(memberId))),
    )
    await Promise.all(guesses)
    if (round % 5 === 4) await restart()
  }
  t.diagnostic(`hashes by member: ${[...checks.values()]}`)
  assert.equal(checks.size, members.length)
  for (const count of checks.values()) assert.equal(count, 5)
})

test('a storage that is closed in the middle of a flood gives no try back', async () => {
  const { memberId } = await memberWithPassword()
  const { checks, hasherOf } = countHashes()
  for (let crash = 0; crash < 6; crash++) {
    const flood = guessesFrom(400_000 + crash * 10, 10).map((digits) =>
      checkPaymentPassword(opened.context, memberId, digits, hasherOf(memberId)),
    )
    await Promise.race(flood)
    await restart()
    await Promise.allSettled(flood)
  }
  assert.ok((checks.get(memberId) ?? 0) <= 5, `${checks.get(memberId)} hashes`)
  assert.deepEqual(await checkPaymentPassword(opened.context, memberId, right, hasherOf(memberId)), {
    result: 'locked',
  })
})

test('a new password after verifying has five tries of its own, and the old one is gone', async () => {
  const { memberId } = await memberWithPassword()
  const { checks, hasherOf } = countHashes()
  const guess = (digits: string) => checkPaymentPassword(opened.context, memberId, digits, hasherOf(memberId))
  await Promise.all(guessesFrom(500_000, 20).map(guess))
  assert.ok((await reverify(opened.context, memberId, testIdentity)).ok)
  await Promise.all(guessesFrom(500_100, 20).map(guess))
  assert.equal(checks.get(memberId), 5, 'without a password nothing is hashed')
  assert.deepEqual(await setPaymentPassword(opened.context, memberId, '581036'), { ok: true })
  assert.deepEqual(await guess(right), { result: 'wrong', triesLeft: 4 })
})
