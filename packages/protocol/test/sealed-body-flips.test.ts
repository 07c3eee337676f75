import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type MemberDeletionRequest, memberDeletionRequest, readMessage, writeMessage } from '../src/index.ts'
import { encryptBody, openBody } from '../src/sealed-body.ts'
import { deletionChecksum, signatureMatches } from '../src/signature.ts'
import vectors from '../vectors/sealed-bodies.json' with { type: 'json' }
import { anyMessage } from './tables.ts'

const { MerchantKey } = vectors
const vector = vectors.sealedBodies.find(({ name }) => name === 'member deletion') ?? assert.fail()

type Layer = 'envelope' | 'table' | 'checksum' | 'inner Mid'

/** A deletion as a service must read it: four layers, because the envelope itself has no integrity. */
function readDeletion(sealedBody: string, merchantId: string): MemberDeletionRequest | Layer {
  const body = openBody(sealedBody, MerchantKey)
  if (body === undefined) return 'envelope'
  const read = readMessage(memberDeletionRequest, body)
  if (!read.ok) return 'table'
  if (!signatureMatches(read.value.deletionChecksum, deletionChecksum(read.value))) return 'checksum'
  return read.value.merchantId === merchantId ? read.value : 'inner Mid'
}

function* flips(bytes: Buffer): Generator<Buffer> {
  for (let index = 0; index < bytes.length * 8; index++) yield flip(bytes, index)
}

function flip(bytes: Buffer, index: number): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[index >> 3] = (flipped[index >> 3] ?? 0) ^ (1 << (index & 7))
  return flipped
}

const count = (rejections: Iterable<MemberDeletionRequest | Layer>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const rejection of rejections) {
    const layer = typeof rejection === 'string' ? rejection : 'accepted'
    counts[layer] = (counts[layer] ?? 0) + 1
  }
  return counts
}

test('the deletion of the vector is read', () => {
  const read = readDeletion(vector.expected, 'ssptest01m')
  assert.ok(typeof read === 'object')
  assert.equal(read.customerId, 'user0001')
  assert.equal(readDeletion(vector.expected, 'ssptest02m'), 'inner Mid')
})

test('every flipped bit of its bytes is rejected', () => {
  const bytes = Buffer.from(vector.expected, 'base64')
  const rejections = [...flips(bytes)].map((flipped) => readDeletion(flipped.toString('base64'), 'ssptest01m'))
  assert.deepEqual(count(rejections), { envelope: bytes.length * 8 })
})

test('every flipped bit of its Base64 text is rejected', () => {
  const text = Buffer.from(vector.expected, 'latin1')
  const rejections = [...flips(text)].map((flipped) => readDeletion(flipped.toString('latin1'), 'ssptest01m'))
  assert.deepEqual(count(rejections), { envelope: text.length * 8 })
})

test('in any deletion, a flipped bit is rejected or changes no field but the note', () => {
  fc.assert(
    fc.property(anyMessage(memberDeletionRequest), fc.nat(), (given, at) => {
      const covered = given as unknown as MemberDeletionRequest
      const message = { ...covered, deletionChecksum: deletionChecksum(covered) }
      const bytes = Buffer.from(encryptBody(writeMessage(memberDeletionRequest, message), MerchantKey), 'base64')
      const read = readDeletion(flip(bytes, at % (bytes.length * 8)).toString('base64'), message.merchantId)
      if (typeof read === 'string') return
      const { merchantNote: _, ...rest } = read
      const { merchantNote: __, ...expected } = message
      assert.deepEqual(rest, expected)
    }),
    { numRuns: 1000 },
  )
})
