import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  type Explanation,
  explainCancelSignature,
  explainDeletionChecksum,
  explainPaymentSignature,
  explainResultSignature,
} from '../../src/diagnosis/explain.ts'
import { deletionChecksum, signCancelRequest, signResult } from '../../src/signature.ts'

/** Of no merchant. */
const key = 'aZ3+k9/Qw7Lm2Xc5Vb8Nn1Gf4Hj6Kp0Rt+Ys/Ud2Ei8Fo5Gq7Jw9Ca3Db6xb+cLm4Tn8Yp2Kq5Rw7Sx9Uz1=='
const otherKey = randomBytes(64).toString('base64')
const otherKeys = [{ label: 'production', key: otherKey }]

const hash = (encoding: 'base64' | 'hex', text: string | Uint8Array, algorithm = 'sha256'): string =>
  createHash(algorithm).update(text).digest(encoding)
const sha = (...parts: readonly (string | Uint8Array)[]): string =>
  hash('base64', Buffer.concat(parts.map((part) => Buffer.from(part as string))))
const hex = (...parts: readonly string[]): string => hash('hex', parts.join(''))

type Planted = readonly (readonly [mistakes: string, signature: string])[]

function plant(name: string, planted: Planted, explain: (signature: string) => Explanation | undefined): void {
  for (const [expected, signature] of planted)
    test(`${name} is explained: ${expected}`, () => {
      const found = explain(signature)
      assert.deepEqual(found?.mistakes, expected.split(' '))
      assert.ok(/[가-힣]/.test(`${found?.words.ko}`) && /[a-z]/.test(`${found?.words.en}`))
    })
  test(`${name} of another key or of chance is not explained`, () => {
    for (let draw = 0; draw < 10; draw++) {
      const signature = randomBytes(32)
      for (const text of [signature.toString('base64'), signature.toString('hex'), randomBytes(16).toString('hex')])
        assert.deepEqual(explain(text)?.mistakes, [])
    }
  })
}

const [mid, mall, user] = ['ssptest01m', 'SSPTEST00p', 'User0001']
const member = { Mid: mid, SspMallId: mall, MallUserId: user, ServiceType: 'MD' }

plant(
  'VerifyValue',
  [
    ['key_added', sha(mid, mall, user, key)],
    ['key_added', sha(key, mid, mall, user)],
    ['key_added', sha(mid, mall, user, key.slice(0, 32))],
    ['hex key_added', hex(mid, mall, user, key)],
    ['hmac', createHmac('sha256', key).update(`${mid}${mall}${user}`).digest('base64')],
    ['hex', hex(mid, mall, user)],
    ['hex_upper', hex(mid, mall, user).toUpperCase()],
    ['base64_url', hash('base64', `${mid}${mall}${user}`).replaceAll('+', '-').replaceAll('/', '_').replace('=', '')],
    ['url_encoded', encodeURIComponent(sha(mid, mall, user))],
    ['line_end', `${sha(mid, mall, user)}\n`],
    ['cut', sha(mid, mall, user).slice(0, 40)],
    ['md5', hash('base64', `${mid}${mall}${user}`, 'md5')],
    ['hex md5', hash('hex', `${mid}${mall}${user}`, 'md5')],
    ['hex sha1', hash('hex', `${mid}${mall}${user}`, 'sha1')],
    ['order_easyPayMerchantId_merchantId_customerId', sha(mall, mid, user)],
    ['order_customerId_merchantId_easyPayMerchantId', sha(user, mid, mall)],
    ['merchant_id_missing', sha(mall, user)],
    ['easy_pay_merchant_id_missing', sha(mid, user)],
    ['customer_id_missing', sha(mid, mall)],
    ['customer_id_undefined', sha(mid, mall, 'undefined')],
    ['customer_id_undefined', sha(mid, mall, 'null')],
    ['customer_id_upper', sha(mid, mall, user.toUpperCase())],
    ['customer_id_lower', sha(mid, mall, user.toLowerCase())],
    ['easy_pay_merchant_id_lower', sha(mid, mall.toLowerCase(), user)],
    ['service_type_added', sha(mid, mall, user, 'MD')],
    ['separator_comma', sha([mid, mall, user].join(','))],
    ['hex separator_bar', hex([mid, mall, user].join('|'))],
  ],
  (VerifyValue) => explainDeletionChecksum({ ...member, VerifyValue }, { merchantKey: key }),
)

