import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import {
  billKeyChargeChecksum,
  billKeyDeletionChecksum,
  billKeyRequestChecksum,
  billKeyResultChecksum,
  deletionChecksum,
  signCancelRequest,
  signPaymentRequest,
  signResult,
} from '@sspay/protocol/signature'
import { explainSignature } from '../../src/diagnosis/explain-signature.ts'
import { signatureMistakes } from '../../src/diagnosis/signature-mistakes.ts'
import { encodingMistakes } from '../../src/diagnosis/value-mistakes.ts'
import { type SignatureName, signatures } from '../../src/sign/signatures.ts'

/** Of no merchant. */
const key = 'aZ3+k9/Qw7Lm2Xc5Vb8Nn1Gf4Hj6Kp0Rt+Ys/Ud2Ei8Fo5Gq7Jw9Ca3Db6xb+cLm4Tn8Yp2Kq5Rw7Sx9Uz1=='
const otherKey = randomBytes(64).toString('base64')
const keys = { merchantKey: key, otherKeys: [{ label: 'production', key: otherKey }] }

type Piece = string | Uint8Array
const digest = (pieces: readonly Piece[], algorithm = 'sha256'): Buffer =>
  createHash(algorithm)
    .update(Buffer.concat(pieces.map((piece) => Buffer.from(piece as string))))
    .digest()
const sha = (...pieces: readonly Piece[]): string => digest(pieces).toString('base64')
const hex = (...pieces: readonly Piece[]): string => digest(pieces).toString('hex')

const date = '20261123143000'
const [mid, mall, user, amount] = ['ssptest01m', 'SSPTEST00p', 'User0001', '1234000']
const tid = 'ssptest01m01012501020304104338'
const [start, middle, end] = [tid.slice(0, 10), tid.slice(10, 15), tid.slice(15)]

const billKey = 'BTK0C8V7B6N5M4K3J2H1G0F9D8S'
const shownCard = '9406-****-****-0001'
const shared = 'SMARTRO!@#'

const messages: Readonly<Record<SignatureName, WireText>> = {
  payment: { EdiDate: date, Mid: mid, Amt: amount, SspMallId: mall, Moid: 'Moid_1' },
  deletion: { Mid: mid, SspMallId: mall, MallUserId: user, MallUserID: 'User0002', ServiceType: 'MD' },
  cancel: { Tid: tid, Mid: mid, CancelPwd: '123456', CancelAmt: amount, CancelSeq: '1', PartialCancelCode: '1' },
  result: { Tid: tid, ResultCode: '3001', Mid: mid, Moid: 'Moid_1', Amt: '1004', EdiDate: date },
  billKeyRequest: { EdiDate: date, Mid: mid, Moid: 'Moid_1', SspMallId: mall, MallUserId: user },
  billKeyRegistration: { EdiDate: date, Mid: mid, Moid: 'Moid_1', MallUserId: user },
  billKeyCharge: { BillTokenKey: billKey, Mid: mid, Amt: amount, Moid: 'Moid_1', EdiDate: date },
  billKeyDeletion: { Mid: mid, SspMallId: mall, BillTokenKey: billKey, MallUserId: user },
  billKeyResult: { Mid: mid, BillTokenKey: billKey, DisplayCardNo: shownCard, ResultCode: '3001' },
}
const explain = (name: SignatureName, signature: string, changed: WireText = {}) =>
  explainSignature(name, { ...messages[name], [signatures[name].field]: signature, ...changed }, keys)

const joined = [date, mid, amount]
const payment = sha(...joined, key)
const signedAt = (time: string): string => sha(time, mid, amount, key)
const withKey = (given: Piece): string => sha(...joined, given)
const withAmount = (given: string): string => sha(date, mid, given, key)

