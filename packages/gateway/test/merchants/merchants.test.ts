import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { approvalResult, findUnwritable } from '@sspay/protocol'
import fc from 'fast-check'
import { anyCharacter } from '../../../../test/support/any-character.ts'
import { awkwardNames } from '../../../../test/support/awkward-names.ts'
import { createKeyRing } from '../../src/keyring.ts'
import { findMerchantProblems, type Merchant, MerchantError, type MerchantProblem } from '../../src/merchants/model.ts'
import { findMerchant, listMerchants, saveMerchant } from '../../src/merchants/store.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { createTestContext, type TestContext, testMerchant, testRootKey } from '../support.ts'

let world: TestContext

before(async () => {
  world = await createTestContext()
})
after(() => world.close())

test('a saved merchant is found again as it was', async () => {
  await saveMerchant(world.context, testMerchant)
  const found = await findMerchant(world.context, testMerchant.merchantId)
  assert.deepEqual(shown(found), shown(testMerchant))
  assert.equal(await findMerchant(world.context, 'ssptest99m'), undefined)
})

test('a new key holds for the very next payment, also when another process has saved it', async () => {
  await saveMerchant(world.context, testMerchant)
  await findMerchant(world.context, testMerchant.merchantId)
  const another = { ...world.context, keyRing: createKeyRing(realRuntime, new Secret(testRootKey)) }
  await saveMerchant(another, { ...testMerchant, cancelPassword: new Secret('654321') })
  const found = await findMerchant(world.context, testMerchant.merchantId)
  assert.equal(found?.cancelPassword.expose(), '654321')
})

test('saving again replaces', async () => {
  const renamed = {
    ...testMerchant,
    name: '새 이름',
    repeatedApproval: 'reject',
    repeatedCancellation: 'reject',
    repeatedDeletion: 'reject',
    abortCode: 'W034',
    acceptsLegacySignature: true,
    showsCardsBeforePassword: true,
    cardNetworkTimeoutMs: 3_000,
    allowedOrigins: ['https://www.shop.example', 'http://localhost:3000'],
    interestFree: [{ issuerCode: '04', months: [2, 3], minimumAmount: 50_000, from: new Date('2025-03-01') }],
  } as const
  await saveMerchant(world.context, renamed)
  await saveMerchant(world.context, { ...testMerchant, merchantId: 'ssptest00m' })
  const merchants = await listMerchants(world.context)
  assert.deepEqual(
    merchants.map(({ merchantId, name }) => [merchantId, name]),
    [
      ['ssptest00m', testMerchant.name],
      ['ssptest01m', '새 이름'],
    ],
  )
  assert.deepEqual(shown(merchants[1]), shown(renamed))
})

const rejections: readonly [MerchantProblem, Partial<Merchant>][] = [
  ['merchant_id', { merchantId: 'ssptest1m' }],
  ['merchant_id', { merchantId: 'ssptest001m' }],
  ['merchant_id', { merchantId: 'ssptest-1m' }],
  ['easy_pay_merchant_id', { easyPayMerchantId: '' }],
  ['easy_pay_merchant_id', { easyPayMerchantId: 'SSPTEST000p' }],
  ['name', { name: ' ' }],
  ['name', { name: '탭\t상점' }],
  ['name', { name: '줄\n바꿈' }],
  ['name', { name: '줄\u2028바꿈' }],
  ['name', { name: 'reversed \u202e name' }],
  ['name', { name: 'half a surrogate \ud83d' }],
  ['name', { name: '\0' }],
  ['name', { name: '가'.repeat(61) }],
  ['merchant_key', { merchantKey: new Secret('k'.repeat(31)) }],
  ['merchant_key', { merchantKey: new Secret('가'.repeat(88)) }],
  ['cancel_password', { cancelPassword: new Secret('12345') }],
  ['cancel_password', { cancelPassword: new Secret('12345a') }],
  ['limits', { cardNetworkTimeoutMs: 0 }],
  ['limits', { minimumAmount: 0 }],
  ['limits', { minimumAmount: 0.5 }],
  ['limits', { requestMaxAgeMs: -1 }],
  ['acquirer_merchant_number', { acquirerMerchantNumber: '12-34' }],
  ['identity_match', { identityMatch: 'name', identityVerification: 'off' }],
  ['acquirer_merchant_number', { acquirerMerchantNumber: '' }],
  ['acquirer_merchant_number', { acquirerMerchantNumber: '1'.repeat(16) }],
  ['allowed_origins', { allowedOrigins: ['https://shop.example/'] }],
  ['allowed_origins', { allowedOrigins: ['https://shop.example', 'https://*.shop.example'] }],
  ['allowed_origins', { allowedOrigins: ['https://Shop.example'] }],
  ['allowed_origins', { allowedOrigins: ['https://shop.example:443'] }],
  ['allowed_origins', { allowedOrigins: ['ftp://shop.example'] }],
  ['allowed_origins', { allowedOrigins: ['https://a.example https://b.example'] }],
  ['allowed_origins', { allowedOrigins: Array.from({ length: 51 }, (_, index) => `https://shop${index}.example`) }],
  ['interest_free', { interestFree: [{ months: [1], minimumAmount: 50_000 }] }],
  ['interest_free', { interestFree: [{ months: [3], minimumAmount: 0.5 }] }],
  ['interest_free', { interestFree: [{ months: [3], minimumAmount: 0, from: new Date(Number.NaN) }] }],
]

for (const [problem, change] of rejections) {
  test(`a merchant with ${inspect(change)} is rejected for its ${problem}`, async () => {
    const merchant = { ...testMerchant, ...change }
    assert.deepEqual(findMerchantProblems(merchant), [problem])
    await assert.rejects(saveMerchant(world.context, merchant), (error: MerchantError) => {
      assert.ok(error instanceof MerchantError)
      assert.deepEqual(error.problems, [problem])
      return !inspect(error).includes(merchant.merchantKey.expose())
    })
  })
}

for (const name of awkwardNames)
  test(`a merchant may be called ${name}`, () => {
    assert.deepEqual(findMerchantProblems({ ...testMerchant, name }), [])
  })

test('a merchant that can be saved can be answered: its settings are what the answer carries', () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 70 }),
    fc.string({ unit: 'grapheme', maxLength: 70 }),
  )
  fc.assert(
    fc.property(text, fc.oneof(text, fc.stringMatching(/^[0-9]{0,17}$/)), (name, acquirerMerchantNumber) => {
      const problems = findMerchantProblems({ ...testMerchant, name, acquirerMerchantNumber })
      const unwritable = findUnwritable(approvalResult, { companyName: name, acquirerMerchantNumber })
      if (problems.length === 0) assert.deepEqual(unwritable, [])
      assert.equal(unwritable.includes('companyName') && !problems.includes('name'), false)
    }),
  )
})

test('a merchant prints without its secrets', () => {
  for (const printed of [inspect(testMerchant), JSON.stringify(testMerchant), `${testMerchant.merchantKey}`]) {
    assert.ok(!printed.includes(testMerchant.merchantKey.expose()))
    assert.ok(!printed.includes(testMerchant.cancelPassword.expose()))
  }
})

const shown = (merchant: Merchant | undefined) =>
  merchant && {
    ...merchant,
    merchantKey: merchant.merchantKey.expose(),
    cancelPassword: merchant.cancelPassword.expose(),
  }