test('VerifyValue over MallUserID, and that spelling in the body, are told', () => {
  const { MallUserId, ...rest } = member
  const body = { ...rest, MallUserID: MallUserId, VerifyValue: sha(mid, mall, user) }
  assert.deepEqual(explainDeletionChecksum(body)?.mistakes, ['customer_id_spelling'])
})

const tid = 'ssptest01m01012501020304104338'
const cancelled = {
  Tid: tid,
  Mid: mid,
  CancelPwd: '123456',
  CancelAmt: '1234000',
  CancelSeq: '1',
  PartialCancelCode: '1',
}
const amt = cancelled.CancelAmt

plant(
  'HashData',
  [
    ['hex', hex(tid, key, amt, '1')],
    ['hex_base64', Buffer.from(hex(tid, key, amt, '1')).toString('base64')],
    ['cancel_scope_missing', sha(tid, key, amt)],
    ['cancel_scope_other', sha(tid, key, amt, '0')],
    ['cancel_scope_other', sha(tid, key, amt, 'Y')],
    ['key_missing', sha(tid, amt, '1')],
    ['key_cut', sha(tid, key.slice(0, 32), amt, '1')],
    ['key_decoded', sha(tid, Buffer.from(key, 'base64'), amt, '1')],
    ['key_line_end', sha(tid, `${key}\n`, amt, '1')],
    ['key_other', sha(tid, otherKey, amt, '1')],
    ['key_cancel_password', sha(tid, '123456', amt, '1')],
    ['amount_commas', sha(tid, key, '1,234,000', '1')],
    ['amount_decimals', sha(tid, key, '1234000.00', '1')],
    ['amount_missing', sha(tid, key, '1')],
    ['amount_unit', sha(tid, key, '1,234,000원', '1')],
    ['transaction_id_missing', sha(key, amt, '1')],
    ['transaction_id_merchant', sha(mid, key, amt, '1')],
    ['merchant_id_added', sha(tid, mid, key, amt, '1')],
    ['cancel_password_added', sha(tid, key, amt, '1', '123456')],
    ['order_transactionId_amount_cancelScope_key', sha(tid, amt, '1', key)],
    ['order_key_transactionId_amount_cancelScope', sha(key, tid, amt, '1')],
    ['separator_bar', sha([tid, key, amt, '1'].join('|'))],
    ['hex cancel_scope_missing', hex(tid, key, amt)],
    ['key_cut cancel_scope_missing', sha(tid, key.slice(0, 32), amt)],
    ['md5_hex_base64', Buffer.from(hash('hex', `${tid}${key}${amt}1`, 'md5')).toString('base64')],
  ],
  (HashData) => explainCancelSignature({ ...cancelled, HashData }, key, { otherKeys }),
)

const answer = { Tid: tid, ResultCode: '3001', Mid: mid, Moid: 'Moid_1', Amt: '1004', EdiDate: '20250102030405' }
const [start, middle, end] = [tid.slice(0, 10), tid.slice(10, 15), tid.slice(15)]

plant(
  'SignValue',
  [
    ['hex', hex(start, '3001', middle, key, end)],
    ['base64_twice', Buffer.from(sha(start, '3001', middle, key, end)).toString('base64')],
    ['tid_whole', sha(tid, '3001', key)],
    ['tid_whole', sha(tid, key, '3001')],
    ['hex tid_whole', hex('3001', tid, key)],
    ['tid_split', sha(tid.slice(0, 10), '3001', tid.slice(10, 25), key, tid.slice(15))],
    ['tid_split', sha(tid.slice(0, 9), '3001', tid.slice(9, 14), key, tid.slice(14))],
    ['tid_split', sha(tid.slice(0, 11), '3001', tid.slice(11, 16), key, tid.slice(16))],
    ['tid_end_missing', sha(start, '3001', middle, key)],
    ['result_code_missing', sha(start, middle, key, end)],
    ['result_code_other', sha(start, '0000', middle, key, end)],
    ['key_missing', sha(start, '3001', middle, end)],
    ['key_cut', sha(start, '3001', middle, key.slice(0, 32), end)],
    ['key_other', sha(start, '3001', middle, otherKey, end)],
    ['key_blank_after', sha(start, '3001', middle, `${key} `, end)],
    ['order_tidStart_key_tidMiddle_resultCode_tidEnd', sha(start, key, middle, '3001', end)],
    ['order_id_added', sha(start, '3001', middle, key, end, 'Moid_1')],
    ['hex key_cut', hex(start, '3001', middle, key.slice(0, 32), end)],
  ],
  (SignValue) => explainResultSignature({ ...answer, SignValue }, key, { otherKeys }),
)

