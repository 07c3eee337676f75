import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { deleteMember } from '../../src/members/delete-member.ts'
import { setPaymentPassword } from '../../src/members/payment-password.ts'
import { confirmIdentity } from '../../src/members/reverify.ts'
import { findMember } from '../../src/members/store.ts'
import { createAuthentication, finishAuthentication } from '../../src/passkeys/authentication.ts'
import { challengeLifeMs, mostPasskeys, originsOf, relyingPartyOf } from '../../src/passkeys/model.ts'
import { createRegistration } from '../../src/passkeys/registration.ts'
import { deletePasskey } from '../../src/passkeys/store.ts'
import { createTestContext, type TestContext, testIdentity, testMerchant } from '../support.ts'
import { createDevice } from './device.ts'
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

for (const counts of [true, false]) {
  test(`a device that ${counts ? 'counts' : 'does not count'} registers once, then authorises again and again`, async () => {
    const device = createDevice({ counts })
    assert.deepEqual(await member.register(device), { ok: true })
    assert.equal((await member.known())[0]?.lastUsedAt, undefined)
    assert.deepEqual(await member.authorise(device), { ok: true })
    assert.deepEqual(await member.authorise(device), { ok: true })
    assert.deepEqual((await member.known())[0]?.lastUsedAt, world.context.runtime.now())
  })
}

test('without a passkey nothing is asked, and a bare address cannot have any', async () => {
  const { use } = member
  assert.equal(await createAuthentication(world.context, { use, host }, 'authorise'), undefined)
  for (const bare of ['127.0.0.1:4610', '[::1]:4610', '192.168.0.9'])
    assert.equal(await createRegistration(world.context, { use, host: bare, ...names }), undefined)
})

test('the options ask for a verified user, no attestation, and name each known passkey', async () => {
  const device = createDevice()
  const { use } = member
  await member.register(device)
  const registration = await createRegistration(world.context, { use, host: `${host}:8443`, ...names })
  assert.ok(registration)
  const { options } = registration
  assert.equal(options.rp.id, host)
  assert.equal(options.attestation, 'none')
  assert.equal(options.authenticatorSelection?.userVerification, 'required')
  assert.deepEqual(options.excludeCredentials, [{ type: 'public-key', id: device.credentialId }])
  assert.ok(!JSON.stringify(options).includes(use.memberId), 'our own id of the member stays here')
  assert.ok(!JSON.stringify(options).includes(testIdentity.name))
  const authorisation = await createAuthentication(world.context, { use, host }, 'authorise')
  assert.equal(authorisation?.options.userVerification, 'required')
  assert.deepEqual(authorisation?.options.allowCredentials, [
    { type: 'public-key', id: device.credentialId, transports: ['internal'] },
  ])
})

test('a reload shows the same challenge, until it is old or asked for another payment, session or host', async () => {
  await member.register(createDevice())
  const { use } = member
  const first = await createAuthentication(world.context, { use, host }, 'authorise')
  assert.ok(first)
  const knownId = first.challengeId
  assert.deepEqual(await createAuthentication(world.context, { use, host, knownId }, 'authorise'), first)
  for (const change of [{ amount: 1005 }, { orderId: 'other' }, { sessionHash: 'other' }]) {
    const asked = await createAuthentication(world.context, { use: { ...use, ...change }, host, knownId }, 'authorise')
    assert.notEqual(asked?.options.challenge, first.options.challenge)
  }
  const elsewhere = await createAuthentication(world.context, { use, host: `${host}:8443`, knownId }, 'authorise')
  assert.notEqual(elsewhere?.challengeId, knownId)
  world.clock.advance(challengeLifeMs)
  assert.notEqual(
    (await createAuthentication(world.context, { use, host, knownId }, 'authorise'))?.challengeId,
    knownId,
  )
})

