import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineMerchant } from '../src/merchant.ts'
import { MerchantEnvironmentError, readMerchantConfig } from '../src/merchant-environment.ts'
import { merchantKey } from './samples.ts'

const right = {
  SSPAY_MERCHANT_ID: ' moonshop1m ',
  SSPAY_EASY_PAY_MERCHANT_ID: 'MOONSHOP1p',
  SSPAY_MERCHANT_KEY: 'canary-key-canary-key-canary-key-0123==',
  SSPAY_ENVIRONMENT: 'staging',
  SSPAY_ORDER_SIGNING_KEYS: 'signing-key-canary-signing-key-canary',
}

const errorOf = (change: Readonly<Record<string, string | undefined>>): MerchantEnvironmentError => {
  try {
    readMerchantConfig({ ...right, ...change })
  } catch (error) {
    assert.ok(error instanceof MerchantEnvironmentError)
    return error
  }
  throw new Error('it was taken')
}

test('a whole environment makes a merchant', () => {
  const merchant = defineMerchant(readMerchantConfig(right))
  assert.equal(merchant.merchantId, 'moonshop1m')
  assert.equal(merchant.exposeMerchantKey(), right.SSPAY_MERCHANT_KEY)
  assert.equal(merchant.signsOrders, true)
})

test('two order signing keys are a change of keys, and a gateway of one’s own is an origin', () => {
  const keys = `${right.SSPAY_ORDER_SIGNING_KEYS}, ${right.SSPAY_ORDER_SIGNING_KEYS}2`
  const environment = { ...right, SSPAY_ENVIRONMENT: 'http://localhost:4610/x', SSPAY_ORDER_SIGNING_KEYS: keys }
  const config = readMerchantConfig(environment)
  assert.deepEqual(config.environment, { origin: 'http://localhost:4610' })
  assert.deepEqual(defineMerchant(config).exposeSigningKeys(), keys.split(', '))
})

test('an empty environment names every variable once', () => {
  const nothing = Object.fromEntries(Object.keys(right).map((name) => [name, undefined]))
  assert.deepEqual(errorOf(nothing).variables, Object.keys(right))
})

const wrong: readonly (readonly [variable: string, value: string])[] = [
  ['SSPAY_MERCHANT_ID', 'short'],
  ['SSPAY_MERCHANT_ID', '상점아이디열글자입니다'],
  ['SSPAY_EASY_PAY_MERCHANT_ID', 'MOONSHOP1p2'],
  ['SSPAY_MERCHANT_KEY', 'canary-short'],
  ['SSPAY_MERCHANT_KEY', `${right.SSPAY_MERCHANT_KEY}\n`],
  ['SSPAY_MERCHANT_KEY', `"${right.SSPAY_MERCHANT_KEY}"`],
  ['SSPAY_ENVIRONMENT', 'prod'],
  ['SSPAY_ENVIRONMENT', 'pay.example'],
  ['SSPAY_ORDER_SIGNING_KEYS', 'canary'],
  ['SSPAY_ORDER_SIGNING_KEYS', right.SSPAY_MERCHANT_KEY],
  ['SSPAY_ORDER_SIGNING_KEYS', [1, 2, 3].map((at) => `${right.SSPAY_ORDER_SIGNING_KEYS}${at}`).join(',')],
]

for (const [variable, value] of wrong)
  test(`${variable} is named and not shown: ${JSON.stringify(value).slice(0, 24)}`, () => {
    const error = errorOf({ [variable]: value })
    assert.deepEqual(error.variables, [variable])
    assert.match(error.message, /[가-힣].* \/ .*[a-z]/)
    assert.doesNotMatch(error.message, /canary/)
  })

test('a key in quotes is named with the rule for it', () => {
  const { message } = errorOf({ SSPAY_MERCHANT_KEY: `"${right.SSPAY_MERCHANT_KEY}"` })
  assert.match(message, /SSPAY_MERCHANT_KEY.*발급받은 그대로.*따옴표.* 없이.* \/ .*exactly as issued.*no .*quotes/)
})

for (const SSPAY_ENVIRONMENT of ['staging', 'production'])
  test(`the public merchant of the sandbox does not meet ${SSPAY_ENVIRONMENT}`, () => {
    assert.match(
      errorOf({ SSPAY_MERCHANT_ID: 'ssptest01m', SSPAY_ENVIRONMENT }).message,
      /공개 상점으로는 .*접속할 수 없습니다. 발급받은/,
    )
  })

test('the public key of the sandbox does not meet a real service under another name', () => {
  const SSPAY_MERCHANT_KEY = merchantKey
  assert.match(errorOf({ SSPAY_MERCHANT_KEY }).message, /샌드박스의 공개 상점/)
})

test('the guide’s id for tests does not meet production', () => {
  const change = { SSPAY_EASY_PAY_MERCHANT_ID: 'SMTSSPAY0p' }
  assert.match(errorOf({ ...change, SSPAY_ENVIRONMENT: 'production' }).message, /SMTSSPAY0p/)
  assert.equal(readMerchantConfig({ ...right, ...change }).easyPayMerchantId, 'SMTSSPAY0p')
})

test('the hosts of the guide are named, not addressed', () => {
  const change = { SSPAY_ENVIRONMENT: 'https://tapproval.smartropay.co.kr' }
  assert.deepEqual(errorOf(change).variables, ['SSPAY_ENVIRONMENT'])
})

test('it may meet a sandbox', () => {
  const environment = { ...right, SSPAY_MERCHANT_ID: 'ssptest01m', SSPAY_ENVIRONMENT: 'http://localhost:4610' }
  assert.equal(readMerchantConfig(environment).merchantId, 'ssptest01m')
})
