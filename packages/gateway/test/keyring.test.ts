import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { anyCharacter } from '../../../test/support/any-character.ts'
import { createKeyRing, formerKeyOf } from '../src/keyring.ts'
import { randomBelow, randomHex, realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'

const keyRing = createKeyRing(realRuntime, new Secret('5a'.repeat(32)))

test('what was encrypted decrypts again, in its context only', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.string(), fc.string(), (plaintext, context, other) => {
      const encrypted = keyRing.encrypt(plaintext.toWellFormed(), context)
      assert.equal(keyRing.decrypt(encrypted, context), plaintext.toWellFormed())
      if (other !== context) assert.throws(() => keyRing.decrypt(encrypted, other))
    }),
  )
})

test('a ciphertext with any changed bit is rejected', () => {
  const encrypted = Buffer.from(keyRing.encrypt('4111111111111111', 'card:1'), 'base64')
  for (let bit = 0; bit < encrypted.length * 8; bit++) {
    const changed = Buffer.from(encrypted)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    assert.throws(() => keyRing.decrypt(changed.toString('base64'), 'card:1'))
  }
})

for (const [name, encrypted] of [
  ['empty', ''],
  ['shorter than nonce and tag', Buffer.alloc(27).toString('base64')],
  ['no Base64', '한글'],
] as const) {
  test(`a ciphertext that is ${name} is rejected`, () => assert.throws(() => keyRing.decrypt(encrypted, 'card:1')))
}

test('the same plaintext never encrypts to the same ciphertext twice', () => {
  assert.notEqual(keyRing.encrypt('same', 'card:1'), keyRing.encrypt('same', 'card:1'))
})

test('another root key opens nothing and finds nothing', () => {
  const other = createKeyRing(realRuntime, new Secret('5b'.repeat(32)))
  assert.throws(() => other.decrypt(keyRing.encrypt('text', 'card:1'), 'card:1'))
  assert.notEqual(other.fingerprint('text', 'card:1'), keyRing.fingerprint('text', 'card:1'))
  assert.notDeepEqual(other.pepper, keyRing.pepper)
})

test('fingerprints are stable, and differ by value and by context', () => {
  const known = keyRing.fingerprint('4111111111111111', 'card:1')
  assert.match(known, /^[0-9a-f]{64}$/)
  assert.equal(keyRing.fingerprint('4111111111111111', 'card:1'), known)
  assert.notEqual(keyRing.fingerprint('4111111111111112', 'card:1'), known)
  assert.notEqual(keyRing.fingerprint('4111111111111111', 'card:2'), known)
})

for (const rootKey of ['', 'ab', '5A'.repeat(32), '5a'.repeat(33)]) {
  test(`a root key of ${rootKey.length} characters ${rootKey.slice(0, 2)}… is rejected without being shown`, () => {
    assert.throws(
      () => createKeyRing(realRuntime, new Secret(rootKey)),
      (error: Error) => error instanceof RangeError && (rootKey === '' || !error.message.includes(rootKey)),
    )
  })
}

test('a key ring prints nothing secret', () => {
  assert.ok(
    !inspect(keyRing, { depth: 9, showHidden: true }).includes(Buffer.from(keyRing.pepper).toString('hex', 0, 4)),
  )
})

test('random numbers stay below their limit and reach every value', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (limit) => {
      const drawn = randomBelow(realRuntime, limit)
      assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn < limit)
    }),
  )
  const seen = new Set(Array.from({ length: 400 }, () => randomBelow(realRuntime, 12)))
  assert.equal(seen.size, 12)
})

test('a draw above the last full multiple is thrown away, so that no value is favoured', () => {
  const draws = [
    [255, 255, 255, 255],
    [0, 0, 0, 7],
  ].map((bytes) => Uint8Array.from(bytes))
  const runtime = { ...realRuntime, randomBytes: () => draws.shift() ?? new Uint8Array(4) }
  assert.equal(randomBelow(runtime, 10), 7)
})

test('random text has two characters a byte', () => assert.match(randomHex(realRuntime, 32), /^[0-9a-f]{64}$/))

const otherKey = new Secret('6b'.repeat(32))
const ownKey = new Secret('5a'.repeat(32))

test('a ring of two keys decrypts what either has encrypted alone, and what each has encrypted beside the other', () => {
  const older = createKeyRing(realRuntime, otherKey)
  const both = createKeyRing(realRuntime, ownKey, { others: [otherKey] })
  const turned = createKeyRing(realRuntime, otherKey, { others: [ownKey] })
  for (const ring of [older, keyRing, both, turned]) {
    const encrypted = ring.encrypt('text', 'card:1')
    for (const opening of [both, turned]) {
      assert.equal(opening.decrypt(encrypted, 'card:1'), 'text')
      assert.throws(() => opening.decrypt(encrypted, 'card:2'))
    }
  }
  assert.equal(keyRing.decrypt(both.encrypt('text', 'card:1'), 'card:1'), 'text', 'the new key alone, afterwards')
  assert.throws(
    () => older.decrypt(both.encrypt('text', 'card:1'), 'card:1'),
    /a root key that this gateway does not have/,
  )
})

test('only what a ring of several keys has encrypted is known to be under its key', () => {
  const both = createKeyRing(realRuntime, ownKey, { others: [otherKey] })
  assert.equal(both.isCurrent(both.encrypt('text', 'card:1')), true)
  assert.equal(both.isCurrent(keyRing.encrypt('text', 'card:1')), false)
  assert.match(keyRing.encrypt('text', 'card:1'), /^[A-Za-z0-9+/]+=*$/, 'as every earlier version can read it')
})

test('what is kept of a former key finds and compares, and opens nothing', () => {
  const older = createKeyRing(realRuntime, otherKey)
  const after = createKeyRing(realRuntime, ownKey, { former: [formerKeyOf(otherKey)] })
  assert.deepEqual(after.fingerprints('text', 'card:1'), [
    keyRing.fingerprint('text', 'card:1'),
    older.fingerprint('text', 'card:1'),
  ])
  assert.deepEqual(
    after.formerPeppers.map((pepper) => Buffer.from(pepper)),
    [Buffer.from(older.pepper)],
  )
  assert.throws(() => after.decrypt(older.encrypt('text', 'card:1'), 'card:1'))
})
