import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  billKeyDeletionRequest,
  billKeySuccesses,
  cardCompanies,
  describeProblem,
  type FieldProblem,
  findCardCompany,
  findResultReason,
  memberDeletionRequest,
  paymentMethods,
  resultCodes,
  sealedEnvelope,
} from '../../src/index.ts'
import { problemOf } from '../../src/message-codec.ts'
import { lengthOf, tables } from '../tables.ts'

const rows = Object.entries(resultCodes)
const successes = ['authenticated', 'approved', 'cancelled', 'member_deleted', 'member_without_card_deleted']

describe('result codes', () => {
  test('one reason, one code, and back', () => {
    assert.equal(new Set(rows.map(([, { code }]) => code)).size, rows.length)
    for (const [reason, { code }] of rows) assert.equal(findResultReason(code), reason)
    assert.equal(findResultReason('9999'), undefined)
    assert.equal(findResultReason('__proto__'), undefined)
  })

  test('the codes are in the order of their numbers', () => {
    const codes = rows.map(([, { code }]) => code)
    assert.deepEqual(codes, codes.toSorted())
  })

  test('sentences fit ResultMsg: 100 characters, 80 where a deletion may answer them', () => {
    for (const [reason, { ko, en }] of rows) {
      for (const words of [ko, en]) assert.ok(lengthOf(words) > 0 && lengthOf(words) <= 80, reason)
    }
  })

  test('shops that look for 성공 or 3001 see an approval only in an approval', () => {
    assert.equal(resultCodes.approved.ko, '카드 결제 성공')
    for (const [reason, { code, ko }] of rows) {
      if (successes.includes(reason)) continue
      assert.ok(!ko.includes('성공') && code !== '3001', reason)
    }
  })
})

test('successes of bill keys have codes that shops know as success', () => {
  assert.equal(findResultReason(billKeySuccesses.issued.code), 'approved')
  assert.ok(billKeySuccesses.issued.ko.includes('성공'))
  assert.equal(findResultReason(billKeySuccesses.deleted.code), 'member_deleted')
})

describe('card companies', () => {
  test('47 companies, one code each, in order', () => {
    const codes = cardCompanies.map(({ code }) => code)
    assert.equal(codes.length, 47)
    assert.deepEqual(codes, [...new Set(codes)].sort())
  })

  test('an acquirer is itself a company', () => {
    for (const { acquirerCode } of cardCompanies) {
      if (acquirerCode !== undefined) assert.equal(findCardCompany(acquirerCode)?.acquirerCode, acquirerCode)
    }
  })

  test('only ten cannot be asked for', () => {
    const codes = cardCompanies.filter(({ isSelectable }) => !isSelectable).map(({ code }) => code)
    assert.deepEqual(codes, ['36', '47', '48', '49', '50', '51', '52', '53', '54', '55'])
    assert.equal(findCardCompany('06')?.name, '신한')
    assert.equal(findCardCompany('99'), undefined)
  })
})

test('the methods of the guide are thirteen', () => {
  assert.equal(
    Object.keys(paymentMethods).join(','),
    'CARD,BANK,VBANK,CELLPHONE,NAVER,KAKAO,PAYCO,LPAY,PINPAY,SAMSUNGPAY,TOSS,LINEPAY,TMONEYPAY',
  )
})

describe('a sentence about a field', () => {
  const rules = ['missing', 'too_long', 'malformed', 'repeated'] as const
  const problems: readonly FieldProblem[] = [...tables.values()].flatMap((table) =>
    Object.entries(table).flatMap(([wireName, field]) => rules.map((rule) => problemOf(wireName, field, rule))),
  )

  test('names field, label and limit in both languages and fits ResultMsg', () => {
    for (const problem of problems) {
      const { ko, en } = describeProblem(problem)
      for (const words of [ko, en]) {
        assert.ok(words.includes(problem.field) && words.includes(problem.label), words)
        if (problem.rule !== 'repeated') assert.ok(words.includes(String(problem.maxLength)), words)
      }
      assert.ok(lengthOf(ko) <= 100, `${lengthOf(ko)}: ${ko}`)
    }
  })

  test('fits the 80 characters of a deletion answer', () => {
    for (const table of [sealedEnvelope, memberDeletionRequest, billKeyDeletionRequest]) {
      for (const [wireName, field] of Object.entries(table)) {
        for (const rule of rules) {
          const { ko } = describeProblem(problemOf(wireName, field, rule))
          assert.ok(lengthOf(ko) <= 80, ko)
        }
      }
    }
  })

  test('differs by rule', () => {
    const sentences = new Set(problems.slice(0, rules.length).map((problem) => describeProblem(problem).ko))
    assert.equal(sentences.size, rules.length)
  })
})
