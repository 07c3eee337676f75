import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { CharsetError, decodeForm, encodeForm, encodeText, guessFormCharset } from '../src/charset.ts'
import vectors from '../vectors/charset.json' with { type: 'json' }

const bytesOf = (body: string): Uint8Array => Buffer.from(body, 'latin1')
const charsets = ['utf-8', 'euc-kr'] as const

for (const { fields, body } of vectors.forms) {
  test(`vector: ${body}`, () => {
    assert.equal(encodeForm(fields as Readonly<Record<string, string>>, 'euc-kr'), body)
    assert.deepEqual({ ...decodeForm(bytesOf(body), 'euc-kr').fields }, fields)
    assert.equal(guessFormCharset(bytesOf(body), undefined), body.includes('%B') ? 'euc-kr' : 'utf-8')
  })
}

const anyText = fc.string({ unit: fc.constantFrom(...'가힣뷁똠갂한 A0&=+%?#;"<>\r\n\t~*-._') })

test('a form that can be written reads back the same', () => {
  const forms = fc.dictionary(fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', '')), anyText)
  fc.assert(
    fc.property(forms, fc.constantFrom(...charsets), (fields, charset) => {
      const body = encodeForm(fields, charset)
      assert.match(body, /^[A-Za-z0-9*._=&+%-]*$/)
      const decoded = decodeForm(bytesOf(body), charset)
      assert.deepEqual(decoded, { fields: Object.assign(Object.create(null), fields), repeated: [] })
    }),
  )
})

test('both bytes of a Korean character are escaped, so that java.net.URLDecoder reads them', () => {
  assert.equal(encodeForm({ GoodsName: '똠' }, 'euc-kr'), 'GoodsName=%8C%63')
})

test('an absent field is not written, an unwritable one throws', () => {
  assert.equal(encodeForm({ a: '1', b: undefined, c: '' }, 'utf-8'), 'a=1&c=')
  assert.throws(() => encodeForm({ a: '😀' }, 'euc-kr'), CharsetError)
})

test('decoding never throws for any bytes and gives an object without a prototype', () => {
  const texts = fc.string({ unit: fc.constantFrom(...'ab=&%+0F9\xb0\xa1\x8c\xff') }).map(bytesOf)
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), texts), fc.constantFrom(...charsets), (body, charset) => {
      const { fields, repeated } = decodeForm(body, charset)
      assert.equal(Object.getPrototypeOf(fields), null)
      for (const name of repeated) assert.ok(Object.hasOwn(fields, name))
    }),
  )
})

describe('a form as browsers and old shops write it', () => {
  const rows: readonly (readonly [body: string, fields: Record<string, string>, repeated?: readonly string[]])[] = [
    ['', {}],
    ['&&a=1&', { a: '1' }],
    ['a', { a: '' }],
    ['=x', { '': 'x' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=1+2%2B3', { a: '1 2+3' }],
    ['a=100%&b=%zz&c=%4', { a: '100%', b: '%zz', c: '%4' }],
    ['a=%26%3D', { a: '&=' }],
    ['ReturnUrl=x&ReturnUrl=x', { ReturnUrl: 'x' }],
    ['ReturnUrl=x&ReturnUrl=y&ReturnUrl=z', { ReturnUrl: 'x' }, ['ReturnUrl']],
    ['a=1&a=', { a: '1' }, ['a']],
    ['a=%ED%95%9C', { a: '한' }],
    ['a=\xed\x95\x9c', { a: '한' }],
  ]
  for (const [body, fields, repeated = []] of rows) {
    test(JSON.stringify(body), () => {
      assert.deepEqual(decodeForm(bytesOf(body), 'utf-8'), {
        fields: Object.assign(Object.create(null), fields),
        repeated,
      })
    })
  }

  test('a cut character cannot swallow the next field', () => {
    assert.deepEqual({ ...decodeForm(bytesOf('a=\xb0&b=1'), 'euc-kr').fields }, { a: '\uFFFD', b: '1' })
  })
})

describe('the charset of a form', () => {
  const korean = encodeForm({ BuyerName: '구매자명' }, 'euc-kr')
  const unicode = encodeForm({ BuyerName: '구매자명' }, 'utf-8')
  const form = 'application/x-www-form-urlencoded'
  const rows: readonly (readonly [what: string, body: string, contentType: string | undefined, charset: string])[] = [
    ['nothing says it, the bytes are UTF-8', unicode, form, 'utf-8'],
    ['nothing says it, the bytes are not UTF-8', korean, form, 'euc-kr'],
    ['raw bytes without escapes', Buffer.from(encodeText('a=한글', 'euc-kr')).toString('latin1'), undefined, 'euc-kr'],
    ['ASCII only', 'a=1', undefined, 'utf-8'],
    ['the content type says it', 'a=1', `${form}; charset=EUC-KR`, 'euc-kr'],
    ['the content type says it in quotes', 'a=1', `${form};charset="ms949"`, 'euc-kr'],
    ['the content type against the bytes', korean, `${form};charset=utf-8`, 'utf-8'],
    ['an unknown name says nothing', korean, `${form};charset=klingon`, 'euc-kr'],
    ['the browser says it in _charset_', '_charset_=EUC-KR&a=1', form, 'euc-kr'],
    ['the content type goes before _charset_', '_charset_=EUC-KR&a=1', `${form};charset=utf-8`, 'utf-8'],
  ]
  for (const [what, body, contentType, charset] of rows) {
    test(what, () => assert.equal(guessFormCharset(bytesOf(body), contentType), charset))
  }
})
