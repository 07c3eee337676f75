import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { anyCharacter } from '../../../test/support/any-character.ts'
import { readMessage, sealedEnvelope, type WireText } from '../src/index.ts'
import { decryptText, encryptBody, encryptText, openBody } from '../src/sealed-body.ts'
import vectors from '../vectors/sealed-bodies.json' with { type: 'json' }

const { MerchantKey } = vectors

for (const { name, plaintext, expected } of vectors.sealedBodies) {
  test(`vector: ${name}`, () => {
    assert.equal(encryptText(plaintext, MerchantKey), expected)
    const opened = openBody(expected, MerchantKey)
    assert.deepEqual(opened && { ...opened }, plaintext === '' ? undefined : JSON.parse(plaintext))
  })
}

for (const { name, plaintext, expected } of vectors.texts) {
  test(`vector: ${name}`, () => {
    assert.equal(encryptText(plaintext, MerchantKey), expected)
    assert.equal(decryptText(expected, MerchantKey), plaintext)
  })
}

test('a text decrypts to itself with its own key only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (plaintext) => {
      const encrypted = encryptText(plaintext, MerchantKey)
      assert.equal(decryptText(encrypted, MerchantKey), plaintext)
      assert.notEqual(decryptText(encrypted, MerchantKey.replace('M', 'N')), plaintext)
    }),
  )
})

test('decrypting never throws for any text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.base64String()), (encrypted) => {
      assert.ok(['string', 'undefined'].includes(typeof decryptText(encrypted, MerchantKey)))
    }),
  )
})

test('the key is the first 32 characters of the MerchantKey text', () => {
  assert.equal(vectors.aesKeyText, MerchantKey.slice(0, 32))
  assert.equal(encryptText('{}', vectors.aesKeyText), encryptText('{}', MerchantKey))
})

test('encrypting then decrypting is identity for any texts', () => {
  const body = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(body, (fields) => {
      assert.deepEqual(
        openBody(encryptBody(fields, MerchantKey), MerchantKey),
        Object.assign(Object.create(null), fields),
      )
    }),
  )
})

const opens = (json: string): WireText | undefined => openBody(encryptText(json, MerchantKey), MerchantKey)

describe('what clients write differently is read the same', () => {
  const written: Readonly<Record<string, string>> = {
    'escaped slashes, as org.json and PHP write them': '{"Mid":"ssptest01m","MallReserved":"a\\/b+c=="}',
    'escaped letters': '{"\\u004Did":"ssptest\\u0030\\u0031m","MallReserved":"a/b+c=="}',
    'another key order': '{"MallReserved":"a/b+c==","Mid":"ssptest01m"}',
    'white space': ' {\r\n\t"Mid" : "ssptest01m" ,\n "MallReserved":"a/b+c==" } ',
    'a byte order mark': '\uFEFF{"Mid":"ssptest01m","MallReserved":"a/b+c=="}',
    'a null beside': '{"Mid":"ssptest01m","MallReserved":"a/b+c==","SspMallId":null}',
  }
  for (const [name, json] of Object.entries(written)) {
    test(name, () => assert.deepEqual({ ...opens(json) }, { Mid: 'ssptest01m', MallReserved: 'a/b+c==' }))
  }

  test('numbers and booleans as their text', () => {
    assert.deepEqual({ ...opens('{"CancelAmt":1004,"a":true,"b":-0.5}') }, { CancelAmt: '1004', a: 'true', b: '-0.5' })
  })

  test('a field named __proto__ is a field', () => {
    assert.deepEqual(Object.entries(opens('{"__proto__":"x"}') ?? {}), [['__proto__', 'x']])
  })

  test('Base64 in lines, with blanks where + was, and without its padding', () => {
    const encrypted = encryptBody({ Mid: 'ssptest01m', MallReserved: '커피 & 케이크 '.repeat(9) }, MerchantKey)
    assert.match(encrypted, /\+/)
    const inLines = encrypted.replace(/.{76}/g, '$&\r\n')
    const forms = [
      inLines,
      `${inLines}\r\n`,
      encrypted.replaceAll('\r', ''),
      encrypted.replaceAll('+', ' '),
      encrypted.replace(/=+$/, ''),
    ]
    for (const form of forms) {
      assert.deepEqual(openBody(form, MerchantKey), openBody(encrypted, MerchantKey))
      assert.equal(readMessage(sealedEnvelope, { EncData: form, Mid: 'ssptest01m' }).ok, true)
    }
  })
})

describe('everything else has one answer', () => {
  const encrypted = encryptBody({ Mid: 'ssptest01m' }, MerchantKey)
  const cases: Readonly<Record<string, string>> = {
    'nothing at all': '',
    'not Base64': '한글!',
    'Base64 of another alphabet': encrypted.replace(/[A-Z]/, '-'),
    'Base64 with padding inside': `${encrypted.slice(0, 4)}=${encrypted.slice(5)}`,
    'half a block': Buffer.from(encrypted, 'base64').subarray(0, 24).toString('base64'),
    'one block less': Buffer.from(encrypted, 'base64').subarray(0, 16).toString('base64'),
    'another key': encryptBody({ Mid: 'ssptest01m' }, [...MerchantKey].reverse().join('')),
    'no JSON': encryptText('Mid=ssptest01m', MerchantKey),
    'an array': encryptText('["Mid"]', MerchantKey),
    'a text': encryptText('"Mid"', MerchantKey),
    null: encryptText('null', MerchantKey),
    'an object inside': encryptText('{"Mid":{"a":"b"}}', MerchantKey),
    'a list inside': encryptText('{"Mid":["a"]}', MerchantKey),
  }
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => assert.equal(openBody(given, MerchantKey), undefined))
  }

  test('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (given) => assert.equal(openBody(given, MerchantKey), undefined)),
    )
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 96 }), (bytes) => {
        assert.equal(openBody(Buffer.from(bytes).toString('base64'), MerchantKey), undefined)
      }),
    )
  })
})

test('a MerchantKey too short to be one is a bug of the caller, not of the message', () => {
  assert.throws(() => encryptText('{}', 'short'), RangeError)
  assert.throws(() => openBody('9RLYCrmZ5NjU1AHJUMoyhg==', 'short'), RangeError)
})
