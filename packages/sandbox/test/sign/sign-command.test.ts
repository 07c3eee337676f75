import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openBody } from '@sspay/protocol/sealed-body'
import vectors from '@sspay/protocol/vectors/signatures.json' with { type: 'json' }
import { sign, signatures } from '../../src/sign/signatures.ts'
import { run } from '../command-line/support.ts'

const key = vectors.MerchantKey
const folder = await mkdtemp(join(tmpdir(), 'sspay-sign-'))
after(() => rm(folder, { recursive: true, force: true }))
const keyFile = join(folder, 'key.txt')
await writeFile(keyFile, `${key}\n`)
const billKey = 'BTK0000000000000001'
const billKeyFile = join(folder, 'bill-key.txt')
await writeFile(billKeyFile, `${billKey}\n`)

/** How each vector is typed. */
const typed: Readonly<Record<string, (fields: Readonly<Record<string, string>>) => readonly string[]>> = {
  'EncryptData of the payment request': ({ EdiDate = '', Mid = '', Amt = '' }) => [
    'payment',
    '--edi-date',
    EdiDate,
    '--mid',
    Mid,
    '--amount',
    Amt,
  ],
  'VerifyValue of the member deletion, without a key': ({ Mid = '', SspMallId = '', MallUserId = '' }) => [
    'deletion',
    '--mid',
    Mid,
    '--mall-id',
    SspMallId,
    '--customer',
    MallUserId,
  ],
  'HashData of a full cancel': ({ Tid = '', CancelAmt = '' }) => ['cancel', '--tid', Tid, '--amount', CancelAmt],
  'HashData of a partial cancel': ({ Tid = '', CancelAmt = '' }) => [
    'cancel',
    '--tid',
    Tid,
    '--amount',
    CancelAmt,
    '--partial',
  ],
  'SignValue of an approved payment': ({ Tid = '', ResultCode = '' }) => ['result', '--tid', Tid, '--code', ResultCode],
  'VerifyValue of the request for a bill key, with a constant in place of a key': ({
    EdiDate = '',
    Mid = '',
    Moid = '',
  }) => ['bill-key-request', '--edi-date', EdiDate, '--mid', Mid, '--order', Moid],
  'VerifyValue of the result of issuing a bill key, over the decrypted key': ({
    Mid = '',
    DisplayCardNo = '',
    ResultCode = '',
  }) => [
    ...['bill-key-result', '--mid', Mid, '--bill-key-file', billKeyFile],
    ...['--masked-card', DisplayCardNo, '--code', ResultCode],
  ],
  'VerifyValue of a payment with a bill key': ({ Mid = '', Amt = '' }) => [
    ...['bill-key-charge', '--mid', Mid, '--bill-key-file', billKeyFile, '--amount', Amt],
  ],
  'VerifyValue of the deletion of a bill key': ({ Mid = '', SspMallId = '' }) => [
    ...['bill-key-deletion', '--mid', Mid, '--bill-key-file', billKeyFile, '--mall-id', SspMallId],
  ],
}

for (const { name, fields, expected, field } of vectors.signatures.filter(({ name }) => name in typed))
  test(`the golden vector: ${name}`, async () => {
    const given = ['sign', ...(typed[name]?.(fields) ?? []), '--key-file', keyFile]
    const shown = await run(['--lang', 'ko', ...given])
    assert.equal(shown.exitCode, 0, shown.errors)
    assert.ok(shown.output.startsWith(`${field} = `) && shown.output.includes(`  ${expected}\n`), shown.output)
    const { result, joined } = JSON.parse((await run([...given, '--json'])).output)
    assert.equal(result, expected)
    const hashed = joined.replace('<MerchantKey>', key).replace('<BillTokenKey>', billKey)
    const digest = createHash('sha256').update(hashed).digest('base64')
    assert.equal(digest, expected, 'the text that is shown is the text that is hashed')
  })

test('every vector of SHA-256 is typed', () => {
  const left = vectors.signatures.filter((vector) => vector.algorithm === 'sha256Base64' && !(vector.name in typed))
  assert.deepEqual(left, [])
})

test('a registration without a window is signed like the request for the window', async () => {
  const given = ['--sandbox', '--order', 'ORD0001', '--edi-date', '20250102030405', '--json']
  const [registration, request] = await Promise.all(
    ['bill-key-registration', 'bill-key-request'].map((verb) => run(['sign', verb, ...given])),
  )
  assert.equal(registration?.exitCode, 0, registration?.errors)
  assert.equal(registration?.output, request?.output)
})

test('no output contains a bill key, or the key or the part of it that encrypts', async () => {
  for (const [verb, more] of Object.entries(optionsOf))
    for (const json of [[], ['--json']]) {
      const given = ['sign', verb, '--sandbox', ...more, ...json]
      const { exitCode, output, errors } = await run(given, { input: deletion })
      assert.equal(exitCode, 0, errors)
      assert.ok(output.length > 0, verb)
      for (const secret of [key.slice(0, 32), billKey]) assert.ok(!(output + errors).includes(secret), verb)
    }
})

