import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import {
  type BitWriter,
  beginBlock,
  createBitWriter,
  endBlock,
  longestMatch,
  shortestMatch,
  writeLiteral,
  writeMatch,
  writeRun,
} from '../../src/keypad/deflate-bits.ts'

function inflated(write: (writer: BitWriter) => void): Buffer {
  const writer = createBitWriter(4_096)
  beginBlock(writer)
  write(writer)
  endBlock(writer)
  return inflateRawSync(writer.bits().bytes)
}

test('every byte can be a literal', () => {
  const all = Array.from({ length: 256 }, (_, value) => value)
  const read = inflated((writer) => {
    for (const value of all) writeLiteral(writer, value)
  })
  assert.deepEqual([...read], all)
})

test('a match of each length repeats as many bytes', () => {
  for (let length = shortestMatch; length <= longestMatch; length++) {
    const read = inflated((writer) => {
      writeLiteral(writer, 7)
      writeMatch(writer, length, 1)
    })
    assert.deepEqual(read, Buffer.alloc(length + 1, 7))
  }
})

test('a match of each distance up to four lines of a picture repeats what stands there', () => {
  const bytes = Array.from({ length: 2_900 }, (_, index) => (index * index) % 251)
  for (let distance = 3; distance <= bytes.length; distance += 7) {
    const read = inflated((writer) => {
      for (const value of bytes) writeLiteral(writer, value)
      writeMatch(writer, 3, distance)
    })
    const start = bytes.length - distance
    assert.deepEqual([...read.subarray(bytes.length)], bytes.slice(start, start + 3))
  }
})

test('a run of any length is as long', () => {
  for (let length = shortestMatch; length <= 3 * longestMatch; length++) {
    const read = inflated((writer) => {
      writeLiteral(writer, 7)
      writeRun(writer, length, 1)
    })
    assert.deepEqual(read, Buffer.alloc(length + 1, 7))
  }
})

test('bits that are appended stand as if they had been written there', () => {
  for (let before = 0; before < 16; before++) {
    const part = createBitWriter(8)
    part.write(0b1_0110_0111, 9)
    const [joined, written] = [createBitWriter(8), createBitWriter(8)]
    for (const writer of [joined, written]) writer.write(1, before)
    joined.append(part.bits())
    written.write(0b1_0110_0111, 9)
    for (const writer of [joined, written]) writer.write(0b101, 3)
    assert.deepEqual(joined.bits(), written.bits())
  }
})

test('bits beyond the capacity are an error', () => {
  const writer = createBitWriter(2)
  for (let bytes = 0; bytes < 3; bytes++) writer.write(0xff, 8)
  assert.throws(() => writer.bits(), RangeError)
})