const form = { EdiDate: '20261123143000', Mid: mid, Amt: '1234000', SspMallId: mall, Moid: 'Moid_1' }
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${key.slice(0, 64)}\n${key.slice(64)}\n-----END RSA PRIVATE KEY-----\n`
const eucKrWon = Buffer.from([0xbf, 0xf8])

plant(
  'EncryptData',
  [
    ['key_other', sha(form.EdiDate, mid, form.Amt, otherKey)],
    ['hex key_other', hex(form.EdiDate, mid, form.Amt, otherKey)],
    ['key_pem', sha(form.EdiDate, mid, form.Amt, pem)],
    ['hex key_pem', hex(form.EdiDate, mid, form.Amt, pem.trimEnd())],
    ['key_lines', sha(form.EdiDate, mid, form.Amt, `${key.slice(0, 76)}\r\n${key.slice(76)}`)],
    ['euc_kr amount_unit', sha(form.EdiDate, mid, '1,234,000', eucKrWon, key)],
    ['url_encoded', encodeURIComponent(sha(form.EdiDate, mid, form.Amt, key))],
    ['url_encoded_twice', encodeURIComponent(encodeURIComponent(sha(form.EdiDate, mid, form.Amt, key)))],
    ['html_escaped', sha(form.EdiDate, mid, form.Amt, key).replaceAll('=', '&#x3D;').replaceAll('+', '&#43;')],
    ['quoted', `"${sha(form.EdiDate, mid, form.Amt, key)}"`],
    ['cut', sha(form.EdiDate, mid, form.Amt, key).slice(0, 32)],
    ['hash_twice', sha(sha(form.EdiDate, mid, form.Amt, key))],
    ['hmac', createHmac('sha256', key).update(`${form.EdiDate}${mid}${form.Amt}`).digest('base64')],
    ['order_id_added', sha(form.EdiDate, mid, form.Amt, 'Moid_1', key)],
    ['date_written_out', sha('2026-11-23 14:30:00', mid, form.Amt, key)],
    ['separator_names', sha(`EdiDate=${form.EdiDate}&Mid=${mid}&Amt=${form.Amt}&MerchantKey=${key}`)],
    ['key_undefined', sha(form.EdiDate, mid, form.Amt, 'null')],
    ['key_cut separator_comma', sha([form.EdiDate, mid, form.Amt, key.slice(0, 32)].join(','))],
    ['hex amount_commas key_line_end', hex(form.EdiDate, mid, '1,234,000', `${key}\n`)],
  ],
  (EncryptData) => explainPaymentSignature({ ...form, EncryptData }, key, { otherKeys }),
)

test('what is right needs no explanation', () => {
  const checksum = deletionChecksum({ merchantId: mid, easyPayMerchantId: mall, customerId: user })
  assert.equal(explainDeletionChecksum({ ...member, VerifyValue: checksum }, { merchantKey: key }), undefined)
  const signature = signCancelRequest({ transactionId: tid, cancelAmount: amt, scope: '1' }, key)
  assert.equal(explainCancelSignature({ ...cancelled, HashData: signature }, key), undefined)
  const result = signResult({ transactionId: tid, resultCode: '3001' }, key)
  assert.equal(explainResultSignature({ ...answer, SignValue: result }, key), undefined)
})

test('a shape that gives something away is told where no mistake is known', () => {
  const said = explainCancelSignature({ ...cancelled, HashData: randomBytes(32).toString('hex') }, key)
  assert.match(`${said?.words.ko} ${said?.words.en}`, /16진수 64자.*SHA-256 in hexadecimal/s)
})