const deletion = '{"Mid":"ssptest01m","SspMallId":"SSPTEST00p","MallUserId":"user0001","ServiceType":"MD"}'
const tid = 'ssptest01m01012501020304104338'
const optionsOf = {
  payment: ['--amount', '1004'],
  deletion: ['--customer', 'user0001'],
  cancel: ['--tid', tid, '--amount', '1004'],
  result: ['--tid', tid],
  'bill-key-request': ['--order', 'CARD0001'],
  'bill-key-registration': ['--order', 'CARD0001'],
  'bill-key-result': ['--bill-key-file', billKeyFile, '--masked-card', '9406-****-****-0001'],
  'bill-key-charge': ['--bill-key-file', billKeyFile, '--amount', '9900'],
  'bill-key-deletion': ['--bill-key-file', billKeyFile],
  encrypt: [],
}

test('a payment is dated now in Korean time', async () => {
  const startedAt = Date.now()
  const { output } = await run(['sign', 'payment', '--sandbox', '--amount', '1004', '--json'])
  const date = String(JSON.parse(output).values.EdiDate)
  const dated = Date.parse(`${date.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6')}+09:00`)
  // The date is in whole seconds.
  assert.ok(startedAt - 1_000 < dated && dated <= Date.now(), date)
})

test('EncData decrypts to the text that was given, from a file or piped in', async () => {
  const file = join(folder, 'deletion.json')
  await writeFile(file, `${deletion}\n`)
  for (const given of [
    ['sign', 'encrypt', file],
    ['sign', 'encrypt'],
    ['sign', 'encrypt', '-'],
  ]) {
    const { exitCode, output } = await run([...given, '--json'], {
      input: deletion,
      environment: { SSPAY_MERCHANT_KEY: key },
    })
    assert.equal(exitCode, 0)
    const { envelope } = JSON.parse(output)
    assert.equal(envelope.Mid, 'ssptest01m')
    assert.deepEqual({ ...openBody(envelope.EncData, key) }, JSON.parse(deletion))
  }
})

test('encrypting a wrong message reports what is wrong', async () => {
  const { exitCode, errors } = await run(['--lang', 'ko', 'sign', 'encrypt', '--sandbox'], { input: deletion })
  assert.equal(exitCode, 0)
  assert.match(errors, /위·변조 검증값\(VerifyValue\): 필수 값이 없습니다/)
})

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no key', ['payment', '--mid', 'ssptest01m', '--amount', '1004'], /--key-file FILE.*SSPAY_MERCHANT_KEY/],
  ['a key as an argument', ['payment', '--key', key], /ps와 셸 기록/],
  ['a key as an argument, spelt otherwise', ['payment', `--merchant-key=${key}`], /ps와 셸 기록/],
  ['a file that is not there', ['payment', '--key-file', '/nothing/key.txt'], /\/nothing\/key\.txt/],
  ['an amount with commas', ['payment', '--sandbox', '--amount', '1,004'], /Amt.*형식이 올바르지/],
  ['no amount', ['payment', '--sandbox'], /Amt.*필수 값이 없/],
  ['a date of the wrong length', ['payment', '--sandbox', '--amount', '1', '--edi-date', '2025'], /EdiDate/],
  ['another verb’s option', ['payment', '--sandbox', '--tid', tid], /--tid.*cancel, result/],
  ['a misspelt verb', ['paymen', '--sandbox'], /payment 인가요\?/],
  [
    'a bill key as an argument',
    ['bill-key-charge', '--sandbox', '--bill-key', billKey],
    /ps와 셸 기록.*--bill-key-file/,
  ],
  ['no bill key', ['bill-key-charge', '--sandbox', '--amount', '9900'], /BillTokenKey.*필수 값이 없/],
  [
    'a bill key file that is not there',
    ['bill-key-deletion', '--sandbox', '--bill-key-file', '/nothing/bill.txt'],
    /--bill-key-file \/nothing\/bill\.txt/,
  ],
  ['no JSON', ['encrypt', '--sandbox'], /JSON/],
]
for (const [name, given, expected] of wrong)
  test(`wrong usage: ${name}`, async () => {
    const { exitCode, output, errors } = await run(['sign', ...given], { input: 'Mid=1&Amt=2' })
    assert.deepEqual([exitCode, output], [2, ''])
    assert.match(errors, expected)
    assert.ok(!errors.includes(key) && !errors.includes(billKey))
  })

test('a file that holds no key is named, and not what it holds', async () => {
  const file = join(folder, 'short.txt')
  await writeFile(file, 'tooshortforakey')
  const { exitCode, errors } = await run([
    'sign',
    'payment',
    '--key-file',
    file,
    '--mid',
    'ssptest01m',
    '--amount',
    '1',
  ])
  assert.equal(exitCode, 2)
  assert.ok(errors.includes(file) && !errors.includes('tooshortforakey'))
})

test('the pieces of each signature are in the order of the guide', () => {
  const values = { Tid: tid, ResultCode: '3001', EdiDate: '1', Mid: '2', Amt: '3' }
  assert.equal(sign(signatures.payment, values, key).joined, '123<MerchantKey>')
  const { joined, formula } = sign(signatures.result, values, key)
  assert.equal(joined, `ssptest01m3001${tid.slice(10, 15)}<MerchantKey>${tid.slice(15)}`)
  assert.equal(formula, 'Base64(SHA-256(Tid[0..10) + ResultCode + Tid[10..15) + MerchantKey + Tid[15..)))')
})
