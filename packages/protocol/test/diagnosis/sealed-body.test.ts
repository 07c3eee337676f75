import assert from 'node:assert/strict'
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { encodeText } from '../../src/charset.ts'
import { explainSealedBody, sealedBodyIn } from '../../src/diagnosis/explain.ts'
import { memberDeletionRequest } from '../../src/messages/member-deletion.ts'
import { encryptBody } from '../../src/sealed-body.ts'

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
const withPlus = (): string => {
  for (let draw = 0; ; draw++) {
    const encrypted = base64(encrypt({ text: JSON.stringify({ ...body, MallReserved: `note ${draw}` }) }))
    if (encrypted.split('+').length > 3) return encrypted
  }
}
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${key.slice(0, 64)}\n${key.slice(64)}\n-----END RSA PRIVATE KEY-----\n`

const planted: readonly (readonly [mistakes: string, sealedBody: string])[] = [
  ['iv_prepended', base64(randomIv, encrypt({ iv: randomIv }))],
  ['iv_unknown', base64(encrypt({ iv: randomIv }))],
  ['iv_key', base64(encrypt({ iv: key32.subarray(0, 16) }))],
  ['iv_zeros_text', base64(encrypt({ iv: Buffer.from('0000000000000000') }))],
  ['parts_joined iv_prepended', `${randomIv.toString('hex')}:${encrypt({ iv: randomIv }).toString('hex')}`],
  ['parts_joined iv_prepended', `${base64(randomIv)}:${base64(encrypt({ iv: randomIv }))}`],
  ['parts_joined iv_prepended', base64(randomIv, Buffer.from(base64(encrypt({ iv: randomIv }))))],
  [
    'iv_in_json',
    base64(Buffer.from(JSON.stringify({ iv: base64(randomIv), value: base64(encrypt({ iv: randomIv })) }))),
  ],
  ['ecb', base64(encrypt({ cipher: 'aes-256-ecb', iv: null }))],
  ['ctr', base64(encrypt({ cipher: 'aes-256-ctr' }))],
  ['ctr', base64(randomIv, encrypt({ cipher: 'aes-256-ctr', iv: randomIv }))],
  ['gcm', base64(nonce, gcm(nonce).text, gcm(nonce).tag)],
  ['gcm', base64(gcm(Buffer.alloc(12)).text, gcm(Buffer.alloc(12)).tag)],
  ['gcm', base64(gcm(zeroIv).text)],
  ['cfb', base64(encrypt({ cipher: 'aes-256-cfb' }))],
  ['ofb', base64(encrypt({ cipher: 'aes-256-ofb' }))],
  ['cipher_3des', base64(encrypt({ cipher: 'des-ede3-cbc', key: key32.subarray(0, 24), iv: Buffer.alloc(8) }))],
  ['cipher_aria', base64(encrypt({ cipher: 'aria-256-cbc' }))],
  ['key_16', base64(encrypt({ cipher: 'aes-128-cbc', key: key32.subarray(0, 16) }))],
  ['key_16 iv_key', base64(encrypt({ cipher: 'aes-128-cbc', key: key32.subarray(0, 16), iv: key32.subarray(0, 16) }))],
  ['key_16 ecb', base64(encrypt({ cipher: 'aes-128-ecb', key: key32.subarray(0, 16), iv: null }))],
  ['key_24', base64(encrypt({ cipher: 'aes-192-cbc', key: key32.subarray(0, 24) }))],
  ['key_decoded', base64(encrypt({ key: Buffer.from(key, 'base64').subarray(0, 32) }))],
  ['key_decoded', base64(encrypt({ cipher: 'aes-192-cbc', key: Buffer.from(key.slice(0, 32), 'base64') }))],
  ['key_sha256', base64(encrypt({ key: sha256(key) }))],
  ['key_sha256', base64(encrypt({ key: sha256(key32) }))],
  ['key_sha256', base64(encrypt({ key: sha256(key).toString('hex').slice(0, 32) }))],
  ['key_md5', base64(encrypt({ key: createHash('md5').update(key).digest('hex') }))],
  ['key_blank_before', base64(encrypt({ key: ` ${key}`.slice(0, 32) }))],
  ['key_blank_before', base64(encrypt({ key: `\n${key}`.slice(0, 32) }))],
  ['key_quoted', base64(encrypt({ key: `"${key}"`.slice(0, 32) }))],
  ['key_last', base64(encrypt({ key: key.slice(-32) }))],
  ['key_offset', base64(encrypt({ key: key.slice(1, 33) }))],
  ['key_plus_lost', base64(encrypt({ key: key.replaceAll('+', ' ').slice(0, 32) }))],
  ['key_url_encoded', base64(encrypt({ key: encodeURIComponent(key).slice(0, 32) }))],
  ['key_lower', base64(encrypt({ key: key.toLowerCase().slice(0, 32) }))],
  ['key_pem', base64(encrypt({ key: pem.slice(0, 32) }))],
  ['key_missing', base64(encrypt({ key: Buffer.alloc(32) }))],
  ['key_filled', base64(encrypt({ key: Buffer.concat([key32.subarray(0, 16), Buffer.alloc(16)]) }))],
  ['hex', encrypt().toString('hex')],
  ['hex_upper', encrypt().toString('hex').toUpperCase()],
  ['hex_base64', Buffer.from(encrypt().toString('hex')).toString('base64')],
  ['base64_hex', Buffer.from(right).toString('hex')],
  ['url_encoded', encodeURIComponent(right)],
  ['url_encoded_twice', encodeURIComponent(encodeURIComponent(right))],
  ['base64_url', encrypt().toString('base64url')],
  ['base64_twice', Buffer.from(right).toString('base64')],
  ['quoted', `"${right}"`],
  ['hex ecb', encrypt({ cipher: 'aes-256-ecb', iv: null }).toString('hex')],
  ['url_encoded key_last', encodeURIComponent(base64(encrypt({ key: key.slice(-32) })))],
  ['plus_removed', withPlus().replaceAll('+', '')],
  ['plus_removed', withPlus().replace('+', '')],
  ['cut', right.slice(0, 128)],
  ['cut', right.slice(0, 149)],
  ['padding_zero', base64(encrypt({ text: filled(0), padding: false }))],
  ['padding_zero', base64(encrypt({ text: filled(0, 16) }))],
  ['padding_blank', base64(encrypt({ text: filled(0x20, 16), padding: false }))],
  ['padding_twice', base64(encrypt({ text: pkcs7(bytes) }))],
  [
    'padding_none',
    base64(encrypt({ text: `${json.slice(0, -2)}${'x'.repeat(16 - (bytes.length % 16))}"}`, padding: false })),
  ],
  ['plain_utf16', base64(encrypt({ text: Buffer.from(json, 'utf16le') }))],
  ['plain_utf16', base64(encrypt({ text: Buffer.from(json, 'utf16le').swap16() }))],
  ['plain_euc_kr', base64(encrypt({ text: encodeText(json, 'euc-kr') }))],
  ['form_encoded', base64(encrypt({ text: form }))],
  ['map_text', base64(encrypt({ text: mapText }))],
  ['xml', base64(encrypt({ text: `<request><Mid>${body.Mid}</Mid></request>` }))],
  ['not_json', base64(encrypt({ text: `Array\n(\n    [Mid] => ${body.Mid}\n)\n` }))],
  ['json_twice', base64(encrypt({ text: JSON.stringify(json) }))],
  ['json_list', base64(encrypt({ text: `[${json}]` }))],
  ['json_nested', base64(encrypt({ text: JSON.stringify({ param: body }) }))],
  ['json_quotes', base64(encrypt({ text: json.replaceAll('"', "'") }))],
  ['json_broken', base64(encrypt({ text: json.replace(',', ',,') }))],
  ['json_url_encoded', base64(encrypt({ text: encodeURIComponent(json) }))],
  ['json_base64', base64(encrypt({ text: base64(bytes) }))],
  ['encrypted_twice', base64(encrypt({ text: right }))],
  ['envelope_inside', base64(encrypt({ text: JSON.stringify({ EncData: right, Mid: body.Mid }) }))],
  ['envelope_as_text', JSON.stringify({ EncData: right, Mid: body.Mid })],
  ['not_signed', json],
  ['not_signed', base64(bytes)],
  ['not_signed', encodeURIComponent(json)],
  ['not_signed', bytes.toString('hex')],
  ['raw_bytes', encrypt().toString('latin1')],
  ['raw_bytes', encrypt().toString('utf8')],
  ['passphrase', base64(Buffer.from('Salted__'), randomBytes(8), encrypt({ key: sha256('derived') }))],
  ['iv_unknown plain_euc_kr', base64(encrypt({ iv: randomIv, text: encodeText(json, 'euc-kr') }))],
  ['ecb form_encoded', base64(encrypt({ cipher: 'aes-256-ecb', iv: null, text: form }))],
]

