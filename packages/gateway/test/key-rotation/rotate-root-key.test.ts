import assert from 'node:assert/strict'
import { type TestContext as Test, test } from 'node:test'
import { authenticatedPayment, type Ticket } from '../../../../test/support/quick-payment.ts'
import { approve } from '../../src/approval/approve.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { findPayment } from '../../src/approval/store.ts'
import { isOwnTicket } from '../../src/approval/ticket.ts'
import { cancellationsOf } from '../../src/cancellation/store.ts'
import { countLeft } from '../../src/key-rotation/rotate-root-key.ts'
import { findKeypad } from '../../src/keypad/create-keypad.ts'
import { deleteMember } from '../../src/members/delete-member.ts'
import { argon2Hasher } from '../../src/members/password-hash.ts'
import { checkPaymentPassword } from '../../src/members/payment-password.ts'
import { findMemberIdentity } from '../../src/members/store.ts'
import { findMerchant } from '../../src/merchants/store.ts'
import { openFields } from '../../src/notifications/row.ts'
import { findNotificationTarget } from '../../src/notifications/store.ts'
import { insertPasskey, passkeysOf } from '../../src/passkeys/store.ts'
import { findSession } from '../../src/payment-window/session.ts'
import { Secret } from '../../src/secret.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { cardsOf, findCard } from '../../src/vault/store.ts'
import { codeOf, testMerchant } from '../approval/support.ts'
import {
  approvedPayment,
  cardNumber,
  createRotationTest,
  credential,
  fingerprintsOfSpentBody,
  formerMerchantKey,
  keys,
  newKey,
  oldKey,
  password,
  type RotationTest,
  relyingParty,
  rotation,
  withKeys,
  withKeysOf,
} from './support.ts'

async function open(t: Test): Promise<RotationTest> {
  const world = await createRotationTest()
  t.after(world.close)
  return world
}

const left = async (world: RotationTest): Promise<number> => {
  const { runtime, storage } = world.context
  return (await countLeft({ runtime, storage, rest: async () => {}, onStep() {} }, keys(newKey, oldKey))).left
}

/** Everything that was stored before is read, found and compared as before. */
async function requireReadable(world: RotationTest, gateway: ApprovalContext): Promise<void> {
  const { memberId, cardId, approvedId, ticket } = world
  const { cancelPassword, formerKeys } = (await findMerchant(gateway, testMerchant.merchantId)) ?? assert.fail()
  assert.equal(cancelPassword.expose(), '123456')
  assert.equal(formerKeys?.[0]?.key.expose(), formerMerchantKey.expose())
  assert.equal((await findMemberIdentity(gateway, memberId))?.name, '홍길동')
  const found = await findCard(gateway, { memberId, cardId })
  assert.equal(await found.use(async (card) => card.cardNumber), cardNumber)
  const [card, ...others] = await cardsOf(gateway, memberId)
  assert.deepEqual([card?.name, others], ['월급 카드', []])
  const again = await registerCard(gateway, { memberId, cardNumber, expiryMonth: 12, expiryYear: 2028 })
  assert.equal(again.ok && again.card.cardId, cardId, 'the same card is known')
  const known = await passkeysOf(gateway, memberId, relyingParty)
  assert.deepEqual(
    known.map((passkey) => passkey.credential),
    [credential],
  )
  const passkey = { passkeyId: 'passkey2', memberId, relyingParty, credential, signCount: 0 }
  assert.equal(await insertPasskey(gateway, passkey), 'already_registered')
  assert.match((await findPayment(gateway, approvedId))?.answer ?? '', /"3001"/)
  const webhookKeys = (await findNotificationTarget(gateway, testMerchant.merchantId))?.webhookKeys
  assert.match(webhookKeys?.[0]?.expose() ?? '', /^whsec_/)
  await requireCancellationsReadable(gateway)
  assert.equal(isOwnTicket(gateway.keyRing, ticket), true)
}

async function requireCancellationsReadable(gateway: ApprovalContext): Promise<void> {
  const notifications = await gateway.storage.read<{
    transaction_id: string
    sequence: number
    body_encrypted: string
  }>('select transaction_id, sequence, body_encrypted from notifications where body_encrypted is not null')
  assert.ok(notifications.length > 0)
  for (const { transaction_id: transactionId, sequence, body_encrypted } of notifications) {
    assert.equal(openFields(gateway.keyRing, { transactionId, sequence }, body_encrypted).Tid, transactionId)
    const [cancellation] = await cancellationsOf(gateway, transactionId)
    assert.match(cancellation?.answer ?? '', /"2001"/)
  }
}

