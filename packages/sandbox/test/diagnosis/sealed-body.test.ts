import assert from 'node:assert/strict'
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { type FieldTable, memberDeletionRequest } from '@sspay/protocol'
import { encodeText } from '@sspay/protocol/charset'
import { encryptBody } from '@sspay/protocol/sealed-body'
import {
  charsetRow,
  contentRows,
  derivationRow,
  formRows,
  modeRows,
  paddingRow,
  wholeRows,
} from '../../src/diagnosis/encryption-mistakes.ts'
import { explainSealedBody } from '../../src/diagnosis/explain-sealed-body.ts'
import { keyMistakes } from '../../src/diagnosis/value-mistakes.ts'

/** Of no merchant. */
const key = 'aZ3+k9/Qw7Lm2Xc5Vb8Nn1Gf4Hj6Kp0Rt+Ys/Ud2Ei8Fo5Gq7Jw9Ca3Db6xb+cLm4Tn8Yp2Kq5Rw7Sx9Uz1=='
const key32 = Buffer.from(key.slice(0, 32))
const body = {
  Mid: 'ssptest01m',
  SspMallId: 'SSPTEST00p',
  MallUserId: 'user0001',
  VerifyValue: 'UfJKHErpKwTGkPoQVg2tn9J0F4dBO0PpRP5X9Ifx650=',
  ServiceType: 'MD',
  MallReserved: '한글 예비',
}
const cancellation = {
  SERVICE_MODE: 'CL1',
  Tid: 'ssptest01m01012501020304104338',
  Mid: body.Mid,
  CancelPwd: '123456',
  CancelAmt: '1004',
  CancelMsg: 'x',
  CancelSeq: '1',
  PartialCancelCode: '0',
  HashData: body.VerifyValue,
}
const json = JSON.stringify(body)
const zeroIv = Buffer.alloc(16)
const randomIv = randomBytes(16)

const explain = (sealedBody: string, around?: { readonly table?: FieldTable; readonly merchantId?: string }) =>
  explainSealedBody(sealedBody, { merchantKey: key, otherKeys: [] }, around)

interface Encryption {
  readonly text?: string | Uint8Array
  readonly cipher?: string
  readonly key?: Uint8Array | string
  readonly iv?: Uint8Array | null
  readonly padding?: boolean
}