for (const [expected, sealedBody] of planted)
  test(`is named: ${expected}`, () =>
    assert.deepEqual(explainSealedBody(sealedBody, key)?.mistakes, expected.split(' ')))

test('a body that opens and holds its fields needs no explanation', () => {
  const options = { table: memberDeletionRequest, merchantId: body.Mid }
  assert.equal(explainSealedBody(right, key, options), undefined)
  assert.equal(explainSealedBody(right.replaceAll('+', ' ').replace(/.{76}/g, '$&\r\n'), key, options), undefined)
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
    assert.deepEqual(explainSealedBody(sealedBody, key, options)?.mistakes, expected.split(' '))
  })

test('the key of another merchant or environment is named by its label', () => {
  const other = randomBytes(64).toString('base64')
  const sealedBody = base64(encrypt({ key: other.slice(0, 32) }))
  const found = explainSealedBody(sealedBody, key, { otherKeys: [{ label: 'production', key: other }] })
  assert.deepEqual(found?.mistakes, ['key_other'])
  assert.match(`${found?.words.ko} ${found?.words.en}`, /production.*that of production/s)
  assert.deepEqual(explainSealedBody(sealedBody, key)?.mistakes, [])
})

test('chance is never taken for a mistake', () => {
  for (let draw = 0; draw < 25; draw++) {
    const encrypted = encrypt({ key: randomBytes(32), iv: randomBytes(16) })
    for (const text of [base64(encrypted), encrypted.toString('hex'), base64(randomBytes(16 + draw))])
      assert.deepEqual(explainSealedBody(text, key)?.mistakes, [])
  }
})