async function requireWindowOpen({ token, keypadId }: RotationTest, gateway: ApprovalContext): Promise<void> {
  const session = await findSession(gateway, token)
  assert.equal(session?.state.language, 'ko')
  assert.ok(await findKeypad(gateway, keypadId, session?.sessionHash ?? ''))
}

test('a rotation leaves nothing under the old key, and everything is read, found and compared with the new one alone', async (t) => {
  const world = await open(t)
  const gateway = await withKeys(world.gateway, newKey, oldKey)
  await requireReadable(world, gateway)
  assert.ok((await left(world)) > 0)
  const done = await rotation(world.context)
  assert.deepEqual([done.left, done.damaged], [0, []])
  assert.deepEqual([done.formerKeyIds, done.keyId], [[world.context.keyRing.keyId], gateway.keyRing.keyId])
  const untouched = Object.entries(done.rotated).flatMap(([table, rows]) => (rows === 0 ? [table] : []))
  assert.deepEqual(untouched, ['root_keys'])
  await requireReadable(world, gateway)

  const alone = await withKeys(world.gateway, newKey)
  await requireReadable(world, alone)
  await requireWindowOpen(world, alone)
  assert.equal(codeOf(await approve(alone, world.ticket)), '3001')
  const stored = JSON.stringify(await world.context.storage.read('select * from cards'))
  assert.ok(!stored.includes(world.context.keyRing.fingerprint(cardNumber, `card:${world.memberId}`)))
  assert.deepEqual(
    (await rotation(world.context)).rotated.payments,
    1,
    'what the new key alone has written is not marked',
  )
})

test('a password is checked with the former pepper once, and hashed with the new one then', async (t) => {
  const world = await open(t)
  await withKeys(world.gateway, newKey, oldKey)
  await rotation(world.context)
  const alone = await withKeys(world.gateway, newKey)
  const hash = async (): Promise<string> => {
    const [row] = await world.context.storage.read<{ password_hash: string }>(
      'select password_hash from members where member_id = ?1',
      [world.memberId],
    )
    return row?.password_hash ?? ''
  }
  assert.equal(await argon2Hasher.matches(alone, await hash(), password), 'under_former_key')
  assert.equal((await checkPaymentPassword(alone, world.memberId, '390518')).result, 'wrong')
  assert.deepEqual(await checkPaymentPassword(alone, world.memberId, password), { result: 'matches' })
  assert.equal(await argon2Hasher.matches(alone, await hash(), password), true)
  assert.deepEqual(await checkPaymentPassword(alone, world.memberId, password), { result: 'matches' })
})

test('a deletion that was spent under the former key deletes nothing again', async (t) => {
  const world = await open(t)
  await withKeys(world.gateway, newKey, oldKey)
  await rotation(world.context)
  const alone = await withKeys(world.gateway, newKey)
  const { easyPayMerchantId, merchantId } = testMerchant
  const key = { easyPayMerchantId, merchantId, customerId: 'quick0001', repeatedDeletion: 'reject' } as const
  const replayed = await deleteMember(alone, { ...key, bodyFingerprints: fingerprintsOfSpentBody(alone) })
  assert.equal(replayed, 'deletion_replayed')
})

test('64 approvals at once, again and again while the key is rotated: none fails, and nothing is left under the old key', async (t) => {
  const world = await open(t)
  const tickets: Ticket[] = []
  for (let made = 0; made < 128; made++)
    tickets.push(await authenticatedPayment(world.gateway, testMerchant, { amount: 1004, orderId: `WHILE-${made}` }))
  const gateway = await withKeys(world.gateway, newKey, oldKey)
  const codes: string[] = []
  let isRotated = false
  const rotated = rotation(world.context).finally(() => {
    isRotated = true
  })
  let roundsWhile = 0
  for (let from = 0; from < tickets.length; from += 64) {
    if (!isRotated) roundsWhile++
    const round = tickets.slice(from, from + 64)
    codes.push(...(await Promise.all(round.map(async (ticket) => codeOf(await approve(gateway, ticket))))))
  }
  assert.equal((await rotated).left, 0)
  assert.ok(roundsWhile > 0)
  assert.deepEqual(codes, Array(128).fill('3001'))
  assert.equal(await left(world), 0)
  const alone = await withKeys(world.gateway, newKey)
  for (const { transactionId } of tickets)
    assert.match((await findPayment(alone, transactionId))?.answer ?? '', /"3001"/)
})

