import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createAuthentication, finishAuthentication } from '../../src/passkeys/authentication.ts'
import { challengeLifeMs, type PasskeyUse } from '../../src/passkeys/model.ts'
import { createRegistration, finishRegistration } from '../../src/passkeys/registration.ts'
import { createTestContext, type TestContext } from '../support.ts'
import { type Behaviour, createDevice } from './device.ts'
import { type Ceremonies, host, names, newMember, rejected } from './support.ts'

let world: TestContext
let member: Ceremonies

before(async () => {
  world = await createTestContext()
})
after(() => world.close())
beforeEach(async () => {
  member = await newMember(world)
})

const dishonest: readonly (readonly [name: string, behaviour: Behaviour])[] = [
  ['no user verification', { isUserVerified: false }],
  ['no user presence', { isUserPresent: false }],
  ['another origin', { origin: 'https://pay.example.org' }],
  ['plain http', { origin: 'http://pay.example.com' }],
  ['another port', { origin: 'https://pay.example.com:8443' }],
  ['a neighbour of the relying party', { relyingParty: 'example.com' }],
  ['a challenge of its own', { challenge: Buffer.alloc(32).toString('base64url') }],
  ['a frame where none is allowed', { crossOrigin: true, topOrigin: 'https://shop.example.com' }],
  ['a frame that nobody names', { crossOrigin: true }],
  ['a page around no frame', { topOrigin: 'https://shop.example.com' }],
]

for (const [name, behaviour] of dishonest) {
  test(`rejected at registration and at payment: ${name}`, async () => {
    assert.deepEqual(await member.register(createDevice(), { behaviour }), rejected('credential_rejected'))
    assert.deepEqual(await member.known(), [])
    const device = createDevice()
    assert.deepEqual(await member.register(device), { ok: true })
    assert.deepEqual(await member.authorise(device, { behaviour }), rejected('credential_rejected'))
    assert.equal((await member.known())[0]?.lastUsedAt, undefined)
    assert.deepEqual(await member.authorise(device), { ok: true })
  })
}

test('a registration does not authenticate, and an authentication does not register', async () => {
  const device = createDevice()
  const turned = await member.register(device, { behaviour: { type: 'webauthn.get' } })
  assert.deepEqual(turned, rejected('credential_rejected'))
  await member.register(device)
  const created = await member.authorise(device, { behaviour: { type: 'webauthn.create' } })
  assert.deepEqual(created, rejected('credential_rejected'))
  const asked = await createRegistration(world.context, { use: member.use, host, ...names })
  assert.ok(asked)
  const credentialText = device.get({ challenge: asked.options.challenge, rpId: host })
  const answer = { challengeId: asked.challengeId, use: member.use, credentialText, framedBy: undefined }
  assert.deepEqual(await finishAuthentication(world.context, answer, 'authorise'), rejected('challenge_unusable'))
})

const elsewhere: readonly Partial<PasskeyUse>[] = [
  { sessionHash: 'another session' },
  { transactionId: 'another transaction' },
  { orderId: 'another order' },
  { amount: 1005 },
]

for (const answeredFor of elsewhere) {
  const change = JSON.stringify(answeredFor)
  test(`an answer counts for what it was asked for, not for ${change}`, async () => {
    const device = createDevice()
    assert.deepEqual(await member.register(device, { answeredFor }), rejected('challenge_unusable'))
    assert.deepEqual(await member.register(device), { ok: true })
    assert.deepEqual(await member.authorise(device, { answeredFor }), rejected('challenge_unusable'))
  })

  test(`the signature covers the payment: a challenge that was moved in the database to ${change}`, async () => {
    const device = createDevice()
    await member.register(device)
    const answer = await member.signed(device)
    const moved = { ...member.use, ...answeredFor }
    await world.context.storage.transact((transaction) =>
      transaction.write(
        `update passkey_challenges set session_hash = ?2, transaction_id = ?3, order_id = ?4, amount = ?5
         where challenge_id = ?1`,
        [answer.challengeId, moved.sessionHash, moved.transactionId, moved.orderId, moved.amount],
      ),
    )
    const finished = await finishAuthentication(world.context, { ...answer, use: moved }, 'authorise')
    // The session is no part of the payment: the record alone holds it.
    const expected = answeredFor.sessionHash === undefined ? rejected('credential_rejected') : { ok: true }
    assert.deepEqual(finished, expected)
  })
}

