import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  findInterestFreeProblems,
  type InterestFreeRule,
  isInterestFree,
  readInterestFree,
  writeInterestFree,
} from '../../src/merchants/interest-free.ts'

const from = new Date('2025-03-01T00:00:00+09:00')
const until = new Date('2025-04-01T00:00:00+09:00')
const everyCard: InterestFreeRule = { months: [2, 3], minimumAmount: 50_000 }
const samsungInMarch: InterestFreeRule = { issuerCode: '04', months: [4, 5, 6], minimumAmount: 100_000, from, until }
const rules = [everyCard, samsungInMarch]
const purchase = { issuerCode: '04', installmentMonths: 6, amount: 100_000, at: from }

for (const [name, change, expected] of [
  ['the first moment of the rule', {}, true],
  ['the moment before it', { at: new Date(from.getTime() - 1) }, false],
  ['the last moment', { at: new Date(until.getTime() - 1) }, true],
  ['the moment after it', { at: until }, false],
  ['a smaller amount', { amount: 99_999 }, false],
  ['other months', { installmentMonths: 7 }, false],
  ['another issuer', { issuerCode: '06' }, false],
  ['another issuer, months that every card has', { issuerCode: '06', installmentMonths: 3 }, true],
  ['a lump sum', { installmentMonths: 0 }, false],
] as const) {
  test(`${name}: ${expected ? 'free of interest' : 'with interest'}`, () =>
    assert.equal(isInterestFree(rules, { ...purchase, ...change }), expected))
}

test('without a rule nothing is free of interest', () => assert.equal(isInterestFree([], purchase), false))

test('rules are read as they were written', () => {
  const written: unknown = JSON.parse(writeInterestFree(rules))
  assert.deepEqual(findInterestFreeProblems(written), [])
  assert.deepEqual(readInterestFree(written), rules)
})

const right = { months: [3], minimumAmount: 50_000 }
for (const [written, problems] of [
  [{}, ['interestFree']],
  [Array.from({ length: 201 }, () => right), ['interestFree']],
  [[null], ['interestFree[0]']],
  [[[]], ['interestFree[0]']],
  [
    [right, {}],
    ['interestFree[1].months', 'interestFree[1].minimumAmount'],
  ],
  [[{ ...right, months: [] }], ['interestFree[0].months']],
  [[{ ...right, months: [1] }], ['interestFree[0].months']],
  [[{ ...right, months: [13] }], ['interestFree[0].months']],
  [[{ ...right, months: ['3'] }], ['interestFree[0].months']],
  [[{ ...right, minimumAmount: -1 }], ['interestFree[0].minimumAmount']],
  [[{ ...right, issuerCode: '99' }], ['interestFree[0].issuerCode']],
  [[{ ...right, issuerCode: 4 }], ['interestFree[0].issuerCode']],
  [[{ ...right, from: '2025-03-01' }], ['interestFree[0].from']],
  [[{ ...right, until: '2025-03-01T00:00:00' }], ['interestFree[0].until']],
  [[{ ...right, until: '2025-13-01T00:00:00+09:00' }], ['interestFree[0].until']],
  [[{ ...right, from: until, until: from }].map((rule) => JSON.parse(JSON.stringify(rule))), ['interestFree[0].until']],
  [[{ ...right, month: 3 }], ['interestFree[0].month (no such field)']],
] as const) {
  const text = JSON.stringify(written)
  test(`${text.slice(0, 100)} is wrong in ${problems.join(', ')}`, () =>
    assert.deepEqual(findInterestFreeProblems(written), problems))
}
