import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paymentRequest, readMessage } from '@sspay/protocol'
import { explainValues } from '../../src/http/explain-value.ts'
import { openWindowFixture, post } from '../payment-window/buyer.ts'
import { requestForm } from '../payment-window/request-form.ts'

const explain = (fields: Readonly<Record<string, string>>) => {
  const read = readMessage(paymentRequest, fields)
  return explainValues(paymentRequest, fields, read.ok ? [] : read.problems)?.words
}

for (const [field, came, right] of [
  ['Amt', '1,004', '1004'],
  ['Amt', '1004원', '1004'],
  ['Amt', '₩1,004', '1004'],
  ['Amt', '1004.00', '1004'],
  ['EdiDate', '2025-01-02 03:04:05', '20250102030405'],
] as const)
  test(`${field}=${came} names ${right}`, () =>
    assert.deepEqual(explain({ [field]: came }), {
      ko: `${field}=${came}: ${right}(으)로 보내세요.`,
      en: `${field}=${came}: send ${right}.`,
    }))

test('nothing is guessed of other values, and nothing personal is shown', () => {
  for (const fields of [{ Amt: '-5' }, { Amt: '1004.50' }, { Amt: '<b>' }, { Moid: '1,004' }, { BuyerName: '' }, {}])
    assert.equal(explain(fields), undefined, JSON.stringify(fields))
})

test('the page of a rejected request shows what came and what to send', async (t) => {
  const fixture = await openWindowFixture()
  t.after(() => fixture.close())
  const answer = await fixture.app.request('/ssp/reqPay.do', post({ ...requestForm(), Amt: '1,004' }))
  assert.equal(answer.headers.get('x-sspay-result'), 'S001')
  assert.match(await answer.text(), /Amt=1,004: 1004\(으\)로 보내세요/)
})