test("another member's passkey does not pay, and nobody registers it again", async () => {
  const device = createDevice()
  await member.register(device)
  assert.deepEqual(await member.register(device), rejected('already_registered'))
  const other = await newMember(world)
  assert.deepEqual(await other.register(device), rejected('already_registered'))
  await other.register(createDevice())
  assert.deepEqual(await other.authorise(device), rejected('passkey_unknown'))
})

test('a challenge is answered once: of twenty answers at once, one counts', async () => {
  const device = createDevice()
  await member.register(device)
  const answer = await member.signed(device)
  const finished = await Promise.all(
    Array.from({ length: 20 }, () => finishAuthentication(world.context, answer, 'authorise')),
  )
  assert.equal(finished.filter(({ ok }) => ok).length, 1)
  assert.deepEqual(await finishAuthentication(world.context, answer, 'authorise'), rejected('challenge_unusable'))
})

test('an answer that comes too late does not count', async () => {
  const device = createDevice()
  await member.register(device)
  const answer = await member.signed(device)
  world.clock.advance(challengeLifeMs)
  assert.deepEqual(await finishAuthentication(world.context, answer, 'authorise'), rejected('challenge_unusable'))
})

test('a signature counter that does not grow means a copied key, and is rejected', async () => {
  const device = createDevice()
  await member.register(device)
  assert.deepEqual(await member.authorise(device, { behaviour: { count: 100 } }), { ok: true })
  for (const count of [100, 99, 0])
    assert.deepEqual(await member.authorise(device, { behaviour: { count } }), rejected('counter_regressed'))
  assert.deepEqual(await member.authorise(device, { behaviour: { count: 101 } }), { ok: true })
})

const texts = ['', 'null', '[]', '{}', '{"id":1}', '{"id":"x"}', `{"id":"${'x'.repeat(5000)}"}`, '{"__proto__":{}}']
const fields = ['clientDataJSON', 'authenticatorData', 'signature', 'attestationObject']
const bent = fields.flatMap((field) => ['', '%', 'AAAA', 1, null, {}].map((value) => ({ field, value })))

const bend = (honest: string, field: string, value: unknown): string => {
  const { response, ...rest } = JSON.parse(honest)
  return JSON.stringify({ ...rest, response: { ...response, [field]: value } })
}

test('garbage instead of a new passkey is rejected, never thrown', async () => {
  const attempts: ((honest: string) => string)[] = [
    ...texts.map((text) => () => text),
    ...bent
      .filter(({ field }) => !/^(auth|sig)/.test(field))
      .map(
        ({ field, value }) =>
          (honest: string) =>
            bend(honest, field, value),
      ),
  ]
  for (const attempt of attempts) {
    const asked = await createRegistration(world.context, { use: member.use, host, ...names })
    assert.ok(asked)
    const credentialText = attempt(createDevice().create(asked.options))
    const answer = { challengeId: asked.challengeId, use: member.use, credentialText, framedBy: undefined }
    assert.deepEqual(await finishRegistration(world.context, answer), rejected('credential_rejected'), credentialText)
  }
})

test('garbage instead of a signature is rejected, never thrown', async () => {
  const device = createDevice()
  await member.register(device)
  for (const text of texts) {
    const answer = await member.signed(device)
    assert.equal(
      (await finishAuthentication(world.context, { ...answer, credentialText: text }, 'authorise')).ok,
      false,
      text,
    )
  }
  for (const { field, value } of bent.filter((one) => one.field !== 'attestationObject')) {
    const answer = await member.signed(device)
    const credentialText = bend(answer.credentialText, field, value)
    const finished = await finishAuthentication(world.context, { ...answer, credentialText }, 'authorise')
    assert.deepEqual(finished, rejected('credential_rejected'), credentialText)
  }
})

test('a signature over anything else does not verify', async () => {
  const device = createDevice()
  await member.register(device)
  const first = await member.signed(device)
  const { response } = JSON.parse(first.credentialText)
  const second = await member.signed(device)
  const credentialText = bend(second.credentialText, 'signature', response.signature)
  assert.deepEqual(
    await finishAuthentication(world.context, { ...second, credentialText }, 'authorise'),
    rejected('credential_rejected'),
  )
  const asked = await createAuthentication(world.context, { use: member.use, host }, 'authorise')
  assert.ok(asked, 'and the member can go on')
})