test('what a gateway still writes under the old key is found by the next run', async (t) => {
  const world = await open(t)
  const late = await withKeysOf(world.gateway, oldKey, newKey)
  await withKeys(world.gateway, newKey, oldKey)
  await rotation(world.context)
  const transactionId = await approvedPayment(late, 'LATE')
  assert.ok((await left(world)) > 0)
  assert.equal((await rotation(world.context)).left, 0)
  const alone = await withKeys(world.gateway, newKey)
  assert.match((await findPayment(alone, transactionId))?.answer ?? '', /"3001"/)
})

/** Dies before or after the commit of a transaction, counted from 1. */
function dyingAt(storage: Storage, died: { readonly at: number; readonly isCommitted: boolean }): Storage {
  let transactions = 0
  return {
    ...storage,
    async transact(work) {
      if (++transactions < died.at) return storage.transact(work)
      if (died.isCommitted) await storage.transact(work)
      throw new Error('died')
    },
  }
}

test('killed before or after any commit, both keys read everything, and the next run goes on', async (t) => {
  const world = await open(t)
  const gateway = await withKeys(world.gateway, newKey, oldKey)
  let kills = 0
  for (let at = 1; ; at++) {
    const outcomes: boolean[] = []
    for (const isCommitted of [false, true]) {
      const storage = dyingAt(world.context.storage, { at, isCommitted })
      const done = await rotation(world.context, { storage }).then(
        () => true,
        (cause: Error) => {
          assert.equal(cause.message, 'died')
          return false
        },
      )
      outcomes.push(done)
      if (!done) kills++
      await requireReadable(world, gateway)
    }
    if (outcomes.includes(true)) break
  }
  assert.ok(kills >= 6, `${kills} kills`)
  assert.equal((await rotation(world.context)).left, 0)
  assert.equal(await left(world), 0)
  await requireReadable(world, await withKeys(world.gateway, newKey))
})

test('a wrong old key is rejected before anything is changed', async (t) => {
  const world = await open(t)
  await withKeys(world.gateway, newKey, oldKey)
  const wrong = new Secret('d4'.repeat(32))
  const before = JSON.stringify(await world.context.storage.read('select * from merchants'))
  await assert.rejects(rotation(world.context, {}, keys(newKey, wrong)), /The root key is not the one/)
  assert.equal(JSON.stringify(await world.context.storage.read('select * from merchants')), before)
  assert.ok((await left(world)) > 0)
})

test('nothing is rotated with one key, nor before a gateway has started with the new one', async (t) => {
  const world = await open(t)
  await assert.rejects(rotation(world.context, {}, keys(oldKey)), /There is one root key only/)
  await assert.rejects(rotation(world.context), /No gateway encrypts with the new key [0-9a-f]{8} yet/)
  await withKeys(world.gateway, oldKey, newKey)
  await assert.rejects(rotation(world.context), /No gateway encrypts with the new key/)
  await withKeys(world.gateway, newKey, oldKey)
  assert.equal((await rotation(world.context)).left, 0)
})

test('a gateway does not start without the old key before nothing is left under it, nor with the old one first after that', async (t) => {
  const world = await open(t)
  await withKeys(world.gateway, newKey, oldKey)
  const storage = dyingAt(world.context.storage, { at: 3, isCommitted: true })
  await assert.rejects(rotation(world.context, { storage }), /died/)
  await assert.rejects(withKeys(world.gateway, newKey), /Replacing the root key [0-9a-f]{8} is not finished/)
  await rotation(world.context)
  await withKeys(world.gateway, newKey)
  await assert.rejects(
    withKeys(world.gateway, oldKey, newKey),
    /was replaced on 2025-01-01: put the key that replaced it first/,
  )
  await assert.rejects(withKeys(world.gateway, oldKey), /was replaced on/)
})

test('a row that no key opens is named and stays; all others are rotated', async (t) => {
  const world = await open(t)
  await withKeys(world.gateway, newKey, oldKey)
  await world.context.storage.transact((transaction) =>
    transaction.write(`update members set identity_encrypted = 'damaged' where member_id = ?1`, [world.memberId]),
  )
  const done = await rotation(world.context)
  assert.deepEqual([done.left, done.damaged], [1, [`members ${world.memberId}`]])
  assert.equal(await left(world), 1)
})

test('a third key replaces the second, and what only the first had made is still recognised', async (t) => {
  const world = await open(t)
  await withKeys(world.gateway, newKey, oldKey)
  await rotation(world.context)
  const third = new Secret('e5'.repeat(32))
  await withKeys(world.gateway, third, newKey)
  assert.equal((await rotation(world.context, {}, keys(third, newKey))).left, 0)
  const alone = await withKeys(world.gateway, third)
  await requireReadable(world, alone)
  assert.equal(alone.keyRing.formerPeppers.length, 2)
  assert.deepEqual(await checkPaymentPassword(alone, world.memberId, password), { result: 'matches' })
})
