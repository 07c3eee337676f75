import assert from 'node:assert/strict'
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Explanation } from '@sspay/gateway'
import { memberDeletionRequest, type WireText } from '@sspay/protocol'
import { encryptText } from '@sspay/protocol/sealed-body'
import { explainSealedBody } from '../../src/diagnosis/explain-sealed-body.ts'
import { explainSignature } from '../../src/diagnosis/explain-signature.ts'
import { type SignatureName, signatures } from '../../src/sign/signatures.ts'
import { countCrypto } from './count-crypto.ts'

const key = randomBytes(64).toString('base64')
const otherKeys = [{ label: 'other', key: randomBytes(64).toString('base64') }]
const keys = [key, ...otherKeys.map((other) => other.key)]
const given = { merchantKey: key, otherKeys }
const names = Object.keys(signatures) as SignatureName[]

/** Whatever a key may be written as. */
const canaries = keys.flatMap((one) => [
  one,
  encodeURIComponent(one),
  Buffer.from(one).toString('base64'),
  Buffer.from(one).toString('hex'),
  Buffer.from(one, 'base64').toString('hex'),
  createHash('sha256').update(one).digest('hex'),
  createHash('sha256').update(one).digest('base64'),
])
const pieceLength = 8
const pieces = canaries.flatMap((canary) =>
  Array.from({ length: canary.length - pieceLength + 1 }, (_piece, at) => canary.slice(at, at + pieceLength)),
)

const personal = { MallUserId: 'canaryuser77', MallReserved: 'canary 홍길동 010-9999-1111', CancelPwd: '837465' }
const personalPieces = ['canaryuser77', '홍길동', '010-9999-1111', '837465', 'ShopsOwnField', 'canary']

const form = { EdiDate: '20261123143000', Mid: 'ssptest01m', Amt: '1234000', SspMallId: 'SSPTEST00p', ...personal }
const inner = {
  ...form,
  Tid: 'ssptest01m01012501020304104338',
  CancelAmt: '1004',
  PartialCancelCode: '0',
  ResultCode: '3001',
}

const signed = (text: string): readonly string[] => [
  createHash('sha256').update(text).digest('hex'),
  createHash('sha256').update(text).digest('base64'),
  createHash('md5').update(text).digest('hex'),
  text,
]

const cipher = (name: string, encryption: string | Uint8Array, iv: Uint8Array | null, text: string): string => {
  const encrypted = createCipheriv(name, encryption, iv)
  return Buffer.concat([encrypted.update(text), encrypted.final()]).toString('base64')
}

function everything(): readonly (Explanation | undefined)[] {
  const [joined, zeroIv] = [`${form.EdiDate}${form.Mid}${form.Amt}`, Buffer.alloc(16)]
  const values = [...keys, key.slice(0, 32), ''].flatMap((one) => signed(`${joined}${one}`)).concat(keys, 'x', '')
  // A shop may put its key anywhere.
  const places: readonly WireText[] = [
    {},
    { Mid: key },
    { Amt: key, CancelAmt: key },
    { Tid: key, EdiDate: key.slice(0, 32) },
  ]
  const texts = [
    JSON.stringify(form),
    JSON.stringify({ ...form, MallUserId: undefined, mall_user_id: personal.MallUserId, ShopsOwnField: key }),
    JSON.stringify({ param: form }),
    JSON.stringify({ Mid: key, EncData: key }),
    new URLSearchParams(form).toString(),
    JSON.stringify(form).slice(0, 90),
  ]
  const bodies = texts.flatMap((text) => [
    text,
    encryptText(text, key),
    cipher('aes-256-ecb', key.slice(0, 32), null, text),
    cipher('aes-256-cbc', key.slice(-32), zeroIv, text),
    cipher('aes-256-cbc', key.slice(0, 32), randomBytes(16), text),
    cipher('aes-256-cbc', otherKeys[0]?.key.slice(0, 32) ?? '', zeroIv, text),
  ])
  const options = { table: memberDeletionRequest, merchantId: 'ssptest01m' }
  return [
    ...values.flatMap((signature) =>
      places.flatMap((place) => {
        const fields = {
          ...inner,
          ...place,
          EncryptData: signature,
          VerifyValue: signature,
          HashData: signature,
          SignValue: signature,
        }
        return names.map((name) => explainSignature(name, fields, given))
      }),
    ),
    ...bodies.map((body) => explainSealedBody(body, given, options)),
  ]
}

test('no explanation holds a piece of a key, of its hash, or of what is personal', () => {
  const explanations = everything().filter((explanation) => explanation !== undefined)
  assert.ok(explanations.length > 200)
  assert.ok(new Set(explanations.flatMap(({ mistakes }) => mistakes)).size > 8)
  const text = JSON.stringify(explanations)
  for (const piece of [...pieces, ...personalPieces]) assert.ok(!text.includes(piece), piece)
})

const long = '9'.repeat(20_000)
const random = (): string => randomBytes(32).toString('base64')
const explanations: readonly (readonly [name: string, explain: () => unknown])[] = [
  ...names.flatMap((name) => {
    const { field } = signatures[name]
    return [inner, { ...inner, Amt: long }, { ...inner, Tid: long, Moid: long }].map(
      (fields, index) =>
        [`${field} ${index}`, () => explainSignature(name, { ...fields, [field]: random() }, given)] as const,
    )
  }),
  ...[208, 12_000, 40_000].map(
    (length) =>
      [`EncData of ${length}`, () => explainSealedBody(randomBytes(length).toString('base64'), given)] as const,
  ),
  ['EncData as hexadecimal', () => explainSealedBody(randomBytes(8_000).toString('hex'), given)],
  ['EncData cut off', () => explainSealedBody(encryptText('x'.repeat(9_000), key).slice(0, -100), given)],
]

/** Some ten milliseconds of a processor. */
const most = { calls: 3_000, bytes: 2_000_000 }

for (const [name, explain] of explanations)
  test(`looking for what no mistake explains takes a bounded number of digests: ${name}`, (t) => {
    const { calls, bytes } = countCrypto(explain)
    t.diagnostic(`${name}: ${calls} digests and decryptions, ${bytes} bytes hashed`)
    assert.ok(calls > 0)
    assert.ok(calls <= most.calls && bytes <= most.bytes)
  })