/** As shops write it, each by hand. */
const cases: Readonly<Record<SignatureName, readonly (readonly [mistakes: string, signature: string])[]>> = {
  payment: [
    ['hex', hex(...joined, key)],
    ['hex_upper', hex(...joined, key).toUpperCase()],
    ['hex_base64', Buffer.from(hex(...joined, key)).toString('base64')],
    ['base64_url', digest([...joined, key]).toString('base64url')],
    ['url_encoded', encodeURIComponent(payment)],
    ['url_encoded', encodeURIComponent(encodeURIComponent(payment))],
    ['line_end', `${payment}\n`],
    ['cut', payment.slice(0, 32)],
    ['md5_hex_base64', Buffer.from(digest([...joined, key], 'md5').toString('hex')).toString('base64')],
    ['hash_other', digest([...joined, key], 'md5').toString('base64')],
    ['hash_other', digest([...joined, key], 'sha1').toString('base64')],
    ['hex hash_other', digest([...joined, key], 'sha512').toString('hex')],
    ['hmac', createHmac('sha256', key).update(joined.join('')).digest('base64')],
    [
      'hmac',
      createHmac('sha256', key)
        .update([...joined, key].join(''))
        .digest('base64'),
    ],
    ['charset', sha(Buffer.from([...joined, key].join(''), 'utf16le'))],
    ['part_missing', sha(...joined)],
    ['part_missing', withKey('undefined')],
    ['order', sha(mid, date, amount, key)],
    ['hex order', hex(key, ...joined)],
    ['separator', sha([...joined, key].join(','))],
    ['separator', sha([...joined, key].join('|'))],
    ['amount_format', withAmount('1,234,000')],
    ['amount_format', withAmount('1234000.00')],
    ['amount_format', withAmount('1,234,000원')],
    ['hex amount_format', hex(date, mid, '1234000 ', key)],
    ['id_case', sha(date, mid.toUpperCase(), amount, key)],
    ['field_other', sha(date, mall, amount, key)],
    ['key_other', withKey(otherKey)],
    ['key_untrimmed', withKey(`${key}\n`)],
    ['key_untrimmed', withKey(`${key}\r\n`)],
    ['key_untrimmed', withKey(`"${key}"`)],
    ['key_recoded', withKey(Buffer.from(key, 'base64'))],
    ['key_recoded', withKey(Buffer.from(key, 'base64').toString('hex'))],
    ['key_recoded', withKey(Buffer.from(key).toString('base64'))],
    ['key_recoded', withKey(encodeURIComponent(key))],
    ['key_recoded', withKey(key.replaceAll('+', ' '))],
    ['key_recoded', withKey(key.replace('==', ''))],
    ['key_cut', withKey(key.slice(0, 32))],
    ['part_added', sha(...joined, 'Moid_1', key)],
    ['date_format', signedAt('20261123')],
    ['date_format', signedAt('2026-11-23 14:30:00')],
    ['date_regenerated', signedAt('20261123143007')],
    ['date_regenerated', signedAt('20261123142959')],
    ['date_regenerated', signedAt('20261123053000')],
  ],
  deletion: [
    ['hex', hex(mid, mall, user)],
    ['part_added', sha(mid, mall, user, key)],
    ['part_added', sha(key, mid, mall, user)],
    ['hmac', createHmac('sha256', key).update(`${mid}${mall}${user}`).digest('base64')],
    ['hex hash_other', digest([mid, mall, user], 'md5').toString('hex')],
    ['order', sha(user, mid, mall)],
    ['part_missing', sha(mid, user)],
    ['id_case', sha(mid, mall, user.toLowerCase())],
    ['field_other', sha(mid, mall, 'User0002')],
    ['part_added', sha(mid, mall, user, 'MD')],
    ['hex separator', hex([mid, mall, user].join('|'))],
  ],
  cancel: [
    ['hex', hex(tid, key, amount, '1')],
    ['part_missing', sha(tid, key, amount)],
    ['code_other', sha(tid, key, amount, '0')],
    ['key_cut', sha(tid, key.slice(0, 32), amount, '1')],
    ['key_recoded', sha(tid, Buffer.from(key, 'base64'), amount, '1')],
    ['key_other', sha(tid, otherKey, amount, '1')],
    ['field_other', sha(tid, '123456', amount, '1')],
    ['amount_format', sha(tid, key, '1,234,000', '1')],
    ['part_added', sha(tid, mid, key, amount, '1')],
    ['order', sha(tid, amount, '1', key)],
  ],
  result: [
    ['hex', hex(start, '3001', middle, key, end)],
    ['tid_split', sha(tid, '3001', key)],
    ['hex tid_split', hex('3001', tid, key)],
    ['tid_split', sha(tid.slice(0, 10), '3001', tid.slice(10, 25), key, tid.slice(15))],
    ['tid_split', sha(tid.slice(0, 9), '3001', tid.slice(9, 14), key, tid.slice(14))],
    ['tid_split', sha(tid.slice(0, 11), '3001', tid.slice(11, 16), key, tid.slice(16))],
    ['part_missing', sha(start, middle, key, end)],
    ['code_other', sha(start, '0000', middle, key, end)],
    ['key_untrimmed', sha(start, '3001', middle, `${key} `, end)],
    ['order', sha(start, key, middle, '3001', end)],
    ['hex key_cut', hex(start, '3001', middle, key.slice(0, 32), end)],
  ],
  billKeyRequest: [
    ['hex', hex(date, mid, 'Moid_1', shared)],
    ['part_missing', sha(date, mid, 'Moid_1')],
    ['key_in_place', sha(date, mid, 'Moid_1', key)],
    ['part_added', sha(date, mid, 'Moid_1', key, shared)],
    ['order', sha(mid, date, 'Moid_1', shared)],
    ['date_regenerated', sha('20261123143001', mid, 'Moid_1', shared)],
  ],
  billKeyRegistration: [['hex key_in_place', hex(date, mid, 'Moid_1', key)]],
  billKeyCharge: [
    ['hex', hex(billKey, mid, amount)],
    ['amount_format', sha(billKey, mid, '1,234,000')],
    ['part_added', sha(billKey, mid, amount, key)],
    ['part_added', sha(date, billKey, mid, amount)],
    ['order', sha(mid, billKey, amount)],
  ],
  billKeyDeletion: [
    ['hex', hex(mid, mall, billKey)],
    ['part_added', sha(mid, mall, user, billKey)],
    ['part_missing', sha(mid, billKey)],
  ],
  billKeyResult: [
    ['hex', hex(mid, billKey, shownCard, '3001', shared)],
    ['part_missing', sha(mid, billKey, '3001', shared)],
    ['order', sha(billKey, mid, shownCard, '3001', shared)],
  ],
}

