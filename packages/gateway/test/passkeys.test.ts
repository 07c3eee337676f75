import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { deleteMember } from '../src/members/delete-member.ts'
import { join } from '../src/members/join.ts'
import { confirmIdentity, setPaymentPassword } from '../src/members/payment-password.ts'
import { findMember } from '../src/members/store.ts'
import { createAuthorisation } from '../src/passkeys/create-authorisation.ts'
import { createRegistration } from '../src/passkeys/create-registration.ts'
import { finishAuthorisation } from '../src/passkeys/finish-authorisation.ts'
import { finishRegistration } from '../src/passkeys/finish-registration.ts'
import { challengeLifeMs, mostPasskeys, originsOf, type PasskeyUse, relyingPartyOf } from '../src/passkeys/model.ts'
import { deletePasskey, passkeysOf } from '../src/passkeys/store.ts'
import { type Behaviour, createDevice, type Device } from './passkey-device.ts'
import { createTestContext, type TestContext, testIdentity, testMerchant } from './support.ts'

const host = 'pay.example.com'
const names = { userName: 'user0001', displayName: '테스트 상점' }

let world: TestContext
let use: PasskeyUse

before(async () => {
  world = await createTestContext()
})
after(() => world.close())
beforeEach(async () => {
  use = await newUse()
})

/** A member and a payment of its own. */
async function newUse(): Promise<PasskeyUse> {
  const customerId = randomUUID().slice(0, 18).replaceAll('-', '')
  const { easyPayMerchantId } = testMerchant
  const { memberId } = await join(world.context, { easyPayMerchantId, customerId, identity: testIdentity })
  return { memberId, sessionHash: 'session', transactionId: 'transaction', orderId: 'order', amount: 1004 }
}

interface Ceremony {
  readonly behaviour?: Behaviour
  readonly framedBy?: string
  /** Who answers, when it is not the one that was asked. */
  readonly answeredFor?: Partial<PasskeyUse>
}

async function register(device: Device, { behaviour, framedBy, answeredFor }: Ceremony = {}) {
  const asked = await createRegistration(world.context, { use, host, ...names })
  assert.ok(asked)
  const credentialText = device.create(asked.options, behaviour)
  const { challengeId } = asked
  return finishRegistration(world.context, { challengeId, use: { ...use, ...answeredFor }, credentialText, framedBy })
}

async function authorise(device: Device, { behaviour, framedBy, answeredFor }: Ceremony = {}) {
  const asked = await createAuthorisation(world.context, { use, host })
  assert.ok(asked)
  const credentialText = device.get(asked.options, behaviour)
  const { challengeId } = asked
  return finishAuthorisation(world.context, { challengeId, use: { ...use, ...answeredFor }, credentialText, framedBy })
}

const refused = (reason: string) => ({ ok: false, reason })

const known = () => passkeysOf(world.context, use.memberId, host)

for (const counts of [true, false]) {
  test(`a device that ${counts ? 'counts' : 'does not count'} registers once and then authorises again and again`, async () => {
    const device = createDevice({ counts })
    if (!counts) assert.equal((await createAuthorisation(world.context, { use, host })) === undefined, true)
    assert.deepEqual(await register(device), { ok: true })
    assert.equal((await known())[0]?.lastUsedAt, undefined)
    assert.deepEqual(await authorise(device), { ok: true })
    assert.deepEqual(await authorise(device), { ok: true })
    assert.deepEqual((await known())[0]?.lastUsedAt, world.context.runtime.now())
  })
}

test('without a passkey nothing is asked, and a bare address cannot have any', async () => {
  assert.equal(await createAuthorisation(world.context, { use, host }), undefined)
  for (const bare of ['127.0.0.1:4610', '[::1]:4610', '192.168.0.9'])
    assert.equal(await createRegistration(world.context, { use, host: bare, ...names }), undefined)
})