/** As a shop does it, with one thing different. */
function encrypt({
  text = json,
  cipher = 'aes-256-cbc',
  key = key32,
  iv = zeroIv,
  padding = true,
}: Encryption = {}): Buffer {
  const encryption = createCipheriv(cipher, key, iv).setAutoPadding(padding)
  return Buffer.concat([encryption.update(text), encryption.final()])
}
const base64 = (...pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString('base64')
const sha256 = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest()
const bytes = Buffer.from(json)
const filled = (filler: number, least = 0): Buffer => {
  const missing = (16 - ((bytes.length + least) % 16)) % 16
  return Buffer.concat([bytes, Buffer.alloc(missing + least, filler)])
}
const pkcs7 = (text: Buffer): Buffer => {
  const missing = 16 - (text.length % 16)
  return Buffer.concat([text, Buffer.alloc(missing, missing)])
}
function gcm(iv: Buffer): { readonly text: Buffer; readonly tag: Buffer } {
  const encryption = createCipheriv('aes-256-gcm', key32, iv)
  const text = Buffer.concat([encryption.update(json), encryption.final()])
  return { text, tag: encryption.getAuthTag() }
}
const nonce = randomBytes(12)
const form = new URLSearchParams(body).toString()
const mapText = `{${Object.entries(body)
  .map(([name, value]) => `${name}=${value}`)
  .join(', ')}}`
const right = base64(encrypt())
const injected: readonly (readonly [mistakes: string, sealedBody: string])[] = [
  ['iv', base64(randomIv, encrypt({ iv: randomIv }))],
  ['iv', base64(encrypt({ iv: randomIv }))],
  ['iv', base64(encrypt({ iv: key32.subarray(0, 16) }))],
  ['iv', base64(encrypt({ iv: Buffer.from('0000000000000000') }))],
  ['hex iv', `${randomIv.toString('hex')}:${encrypt({ iv: randomIv }).toString('hex')}`],
  ['mode', base64(encrypt({ cipher: 'aes-256-ecb', iv: null }))],
  ['mode', base64(nonce, gcm(nonce).text, gcm(nonce).tag)],
  ['key_derivation', base64(encrypt({ cipher: 'aes-128-cbc', key: key32.subarray(0, 16) }))],
  [
    'key_derivation iv',
    base64(encrypt({ cipher: 'aes-128-cbc', key: key32.subarray(0, 16), iv: key32.subarray(0, 16) })),
  ],
  ['key_derivation mode', base64(encrypt({ cipher: 'aes-128-ecb', key: key32.subarray(0, 16), iv: null }))],
  ['key_recoded', base64(encrypt({ key: Buffer.from(key, 'base64').subarray(0, 32) }))],
  ['key_derivation', base64(encrypt({ cipher: 'aes-192-cbc', key: Buffer.from(key.slice(0, 32), 'base64') }))],
  ['key_derivation', base64(encrypt({ key: sha256(key) }))],
  ['key_derivation', base64(encrypt({ key: sha256(key32) }))],
  ['key_derivation', base64(encrypt({ key: sha256(key).toString('hex').slice(0, 32) }))],
  ['key_derivation', base64(encrypt({ key: createHash('md5').update(key).digest('hex') }))],
  ['key_untrimmed', base64(encrypt({ key: ` ${key}`.slice(0, 32) }))],
  ['key_untrimmed', base64(encrypt({ key: `\n${key}`.slice(0, 32) }))],
  ['key_untrimmed', base64(encrypt({ key: `"${key}"`.slice(0, 32) }))],
  ['key_derivation', base64(encrypt({ key: key.slice(-32) }))],
  ['key_recoded', base64(encrypt({ key: key.replaceAll('+', ' ').slice(0, 32) }))],
  ['key_recoded', base64(encrypt({ key: encodeURIComponent(key).slice(0, 32) }))],
  ['key_derivation', base64(encrypt({ key: Buffer.concat([key32.subarray(0, 16), Buffer.alloc(16)]) }))],
  ['hex', encrypt().toString('hex')],
  ['hex_upper', encrypt().toString('hex').toUpperCase()],
  ['hex_base64', Buffer.from(encrypt().toString('hex')).toString('base64')],
  ['url_encoded', encodeURIComponent(right)],
  ['url_encoded', encodeURIComponent(encodeURIComponent(right))],
  ['base64_url', encrypt().toString('base64url')],
  ['hex mode', encrypt({ cipher: 'aes-256-ecb', iv: null }).toString('hex')],
  ['url_encoded key_derivation', encodeURIComponent(base64(encrypt({ key: key.slice(-32) })))],
  ['cut', right.slice(0, 128)],
  ['cut', right.slice(0, 149)],
  ['padding', base64(encrypt({ text: filled(0), padding: false }))],
  ['padding', base64(encrypt({ text: pkcs7(bytes) }))],
  [
    'padding',
    base64(encrypt({ text: `${json.slice(0, -2)}${'x'.repeat(16 - (bytes.length % 16))}"}`, padding: false })),
  ],
  ['charset', base64(encrypt({ text: encodeText(json, 'euc-kr') }))],
  ['form_encoded', base64(encrypt({ text: form }))],
  ['not_json', base64(encrypt({ text: mapText }))],
  ['not_json', base64(encrypt({ text: `<request><Mid>${body.Mid}</Mid></request>` }))],
  ['not_json', base64(encrypt({ text: `Array\n(\n    [Mid] => ${body.Mid}\n)\n` }))],
  ['json_twice', base64(encrypt({ text: JSON.stringify(json) }))],
  ['not_json', base64(encrypt({ text: `[${json}]` }))],
  ['json_nested', base64(encrypt({ text: JSON.stringify({ param: body }) }))],
  ['not_json', base64(encrypt({ text: json.replaceAll('"', "'") }))],
  ['not_json', base64(encrypt({ text: json.replace(',', ',,') }))],
  ['json_url_encoded', base64(encrypt({ text: encodeURIComponent(json) }))],
  ['envelope_inside', base64(encrypt({ text: JSON.stringify({ EncData: right, Mid: body.Mid }) }))],
  ['envelope_inside', JSON.stringify({ EncData: right, Mid: body.Mid })],
  ['not_encrypted', json],
  ['not_encrypted', base64(bytes)],
  ['not_encrypted', encodeURIComponent(json)],
  ['not_encrypted', bytes.toString('hex')],
  ['passphrase', base64(Buffer.from('Salted__'), randomBytes(8), encrypt({ key: sha256('derived') }))],
  ['iv charset', base64(encrypt({ iv: randomIv, text: encodeText(json, 'euc-kr') }))],
  ['mode form_encoded', base64(encrypt({ cipher: 'aes-256-ecb', iv: null, text: form }))],
]

for (const [expected, sealedBody] of injected)
  test(`is named: ${expected}`, () => assert.deepEqual(explain(sealedBody)?.mistakes, expected.split(' ')))

test('a body that opens and holds its fields needs no explanation', () => {
  const options = { table: memberDeletionRequest, merchantId: body.Mid }
  assert.equal(explain(right, options), undefined)
  assert.equal(explain(right.replaceAll('+', ' ').replace(/.{76}/g, '$&\r\n'), options), undefined)
})

const content: readonly (readonly [mistake: string, sealedBody: string])[] = [
  ['field_spelling', encryptBody({ ...body, MallUserId: undefined, MallUserID: body.MallUserId }, key)],
  ['other_request', encryptBody(cancellation, key)],
  ['merchant_id_inner', encryptBody({ ...body, Mid: 'ssptest02m' }, key)],
  ['hex merchant_id_inner', encrypt({ text: json.replace('test01m', 'test02m') }).toString('hex')],
]

for (const [expected, sealedBody] of content)
  test(`is named where table and Mid are known: ${expected}`, () => {
    const options = { table: memberDeletionRequest, merchantId: body.Mid }
    assert.deepEqual(explain(sealedBody, options)?.mistakes, expected.split(' '))
  })

test('the key of another merchant or environment is named by its label', () => {
  const other = randomBytes(64).toString('base64')
  const sealedBody = base64(encrypt({ key: other.slice(0, 32) }))
  const found = explainSealedBody(sealedBody, { merchantKey: key, otherKeys: [{ label: 'production', key: other }] })
  assert.deepEqual(found?.mistakes, ['key_other'])
  assert.match(`${found?.words.ko} ${found?.words.en}`, /production.*that of production/s)
  assert.deepEqual(explain(sealedBody)?.mistakes, [])
})

test('chance is never taken for a mistake', () => {
  for (let draw = 0; draw < 25; draw++) {
    const encrypted = encrypt({ key: randomBytes(32), iv: randomBytes(16) })
    for (const text of [base64(encrypted), encrypted.toString('hex'), base64(randomBytes(16 + draw))])
      assert.deepEqual(explain(text)?.mistakes, [])
  }
})

test('for a body that decrypts the explanation says nothing about encryption', () => {
  const found = explain(encryptBody({ ...body, Mid: 'ssptest02m' }, key), { merchantId: body.Mid })
  assert.match(`${found?.words.ko} ${found?.words.en}`, /열리지만 내용이 다릅니다.*opens, but has a Mid inside/s)
  assert.doesNotMatch(`${found?.words.ko}`, /AES/)
})

test('each row of the tables has a case', () => {
  const named = [...injected, ...content].flatMap(([mistakes]) => mistakes.split(' '))
  const rows: readonly (readonly [id: string, ...rest: readonly unknown[]])[] = [
    ...[derivationRow, paddingRow, charsetRow],
    ...[...keyMistakes, ...modeRows, ...formRows, ...wholeRows, ...contentRows],
  ]
  for (const [id] of rows) assert.ok(named.includes(id) || id === 'key_other', id)
})
