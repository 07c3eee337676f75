import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { CharsetError, decodeText, encodeText, firstUnwritable } from '../src/charset.ts'
import vectors from '../vectors/charset.json' with { type: 'json' }

const hexadecimal = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const syllables = Array.from({ length: 11_172 }, (_, index) => String.fromCharCode(0xac00 + index))

for (const { text, bytes } of vectors.texts) {
  test(`vector: ${text} is ${bytes}`, () => {
    assert.equal(hexadecimal(encodeText(text, 'euc-kr')), bytes)
    assert.equal(decodeText(Buffer.from(bytes, 'hex'), 'euc-kr'), text)
  })
}

for (const { bytes, text } of vectors.malformed) {
  test(`vector: broken ${bytes} is ${text}`, () => {
    assert.equal(decodeText(Buffer.from(bytes, 'hex'), 'euc-kr'), text)
  })
}

for (const character of vectors.unwritable) {
  test(`vector: ${character} cannot be written`, () => {
    assert.equal(firstUnwritable(`가 ${character} 나`, 'euc-kr'), character)
    assert.throws(
      () => encodeText(`가 ${character} 나`, 'euc-kr'),
      (error) => error instanceof CharsetError && error.character === character && error.charset === 'euc-kr',
    )
    assert.equal(firstUnwritable(character, 'utf-8'), undefined)
  })
}

test('all 11,172 syllables round-trip and have the bytes of iconv-lite', () => {
  const text = syllables.join('')
  const bytes = encodeText(text, 'euc-kr')
  assert.equal(bytes.length, 2 * syllables.length)
  assert.equal(decodeText(bytes, 'euc-kr'), text)
  assert.equal(hexadecimal(bytes), iconv.encode(text, 'cp949').toString('hex'))
})

test('every one of the 65,536 byte pairs decodes as iconv-lite decodes it, or is broken for both', () => {
  for (let pair = 0; pair <= 0xffff; pair++) {
    const bytes = Uint8Array.of(pair >> 8, pair & 0xff)
    const [ours, theirs] = [decodeText(bytes, 'euc-kr'), iconv.decode(Buffer.from(bytes), 'cp949')]
    const isBrokenForBoth = ours.includes('\uFFFD') && theirs.includes('\uFFFD')
    assert.ok(ours === theirs || isBrokenForBoth, pair.toString(16))
  }
})

test('every UTF-16 unit encodes as iconv-lite encodes it, or is rejected where iconv-lite writes a question mark', () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const character = String.fromCharCode(unit)
    const theirs = iconv.encode(character, 'cp949').toString('hex')
    if (firstUnwritable(character, 'euc-kr') === undefined) {
      assert.equal(hexadecimal(encodeText(character, 'euc-kr')), theirs, unit.toString(16))
    } else {
      assert.equal(theirs, '3f', unit.toString(16))
    }
  }
})

test('a runtime whose own EUC-KR decoder is complete decodes every pair the same', (t) => {
  const decoder = new TextDecoder('euc-kr')
  if (decoder.decode(Uint8Array.of(0x81, 0x41)) !== '갂') return t.skip('this runtime stops at KS X 1001')
  for (let pair = 0; pair <= 0xffff; pair++) {
    const bytes = Uint8Array.of(pair >> 8, pair & 0xff)
    assert.equal(decodeText(bytes, 'euc-kr'), decoder.decode(bytes), pair.toString(16))
  }
})

const anyWritable = fc.string({
  unit: fc.oneof(fc.constantFrom(...syllables), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 })),
  maxLength: 60,
})

test('text of syllables and ASCII round-trips in both charsets', () => {
  fc.assert(
    fc.property(anyWritable, fc.constantFrom('utf-8', 'euc-kr'), (text, charset) => {
      assert.equal(decodeText(encodeText(text, charset), charset), text)
    }),
  )
})

test('decoding never throws and keeps every ASCII byte that is not a second byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      assert.equal(typeof decodeText(bytes, 'euc-kr'), 'string')
      assert.equal(typeof decodeText(bytes, 'utf-8'), 'string')
      assert.ok(decodeText(Uint8Array.of(...bytes, 0x26), 'euc-kr').endsWith('&'))
    }),
  )
})

test('UTF-8 keeps a byte order mark and rejects half a character', () => {
  assert.equal(decodeText(encodeText('\uFEFFa', 'utf-8'), 'utf-8'), '\uFEFFa')
  assert.equal(firstUnwritable('a\uD800b', 'utf-8'), '\uD800')
  assert.throws(() => encodeText('\uDC00', 'utf-8'), CharsetError)
  assert.throws(() => encodeText('\uDC00', 'euc-kr'), /U\+DC00 cannot be written in euc-kr/)
})
