import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { explainPaymentSignature, isAboutSignature, merchantIdIn } from '../../src/diagnosis/explain.ts'
import { digestBy } from '../../src/diagnosis/recipe.ts'
import { paymentSignature } from '../../src/diagnosis/signatures.ts'
import { signPaymentRequest } from '../../src/signature.ts'

/** Of no merchant. Fixed, because two mistakes can give one signature: without + and / URL-safe Base64 is only Base64 without its end. */
const key = 'aZ3+k9/Qw7Lm2Xc5Vb8Nn1Gf4Hj6Kp0Rt+Ys/Ud2Ei8Fo5Gq7Jw9Ca3Db6xb+c='
const [date, merchantId, amount] = ['20261123143000', 'ssptest01m', '1234000']
const form = { EdiDate: date, Mid: merchantId, Amt: amount, SspMallId: 'SSPTEST00p' }
const given = (signature: string) => explainPaymentSignature({ ...form, EncryptData: signature }, key)

const sha = (text: string | Uint8Array, encoding: 'base64' | 'hex' = 'base64', algorithm = 'sha256') =>
  createHash(algorithm).update(text).digest(encoding)
const joined = `${date}${merchantId}${amount}${key}`
const shifted = (seconds: number) => `202611231430${String(seconds).padStart(2, '0')}`

/** As shops write it, each by hand. */
const planted: readonly (readonly [mistakes: string, signature: string])[] = [
  ['hex', sha(joined, 'hex')],
  ['hex_upper', sha(joined, 'hex').toUpperCase()],
  ['hex_base64', Buffer.from(sha(joined, 'hex')).toString('base64')],
  ['base64_url', createHash('sha256').update(joined).digest('base64url')],
  ['base64_unpadded', sha(joined).replace('=', '')],
  ['url_encoded', encodeURIComponent(sha(joined))],
  ['hex md5', sha(joined, 'hex', 'md5')],
  ['md5', sha(joined, 'base64', 'md5')],
  ['md5_hex_base64', Buffer.from(sha(joined, 'hex', 'md5')).toString('base64')],
  ['sha1', sha(joined, 'base64', 'sha1')],
  ['hex sha512', sha(joined, 'hex', 'sha512')],
  ['hmac', createHmac('sha256', key).update(joined).digest('base64')],
  ['utf16', sha(Buffer.from(joined, 'utf16le'))],
  ['key_missing', sha(`${date}${merchantId}${amount}`)],
  ['key_line_end', sha(`${joined}\n`)],
  ['key_line_end_windows', sha(`${joined}\r\n`)],
  ['key_blank_after', sha(`${joined} `)],
  ['key_unpadded', sha(joined.replace(/=+$/, ''))],
  ['key_cut', sha(`${date}${merchantId}${amount}${key.slice(0, 32)}`)],
  ['key_decoded', sha(Buffer.concat([Buffer.from(`${date}${merchantId}${amount}`), Buffer.from(key, 'base64')]))],
  ['key_plus_lost', sha(`${date}${merchantId}${amount}${key.replaceAll('+', ' ')}`)],
  ['key_url_encoded', sha(`${date}${merchantId}${amount}${encodeURIComponent(key)}`)],
  ['amount_commas', sha(`${date}${merchantId}1,234,000${key}`)],
  ['amount_blank_after', sha(`${date}${merchantId}${amount} ${key}`)],
  ['amount_decimals', sha(`${date}${merchantId}${amount}.00${key}`)],
  ['amount_unit', sha(`${date}${merchantId}${amount}원${key}`)],
  ['order_merchantId_date_amount_key', sha(`${merchantId}${date}${amount}${key}`)],
  ['order_key_date_merchantId_amount', sha(`${key}${date}${merchantId}${amount}`)],
  ['separator_comma', sha([date, merchantId, amount, key].join(','))],
  ['separator_bar', sha([date, merchantId, amount, key].join('|'))],
  ['date_day', sha(`20261123${merchantId}${amount}${key}`)],
  ['date_regenerated', sha(`${shifted(7)}${merchantId}${amount}${key}`)],
  ['date_utc', sha(`20261123053000${merchantId}${amount}${key}`)],
  ['merchant_id_mall', sha(`${date}SSPTEST00p${amount}${key}`)],
  ['merchant_id_upper', sha(`${date}SSPTEST01M${amount}${key}`)],
  ['hex key_line_end', sha(`${joined}\n`, 'hex')],
  ['hex md5 amount_commas', sha(`${date}${merchantId}1,234,000${key}`, 'hex', 'md5')],
  ['hex order_merchantId_date_amount_key', sha(`${merchantId}${date}${amount}${key}`, 'hex')],
]

for (const [expected, signature] of planted)
  test(`is named: ${expected}`, () => assert.deepEqual(given(signature)?.mistakes, expected.split(' ')))

test('a + that became a blank is named', () => {
  const at = Array.from({ length: 60 }, (_second, second) => shifted(second)).find((one) =>
    sha(`${one}${merchantId}${amount}${key}`).includes('+'),
  )
  const fields = { ...form, EdiDate: at ?? '' }
  const EncryptData = sha(`${at}${merchantId}${amount}${key}`).replaceAll('+', ' ')
  assert.deepEqual(explainPaymentSignature({ ...fields, EncryptData }, key)?.mistakes, ['plus_lost'])
})

test('a right signature needs no explanation', () => {
  assert.equal(given(signPaymentRequest({ requestedAt: date, merchantId, amount }, key)), undefined)
})

const right = paymentSignature(form, { merchantKey: key, otherKeys: [] })
const narrow = right.known.filter(({ isWide }) => !isWide)

test('two mistakes of different kinds are named, or others that make the same', () => {
  let tried = 0
  for (let draw = 0; draw < 80; draw++) {
    const [one, other] = [0, 1]
      .map(() => randomBytes(2).readUInt16BE() % narrow.length)
      .sort((first, second) => first - second)
      .map((index) => narrow[index])
    if (one === undefined || other === undefined || one.kind === other.kind) continue
    const recipe = one.changes(right.right).flatMap((halfway) => other.changes(halfway))[0]
    const found = recipe && given(Buffer.from(digestBy(recipe)).toString('base64'))
    if (found === undefined) continue
    tried++
    assert.ok(found.mistakes.length > 0, `${one.id} ${other.id}`)
  }
  assert.ok(tried > 40)
})

test('chance is never taken for a mistake', () => {
  for (let draw = 0; draw < 40; draw++) {
    const found = given(randomBytes(32).toString('base64'))
    assert.deepEqual(found?.mistakes, [])
    assert.match(`${found?.words.ko}`, /알려진 실수와 맞지 않습니다/)
  }
})

test('nothing of the key is told', () => {
  const said = [...planted.map(([, signature]) => signature), 'x', ''].map((signature) =>
    JSON.stringify(given(signature)),
  )
  for (let at = 0; at + 6 <= key.length; at++) {
    const piece = key.slice(at, at + 6)
    assert.ok(!said.some((text) => text.includes(piece)), `a piece at ${at}`)
  }
  assert.ok(said.every((text) => text.includes('<MerchantKey>')))
})

test('says which merchant and which problem are meant', () => {
  assert.equal(merchantIdIn(form), merchantId)
  assert.equal(merchantIdIn({}), '')
  assert.equal(isAboutSignature({ field: 'EncryptData' }), true)
  assert.equal(isAboutSignature({ field: 'Amt' }), false)
})
