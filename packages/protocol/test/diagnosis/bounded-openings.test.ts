import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { explainSealedBody } from '../../src/diagnosis/explain.ts'
import { openWithin } from '../../src/diagnosis/opening-budget.ts'
import { encryptText } from '../../src/sealed-body.ts'
import { type CryptoWork, countCrypto } from './count-crypto.ts'

const merchantKey = randomBytes(64).toString('base64')
const otherKeys = [{ label: 'other', key: randomBytes(64).toString('base64') }]

/** All that the gateway reads of a body. */
const bodyLimit = 64 * 1024

const explained = (sealedBody: string): CryptoWork =>
  countCrypto(() => explainSealedBody(sealedBody, merchantKey, { otherKeys }))

const repeated = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
const bodies: Readonly<Record<string, (length: number) => string>> = {
  ...Object.fromEntries(
    ['7', 'a', '+', ' ', '=', '"', '%2B', '&#43;', '한'].map((unit) => [
      unit,
      (length: number) => `${repeated(unit, length - 1)}!`,
    ]),
  ),
  digits: (length) => repeated('7', length),
  base64: (length) => randomBytes(length).toString('base64').slice(0, length),
  hexadecimal: (length) => randomBytes(length).toString('hex').slice(0, length),
  cut: (length) => encrypted(length).slice(0, length - 100),
  'lost pluses': (length) => encrypted(length).replaceAll('+', ''),
}

/** A body of about this length that opens. */
const encrypted = (length: number): string =>
  encryptText(
    JSON.stringify({ Mid: 'ssptest01m', MallReserved: randomBytes((length * 3) / 8 - 32).toString('hex') }),
    merchantKey,
  )

for (const [name, make] of Object.entries(bodies))
  test(`a sealed body that does not open costs a bounded number of attempts and of bytes: ${name}`, (t) => {
    for (const length of [16_000, bodyLimit]) {
      const work = explained(make(length))
      t.diagnostic(`${length}: ${work.calls} decryptions of ${work.bytes} bytes`)
      // What is longer than its field may be is opened once, as it should be.
      assert.ok(work.calls <= 10_000, `${length}: ${work.calls} decryptions`)
      assert.ok(work.bytes <= (length > 16_384 ? length : 1_500_000), `${length}: ${work.bytes} bytes`)
    }
  })

test('what is opened to put lost characters + back is in proportion to the body', () => {
  for (const length of [4000, 16_000]) {
    const { bytes } = explained(encrypted(length).replaceAll('+', ''))
    assert.ok(bytes <= 60 * length + 400_000, `${length}: ${bytes} bytes`)
  }
})

test('a body that looks like text under many keys by chance is not opened with all of them', () => {
  const digest = (index: number): Buffer => createHash('sha256').update(`${index}`).digest()
  const others = Array.from({ length: 2500 }, (_key, index) => ({ label: 'other', key: digest(index).toString('hex') }))
  const body = Buffer.concat(Array.from({ length: 380 }, (_block, index) => digest(-index)))
  const work = countCrypto(() =>
    explainSealedBody(body.toString('base64'), digest(1).toString('hex'), { otherKeys: others }),
  )
  const samples = 96 * work.calls
  assert.ok(work.bytes - samples < 1024 * 1024 + 10 * body.length, `${work.bytes - samples} bytes beside the samples`)
})

test('no more bytes are opened than there is budget for', () => {
  const open = openWithin(100)
  const opened = [60, 60, 40, 1].map(
    (length) =>
      open((plaintext) => ({ plaintext, isPadded: false, isTail: false }), new Uint8Array(length), new Uint8Array())
        ?.plaintext.length,
  )
  assert.deepEqual(opened, [60, undefined, 40, undefined])
})
