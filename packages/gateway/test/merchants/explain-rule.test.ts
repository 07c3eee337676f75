import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AcceptedRequest } from '@sspay/protocol/internal'
import { explainRule, explainUnknownMerchant, type RuleFacts } from '../../src/merchants/explain-rule.ts'
import { openWindowFixture, post, type WindowFixture } from '../payment-window/buyer.ts'
import { requestForm, testMerchant } from '../payment-window/request-form.ts'

let fixture: WindowFixture
before(async () => {
  fixture = await openWindowFixture({ minimumAmount: 1_500, requestMaxAgeMs: 60 * 60_000 })
})
after(() => fixture.close())

const hourMs = 60 * 60_000
const now = new Date('2025-01-02T03:04:05+09:00')
const at = (hours: number): Date => new Date(now.getTime() + hours * hourMs)

describe('the page and its data name what came, the limit and the cure', () => {
  for (const { name, form, code, says } of [
    {
      name: 'an amount below the minimum',
      form: requestForm({ amount: 50 }),
      code: 'S007',
      says: [/Amt=50: 받은 금액은 50원.*최소 금액은 1,500원.*1,500원 이상을 보내세요/, /50 won came.*is 1,500 won/],
    },
    {
      name: 'an old time',
      form: requestForm({ requestedAt: at(-5 * 365 * 24) }),
      code: 'S003',
      says: [
        /2020-01-04 03:04:05.*게이트웨이의 시계는 2025-01-02 03:04:05.*1시간 전부터 10분 뒤까지.*새로/,
        /1 hours ago/,
      ],
    },
    {
      name: 'a time in UTC',
      form: requestForm({ requestedAt: at(-9) }),
      code: 'S003',
      says: [/9시간 이르므로 UTC.*Asia\/Seoul/, /nine hours behind.*UTC/],
    },
    {
      name: 'a time to which the zone was added twice',
      form: requestForm({ requestedAt: at(9) }),
      code: 'S004',
      says: [/시간대를 두 번/, /nine hours ahead/],
    },
    {
      name: 'an unknown merchant',
      form: requestForm({ merchantId: 'nobody001m' }),
      code: 'S005',
      says: [/Mid=nobody001m.*같은 환경/, /no such merchant/],
    },
  ]) {
    test(name, async () => {
      const answer = await fixture.app.request('/ssp/reqPay.do', post(form))
      assert.equal(answer.headers.get('x-sspay-result'), code)
      const text = await answer.text()
      const { cause } = JSON.parse(/data-rejection>(.*?)<\/script>/s.exec(text)?.[1] ?? '{}')
      for (const [index, expected] of says.entries()) {
        assert.match(index === 0 ? cause.ko : cause.en, expected)
        assert.match(text, expected)
      }
      assert.doesNotMatch(text, /<code>undefined/)
    })
  }
})

test('a sandbox names its own merchants', () => {
  const sandbox = { merchantId: 'ssptest01m', easyPayMerchantId: 'SSPTEST00p' }
  const request = { easyPayMerchantId: 'SSPOTHER0p' } as AcceptedRequest
  const facts: RuleFacts = { request, merchant: testMerchant, now, testMerchant: sandbox }
  for (const { ko, en } of [
    explainUnknownMerchant('nobody001m', sandbox).words,
    explainRule('easy_pay_merchant_mismatch', facts)?.words ?? assert.fail(),
  ])
    for (const text of [ko, en]) assert.match(text, /sspay merchants list.*Mid=ssptest01m, SspMallId=SSPTEST00p/)
  const elsewhere = explainRule('easy_pay_merchant_mismatch', { ...facts, testMerchant: undefined })?.words.ko ?? ''
  assert.match(elsewhere, /SspMallId=SSPOTHER0p: Mid=ssptest01m의 것이 아닙니다/)
  assert.doesNotMatch(elsewhere, /SSPTEST00p|sspay/)
})
