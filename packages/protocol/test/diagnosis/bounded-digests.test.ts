import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { findMistakes } from '../../src/diagnosis/find-mistakes.ts'
import {
  cancelSignature,
  deletionChecksum,
  paymentSignature,
  resultSignature,
  type Signature,
} from '../../src/diagnosis/signatures.ts'
import type { WireText } from '../../src/field-table.ts'
import { countCrypto } from './count-crypto.ts'

const merchantKey = randomBytes(64).toString('base64')
const otherKeys = [{ label: 'other', key: randomBytes(64).toString('base64') }]
const keys = { merchantKey, otherKeys }
const wrong = randomBytes(32).toString('base64')

/** All that the gateway reads of a body. */
const bodyLimit = 64 * 1024

/** Whatever is in the fields. */
const most = { mistakes: 2500, calls: 10_000 }

const fields = {
  EdiDate: '20261123143000',
  Mid: 'ssptest01m',
  Amt: '1004',
  SspMallId: 'SSPTEST00p',
  Moid: 'Moid_1',
  MallUserId: 'User0001',
  MallUserID: 'User0002',
  PayMethod: 'CARD',
  ServiceType: 'MD',
  AuthCode: '30012345',
  Tid: 'ssptest01m01012501020304104338',
  ResultCode: '3001',
  CancelAmt: '1004',
  PartialCancelCode: '1',
  CancelPwd: '837465',
  CancelSeq: '1',
  SERVICE_MODE: 'CL1',
  EncryptData: wrong,
  VerifyValue: wrong,
  HashData: wrong,
  SignValue: wrong,
}

type Make = (fields: WireText) => Signature
const signatures: readonly (readonly [Make, ...read: readonly (keyof typeof fields)[]])[] = [
  [
    (given) => paymentSignature(given, keys),
    ...(['EdiDate', 'Mid', 'Amt', 'SspMallId', 'Moid', 'MallUserId', 'PayMethod', 'EncryptData'] as const),
  ],
  [
    (given) => deletionChecksum(given, merchantKey),
    ...(['Mid', 'SspMallId', 'MallUserId', 'MallUserID', 'ServiceType', 'EdiDate', 'VerifyValue'] as const),
  ],
  [
    (given) => cancelSignature(given, keys),
    ...([
      'Tid',
      'CancelAmt',
      'PartialCancelCode',
      'Mid',
      'CancelPwd',
      'CancelSeq',
      'SERVICE_MODE',
      'HashData',
    ] as const),
  ],
  [
    (given) => resultSignature(given, keys),
    ...(['Tid', 'ResultCode', 'Mid', 'Moid', 'Amt', 'AuthCode', 'EdiDate', 'SignValue'] as const),
  ],
]

/** As long as a field may be to be searched, in characters of three bytes, and as long as it comes. */
const texts = [
  { text: '한'.repeat(380), mostBytes: 10_000_000 },
  { text: '7'.repeat(bodyLimit), mostBytes: 1_000_000 },
]

for (const [make, ...read] of signatures)
  test(`a wrong ${make({}).field} costs a bounded number of attempts and of bytes, however long a field is`, (t) => {
    for (const { name, text, mostBytes } of read.flatMap((field) => texts.map((one) => ({ ...one, name: field })))) {
      const of = `${name} of ${text.length}`
      const { right, given, known } = make({ ...fields, [name]: text })
      assert.ok(known.length <= most.mistakes, `${of}: ${known.length} mistakes`)
      const work = countCrypto(() => findMistakes(right, given, known))
      t.diagnostic(`${of}: ${work.calls} digests of ${work.bytes} bytes`)
      assert.ok(work.calls <= most.calls, `${of}: ${work.calls} digests`)
      assert.ok(work.bytes <= mostBytes, `${of}: ${work.bytes} bytes`)
    }
  })