test('the options ask for a verified user, no attestation, and name each known passkey', async () => {
  const device = createDevice()
  await register(device)
  const registration = await createRegistration(world.context, { use, host: `${host}:8443`, ...names })
  assert.ok(registration)
  const { options } = registration
  assert.equal(options.rp.id, host)
  assert.equal(options.attestation, 'none')
  assert.equal(options.authenticatorSelection?.userVerification, 'required')
  assert.deepEqual(options.excludeCredentials, [{ type: 'public-key', id: device.credentialId }])
  assert.ok(!JSON.stringify(options).includes(use.memberId), 'our own id of the member stays here')
  assert.ok(!JSON.stringify(options).includes(testIdentity.name))
  const authorisation = await createAuthorisation(world.context, { use, host })
  assert.equal(authorisation?.options.userVerification, 'required')
  assert.deepEqual(authorisation?.options.allowCredentials, [
    { type: 'public-key', id: device.credentialId, transports: ['internal'] },
  ])
})

test('a reload shows the same challenge, until it is used, old, or asked for another payment', async () => {
  const device = createDevice()
  await register(device)
  const first = await createAuthorisation(world.context, { use, host })
  assert.ok(first)
  const knownId = first.challengeId
  assert.deepEqual(await createAuthorisation(world.context, { use, host, knownId }), first)
  for (const other of [
    { ...use, amount: 1005 },
    { ...use, orderId: 'other' },
    { ...use, sessionHash: 'other' },
  ]) {
    const asked = await createAuthorisation(world.context, { use: other, host, knownId })
    assert.notEqual(asked?.options.challenge, first.options.challenge)
  }
  const elsewhere = await createAuthorisation(world.context, { use, host: `${host}:8443`, knownId })
  assert.notEqual(elsewhere?.challengeId, knownId)
  world.clock.advance(challengeLifeMs)
  assert.notEqual((await createAuthorisation(world.context, { use, host, knownId }))?.challengeId, knownId)
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
  test(`refused at registration and at payment: ${name}`, async () => {
    assert.deepEqual(await register(createDevice(), { behaviour }), refused('credential_refused'))
    assert.deepEqual(await known(), [])
    const device = createDevice()
    assert.deepEqual(await register(device), { ok: true })
    assert.deepEqual(await authorise(device, { behaviour }), refused('credential_refused'))
    assert.equal((await known())[0]?.lastUsedAt, undefined)
    assert.deepEqual(await authorise(device), { ok: true })
  })
}

test('a registration is no authorisation, and an authorisation no registration', async () => {
  const device = createDevice()
  const behaviour = { type: 'webauthn.get' }
  assert.deepEqual(await register(device, { behaviour }), refused('credential_refused'))
  await register(device)
  assert.deepEqual(await authorise(device, { behaviour: { type: 'webauthn.create' } }), refused('credential_refused'))
  const asked = await createRegistration(world.context, { use, host, ...names })
  assert.ok(asked)
  const credentialText = device.get({ challenge: asked.options.challenge, rpId: host })
  const answer = { challengeId: asked.challengeId, use, credentialText, framedBy: undefined }
  assert.deepEqual(await finishAuthorisation(world.context, answer), refused('challenge_unusable'))
})

test('the frame of the shop that opened the window is allowed, and no other', async () => {
  const framedBy = 'https://shop.example.com'
  const device = createDevice()
  const inShop = { crossOrigin: true, topOrigin: framedBy }
  assert.deepEqual(await register(device, { behaviour: inShop, framedBy }), { ok: true })
  assert.deepEqual(await authorise(device, { behaviour: inShop, framedBy }), { ok: true })
  assert.deepEqual(await authorise(device, { behaviour: { crossOrigin: true }, framedBy }), { ok: true })
  const elsewhere = { crossOrigin: true, topOrigin: 'https://shop.example.org' }
  assert.deepEqual(await authorise(device, { behaviour: elsewhere, framedBy }), refused('credential_refused'))
  const asked = await register(createDevice(), { behaviour: elsewhere, framedBy })
  assert.deepEqual(asked, refused('credential_refused'))
})

const elsewhere: readonly Partial<PasskeyUse>[] = [
  { sessionHash: 'another session' },
  { transactionId: 'another transaction' },
  { orderId: 'another order' },
  { amount: 1005 },
]

for (const answeredFor of elsewhere) {
  test(`an answer counts for what it was asked for, not for ${JSON.stringify(answeredFor)}`, async () => {
    const device = createDevice()
    assert.deepEqual(await register(device, { answeredFor }), refused('challenge_unusable'))
    assert.deepEqual(await register(device), { ok: true })
    assert.deepEqual(await authorise(device, { answeredFor }), refused('challenge_unusable'))
  })

  test(`the signature itself covers the payment: a challenge moved to ${JSON.stringify(answeredFor)} does not verify`, async () => {
    const device = createDevice()
    await register(device)
    const asked = await createAuthorisation(world.context, { use, host })
    assert.ok(asked)
    const credentialText = device.get(asked.options)
    const moved = { ...use, ...answeredFor }
    await world.context.storage.transact((transaction) =>
      transaction.write(
        `update passkey_challenges set session_hash = ?2, transaction_id = ?3, order_id = ?4, amount = ?5
         where challenge_id = ?1`,
        [asked.challengeId, moved.sessionHash, moved.transactionId, moved.orderId, moved.amount],
      ),
    )
    const answer = { challengeId: asked.challengeId, use: moved, credentialText, framedBy: undefined }
    const finished = await finishAuthorisation(world.context, answer)
    const isSessionOnly = answeredFor.sessionHash !== undefined
    assert.deepEqual(finished, isSessionOnly ? { ok: true } : refused('credential_refused'))
  })
}

test("another member's passkey does not pay, and nobody registers it again", async () => {
  const device = createDevice()
  await register(device)
  assert.deepEqual(await register(device), refused('already_registered'))
  use = await newUse()
  assert.deepEqual(await register(device), refused('already_registered'))
  await register(createDevice())
  assert.deepEqual(await authorise(device), refused('passkey_unknown'))
})

test('a challenge is answered once: of twenty answers at once, one counts', async () => {
  const device = createDevice()
  await register(device)
  const asked = await createAuthorisation(world.context, { use, host })
  assert.ok(asked)
  const credentialText = device.get(asked.options)
  const answer = { challengeId: asked.challengeId, use, credentialText, framedBy: undefined }
  const finished = await Promise.all(Array.from({ length: 20 }, () => finishAuthorisation(world.context, answer)))
  assert.equal(finished.filter(({ ok }) => ok).length, 1)
  assert.deepEqual(await finishAuthorisation(world.context, answer), refused('challenge_unusable'))
})

test('an answer that comes too late does not count', async () => {
  const device = createDevice()
  await register(device)
  const asked = await createAuthorisation(world.context, { use, host })
  assert.ok(asked)
  const credentialText = device.get(asked.options)
  world.clock.advance(challengeLifeMs)
  const answer = { challengeId: asked.challengeId, use, credentialText, framedBy: undefined }
  assert.deepEqual(await finishAuthorisation(world.context, answer), refused('challenge_unusable'))
})

test('a count that does not grow is a copied key, and refused', async () => {
  const device = createDevice()
  await register(device)
  assert.deepEqual(await authorise(device, { behaviour: { count: 100 } }), { ok: true })
  for (const count of [100, 99, 0])
    assert.deepEqual(await authorise(device, { behaviour: { count } }), refused('counter_regressed'))
  assert.deepEqual(await authorise(device, { behaviour: { count: 101 } }), { ok: true })
})

test('garbage, huge and hostile texts are refused, never thrown', async () => {
  const device = createDevice()
  await register(device)
  const texts = ['', 'null', '[]', '{}', '{"id":1}', '{"id":"x"}', `{"id":"${'x'.repeat(5000)}"}`, '{"__proto__":{}}']
  const bent = ['clientDataJSON', 'authenticatorData', 'signature', 'attestationObject'].flatMap((field) =>
    ['', '%', 'AAAA', 1, null, {}].map((value) => ({ field, value })),
  )
  for (const finish of [finishRegistration, finishAuthorisation]) {
    const create = async () =>
      finish === finishRegistration
        ? createRegistration(world.context, { use, host, ...names })
        : createAuthorisation(world.context, { use, host })
    for (const text of texts) {
      const asked = await create()
      assert.ok(asked)
      const answer = { challengeId: asked.challengeId, use, credentialText: text, framedBy: undefined }
      assert.equal((await finish(world.context, answer)).ok, false, text)
    }
    for (const { field, value } of bent) {
      const asked = await create()
      assert.ok(asked)
      const honest = JSON.parse(
        'rpId' in asked.options ? device.get(asked.options) : createDevice().create(asked.options as never),
      )
      if (!(field in honest.response)) continue
      honest.response[field] = value
      const credentialText = JSON.stringify(honest)
      const answer = { challengeId: asked.challengeId, use, credentialText, framedBy: undefined }
      assert.equal((await finish(world.context, answer)).ok, false, `${field} = ${value}`)
    }
  }
})

test(`a member has at most ${mostPasskeys} passkeys, and room again after deleting one`, async () => {
  const devices = Array.from({ length: mostPasskeys + 1 }, () => createDevice())
  const results = await Promise.all(devices.map((device) => register(device)))
  assert.equal(results.filter(({ ok }) => ok).length, mostPasskeys)
  assert.deepEqual(await register(createDevice()), refused('too_many'))
  const [first] = await known()
  assert.ok(first)
  const stranger = { passkeyId: first.passkeyId, memberId: 'somebody else' }
  assert.equal(await deletePasskey(world.context, stranger), 0)
  assert.equal(await deletePasskey(world.context, first), 1)
  assert.deepEqual(await register(createDevice()), { ok: true })
})

test('a deleted passkey pays no more, also when its challenge was already out', async () => {
  const device = createDevice()
  await register(device)
  await register(createDevice())
  const asked = await createAuthorisation(world.context, { use, host })
  const [first] = await known()
  assert.ok(asked && first)
  const credentialText = device.get(asked.options)
  await deletePasskey(world.context, first)
  const answer = { challengeId: asked.challengeId, use, credentialText, framedBy: undefined }
  assert.deepEqual(await finishAuthorisation(world.context, answer), refused('passkey_unknown'))
})

test('who is deleted leaves no passkey and no challenge', async () => {
  const { easyPayMerchantId } = testMerchant
  const customerId = 'leaver'
  const { memberId } = await join(world.context, { easyPayMerchantId, customerId, identity: testIdentity })
  use = { ...use, memberId }
  await register(createDevice())
  await createAuthorisation(world.context, { use, host })
  await deleteMember(world.context, { easyPayMerchantId, customerId, bodyFingerprint: 'leaver' })
  assert.deepEqual(await known(), [])
  for (const table of ['passkeys', 'passkey_challenges'])
    assert.deepEqual(await world.context.storage.read(`select 1 from ${table} where member_id = ?1`, [memberId]), [])
})

test('no credential and no public key stands in the database in clear', async () => {
  const device = createDevice()
  await register(device)
  await authorise(device)
  const [passkey] = await known()
  assert.ok(passkey)
  const stored = await world.readStoredBytes()
  assert.ok(stored.includes(passkey.passkeyId), 'the search looks at what was written')
  for (const secret of [device.credentialId, passkey.credential.publicKey]) {
    assert.ok(!stored.includes(secret))
    assert.ok(!stored.includes(Buffer.from(secret, 'base64url')))
  }
})

test('the same person confirms and keeps the password; anybody else does not confirm', async () => {
  const { easyPayMerchantId } = testMerchant
  const key = { easyPayMerchantId, customerId: 'confirmer' }
  const { memberId } = await join(world.context, { ...key, identity: testIdentity })
  await setPaymentPassword(world.context, memberId, '274951')
  assert.deepEqual(await confirmIdentity(world.context, memberId, testIdentity), { ok: true })
  const other = { ...testIdentity, birthDate: '19910117' }
  assert.deepEqual(await confirmIdentity(world.context, memberId, other), refused('identity_differs'))
  assert.equal((await findMember(world.context, key))?.hasPassword, true)
})

const hosts: readonly (readonly [host: string, relyingParty: string | undefined, origins: readonly string[]])[] = [
  ['pay.example.com', 'pay.example.com', ['https://pay.example.com']],
  ['pay.example.com:8443', 'pay.example.com', ['https://pay.example.com:8443']],
  ['localhost:4610', 'localhost', ['https://localhost:4610', 'http://localhost:4610']],
  ['pay.localhost:80', 'pay.localhost', ['https://pay.localhost:80', 'http://pay.localhost:80']],
  ['localhost.example.com', 'localhost.example.com', ['https://localhost.example.com']],
  ['notlocalhost', 'notlocalhost', ['https://notlocalhost']],
  ['127.0.0.1:4610', undefined, ['https://127.0.0.1:4610']],
  ['[::1]:4610', undefined, ['https://[::1]:4610']],
]

for (const [given, relyingParty, origins] of hosts) {
  test(`relying party and origins of ${given}`, () => {
    assert.equal(relyingPartyOf(given), relyingParty)
    assert.deepEqual(originsOf(given), origins)
  })
}