test('the frame of the shop that opened the window is allowed, and no other', async () => {
  const framedBy = 'https://shop.example.com'
  const device = createDevice()
  const inShop = { crossOrigin: true, topOrigin: framedBy }
  assert.deepEqual(await member.register(device, { behaviour: inShop, framedBy }), { ok: true })
  assert.deepEqual(await member.authorise(device, { behaviour: inShop, framedBy }), { ok: true })
  const unnamed = { crossOrigin: true }
  assert.deepEqual(await member.authorise(device, { behaviour: unnamed, framedBy }), { ok: true })
  const behaviour = { crossOrigin: true, topOrigin: 'https://shop.example.org' }
  assert.deepEqual(await member.authorise(device, { behaviour, framedBy }), rejected('credential_rejected'))
  assert.deepEqual(await member.register(createDevice(), { behaviour, framedBy }), rejected('credential_rejected'))
})

test(`a member has at most ${mostPasskeys} passkeys, and room again after deleting one`, async () => {
  const devices = Array.from({ length: mostPasskeys + 1 }, () => createDevice())
  const results = await Promise.all(devices.map((device) => member.register(device)))
  assert.equal(results.filter(({ ok }) => ok).length, mostPasskeys)
  assert.deepEqual(await member.register(createDevice()), rejected('too_many'))
  const [first] = await member.known()
  assert.ok(first)
  const stranger = { passkeyId: first.passkeyId, memberId: 'somebody else' }
  assert.equal(await deletePasskey(world.context, stranger), false)
  assert.equal(await deletePasskey(world.context, first), true)
  assert.deepEqual(await member.register(createDevice()), { ok: true })
})

test('a deleted passkey pays no more, also when its challenge was already out', async () => {
  const device = createDevice()
  await member.register(device)
  await member.register(createDevice())
  const answer = await member.signed(device)
  const passkey = (await member.known()).find(({ credential }) => credential.credentialId === device.credentialId)
  assert.ok(passkey)
  await deletePasskey(world.context, passkey)
  assert.deepEqual(await finishAuthentication(world.context, answer, 'authorise'), rejected('passkey_unknown'))
})

test('a deleted member leaves no passkey and no challenge', async () => {
  const customerId = 'leaver'
  member = await newMember(world, customerId)
  const { use } = member
  await member.register(createDevice())
  await createAuthentication(world.context, { use, host }, 'authorise')
  await deleteMember(world.context, { ...testMerchant, customerId, bodyFingerprints: ['leaver'] })
  assert.deepEqual(await member.known(), [])
  for (const table of ['passkeys', 'passkey_challenges']) {
    const left = await world.context.storage.read(`select 1 from ${table} where member_id = ?1`, [use.memberId])
    assert.deepEqual(left, [], table)
  }
})

test('no credential and no public key stands in the database or the log in clear', async () => {
  const device = createDevice()
  await member.register(device)
  await member.authorise(device)
  const [passkey] = await member.known()
  assert.ok(passkey)
  const stored = Buffer.concat([await world.readStoredBytes(), Buffer.from(world.lines.join('\n'))])
  assert.ok(stored.includes(passkey.passkeyId), 'the search looks at what was written')
  for (const secret of [device.credentialId, passkey.credential.publicKey]) {
    assert.ok(!stored.includes(secret))
    assert.ok(!stored.includes(Buffer.from(secret, 'base64url')))
  }
})

test('the same person confirms and keeps the password; anybody else does not confirm', async () => {
  const customerId = 'confirmer'
  const { memberId } = (await newMember(world, customerId)).use
  await setPaymentPassword(world.context, memberId, '274951')
  assert.equal((await confirmIdentity(world.context, memberId, testIdentity)).ok, true)
  const other = { ...testIdentity, ci: 'CI-of-somebody-else' }
  assert.deepEqual(await confirmIdentity(world.context, memberId, other), rejected('identity_differs'))
  const { easyPayMerchantId } = testMerchant
  assert.equal((await findMember(world.context, { easyPayMerchantId, customerId }))?.hasPassword, true)
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