const shapes: readonly (readonly [said: RegExp, sealedBody: string])[] = [
  [/값이 없습니다.*It is empty/s, ''],
  [/Base64가 아닙니다.*It is no Base64/s, '***'],
  [/16의 배수가 아닙니다.*no multiple of 16/s, base64(randomBytes(45))],
  [/RSA로 암호화한.*what RSA makes/s, base64(randomBytes(256))],
]

for (const [said, sealedBody] of shapes)
  test(`looks are told in words, never as a mistake: ${said.source}`, () => {
    const found = explainSealedBody(sealedBody, key)
    assert.deepEqual(found?.mistakes, [])
    assert.match(`${found?.words.ko} ${found?.words.en}`, said)
  })

test('a body that opens is not told how to seal', () => {
  const found = explainSealedBody(encryptBody({ ...body, Mid: 'ssptest02m' }, key), key, { merchantId: body.Mid })
  assert.match(`${found?.words.ko} ${found?.words.en}`, /열리지만 내용이 다릅니다.*opens, but has another Mid/s)
  assert.doesNotMatch(`${found?.words.ko}`, /AES/)
})

test('says which sealed body is meant', () => {
  assert.equal(sealedBodyIn({ EncData: right }), right)
  assert.equal(sealedBodyIn({}), '')
})
