import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { findMistakes } from '../../src/diagnosis/find-mistakes.ts'
import { digestBy } from '../../src/diagnosis/recipe.ts'
import {
  cancelSignature,
  deletionChecksum,
  paymentSignature,
  resultSignature,
  type Signature,
} from '../../src/diagnosis/signatures.ts'

const merchantKey = randomBytes(64).toString('base64')
const keys = { merchantKey, otherKeys: [{ label: 'other', key: randomBytes(64).toString('base64') }] }
const fields = {
  EdiDate: '20261123143000',
  Mid: 'ssptest01M',
  Amt: '1,234,000',
  SspMallId: 'SSPTEST00p',
  Moid: 'Moid_1',
  MallUserId: 'User0001',
  MallUserID: 'User0002',
  PayMethod: 'CARD',
  ServiceType: 'MD',
  AuthCode: '30012345',
  Tid: 'ssptest01M01012501020304104338',
  ResultCode: '3011',
  CancelAmt: '1004',
  PartialCancelCode: '1',
  CancelPwd: '837465',
  CancelSeq: '1',
  SERVICE_MODE: 'CL1',
}

const signatures: readonly Signature[] = [
  paymentSignature(fields, keys),
  deletionChecksum(fields, merchantKey),
  cancelSignature(fields, keys),
  resultSignature(fields, keys),
]

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

for (const { field, right, known } of signatures)
  test(`each of ${known.length} ways to get ${field} wrong is named alone, or another that makes the same`, () => {
    const recipes = known.flatMap((mistake) => mistake.changes(right).map((recipe) => ({ mistake, recipe })))
    // Of the many seconds before and after, some.
    const tried = recipes.filter(({ mistake }, index) => !mistake.isWide || index % 9 === 0)
    assert.ok(tried.length > 60)
    for (const { mistake, recipe } of tried) {
      const digest = digestBy(recipe)
      const found = findMistakes(right, Buffer.from(digest).toString('base64'), known) ?? []
      const isRight = isSame(digest, digestBy(right))
      assert.equal(found.length, isRight ? 0 : 1, mistake.id)
      const named = known.filter(({ ko }) => ko === found[0]?.ko).flatMap(({ changes }) => changes(right))
      assert.ok(isRight || named.some((one) => isSame(digestBy(one), digest)), mistake.id)
    }
  })