for (const name of Object.keys(cases) as SignatureName[]) {
  for (const [expected, signature] of cases[name])
    test(`${signatures[name].field} is explained: ${expected}`, () => {
      const found = explain(name, signature)
      assert.deepEqual(found?.mistakes, expected.split(' '))
      assert.ok(/[가-힣]/.test(`${found?.words.ko}`) && /[a-z]/.test(`${found?.words.en}`))
      assert.doesNotMatch(`${found?.words.ko}${found?.words.en}`, /\{\}/)
    })
  test(`a random ${signatures[name].field} matches no mistake`, () => {
    for (let draw = 0; draw < 10; draw++) {
      const signature = randomBytes(32)
      for (const text of [signature.toString('base64'), signature.toString('hex'), randomBytes(16).toString('hex')])
        assert.deepEqual(explain(name, text)?.mistakes, [])
    }
  })
}

test('a + that became a blank is named', () => {
  const times = Array.from({ length: 60 }, (_second, second) => `202611231430${String(second).padStart(2, '0')}`)
  const EdiDate = times.find((time) => signedAt(time).includes('+')) ?? ''
  assert.deepEqual(explain('payment', signedAt(EdiDate).replaceAll('+', ' '), { EdiDate })?.mistakes, ['plus_lost'])
})

test('an amount that is sent with commas and signed without is named', () => {
  assert.deepEqual(explain('payment', payment, { Amt: '1,234,000' })?.mistakes, ['amount_format'])
})

test('each row of the tables has a case', () => {
  const named = Object.values(cases).flatMap((rows) => rows.flatMap(([mistakes]) => mistakes.split(' ')))
  const rows: readonly (readonly [id: string, ...rest: readonly unknown[]])[] = [
    ...encodingMistakes,
    ...signatureMistakes,
  ]
  assert.deepEqual(new Set([...named, 'plus_lost']), new Set([...rows.map(([id]) => id), 'cut']))
})

test('the shared text is shown, the bill key is not', () => {
  const words = JSON.stringify(explain('billKeyResult', sha(mid, billKey, shownCard, '3001')))
  assert.match(words, /leaves out \\"SMARTRO!@#\\"/)
  assert.match(words, /<BillTokenKey><DisplayCardNo>3001SMARTRO!@#/)
  assert.ok(!words.includes(billKey) && !words.includes(shownCard))
})

test('the variant is in the text', () => {
  assert.match(`${explain('payment', withKey(otherKey))?.words.en}`, /that of production/)
  assert.match(`${explain('payment', sha(key, ...joined))?.words.ko}`, /MerchantKey \+ EdiDate \+ Mid \+ Amt 순서/)
  assert.match(`${explain('payment', signedAt('20261123143007'))?.words.en}`, /another EdiDate \(20261123143007\)/)
})

test('a right signature needs no explanation', () => {
  assert.equal(explain('payment', signPaymentRequest({ requestedAt: date, merchantId: mid, amount }, key)), undefined)
  const checksum = deletionChecksum({ merchantId: mid, easyPayMerchantId: mall, customerId: user })
  assert.equal(explain('deletion', checksum), undefined)
  const cancelled = signCancelRequest({ transactionId: tid, cancelAmount: amount, scope: '1' }, key)
  assert.equal(explain('cancel', cancelled), undefined)
  const inFull = signCancelRequest({ transactionId: tid, cancelAmount: amount, scope: '0' }, key)
  assert.equal(explain('cancel', inFull, { PartialCancelCode: '' }), undefined)
  assert.equal(explain('result', signResult({ transactionId: tid, resultCode: '3001' }, key)), undefined)
  const registration = { requestedAt: date, merchantId: mid, orderId: 'Moid_1' }
  assert.equal(explain('billKeyRequest', billKeyRequestChecksum(registration)), undefined)
  assert.equal(explain('billKeyRegistration', billKeyRequestChecksum(registration)), undefined)
  assert.equal(explain('billKeyCharge', billKeyChargeChecksum({ billKey, merchantId: mid, amount })), undefined)
  const deleted = { merchantId: mid, easyPayMerchantId: mall, billKey }
  assert.equal(explain('billKeyDeletion', billKeyDeletionChecksum(deleted)), undefined)
  const issued = { merchantId: mid, billKey, maskedCardNumber: shownCard, resultCode: '3001' }
  assert.equal(explain('billKeyResult', billKeyResultChecksum(issued)), undefined)
})
