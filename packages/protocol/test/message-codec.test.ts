import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  approvalResult,
  authenticationResult,
  describeMessage,
  type Field,
  FieldError,
  findUnwritable,
  maskMessage,
  memberDeletionRequest,
  paymentRequest,
  readMessage,
  writeMessage,
} from '../src/index.ts'
import { anyMessage, anyWireText, tables } from './tables.ts'

test('the package exports every message of the guide', () => {
  assert.deepEqual([...tables.keys()].sort(), [
    'abortResult',
    'approvalRequest',
    'approvalResult',
    'authenticationResult',
    'authenticationReturn',
    'billKeyChargeRequest',
    'billKeyDeletionRequest',
    'billKeyDeletionResult',
    'billKeyRegistrationRequest',
    'billKeyRequest',
    'billKeyResult',
    'cancelRequest',
    'cancelResult',
    'memberDeletionRequest',
    'memberDeletionResult',
    'notification',
    'paymentRequest',
    'sealedEnvelope',
  ])
})

for (const [name, table] of tables) {
  describe(name, () => {
    test('every message that can be written reads back the same', () => {
      fc.assert(
        fc.property(anyMessage(table), (message) => {
          const wire = writeMessage(table, message)
          assert.deepEqual(readMessage(table, wire), { ok: true, value: message, unknownFields: {}, ignored: [] })
        }),
      )
    })

    test('every text that is read matches the pattern of its format', () => {
      const formats = Object.entries<Field<string, unknown, boolean>>(table).map(([wireName, row]) => ({
        wireName,
        ...row.format,
      }))
      fc.assert(
        fc.property(
          fc.oneof(
            anyMessage(table).map((message) => writeMessage(table, message)),
            anyWireText(table),
          ),
          (wire) => {
            for (const { wireName, pattern, normalize, read } of formats) {
              const text = Object.hasOwn(wire, wireName) ? (wire[wireName] ?? '') : ''
              const spelled = normalize?.(text) ?? text
              if (pattern !== undefined && read(spelled) !== undefined) assert.match(spelled, pattern, wireName)
            }
          },
        ),
      )
    })

    test('what can be written has nothing unwritable, and a part of it neither', () => {
      fc.assert(
        fc.property(anyMessage(table), (message) => {
          assert.deepEqual(findUnwritable(table, message), [])
          for (const [name, value] of Object.entries(message))
            assert.deepEqual(findUnwritable(table, { [name]: value }), [])
        }),
      )
    })

    test('reading never throws, and what was read either writes again or is only tolerated', () => {
      fc.assert(
        fc.property(anyWireText(table), (wire) => {
          const read = readMessage(table, wire)
          if (!read.ok) return assert.ok(read.problems.length > 0)
          for (const [wireName, { format }] of Object.entries(table)) {
            const text = Object.hasOwn(wire, wireName) ? (wire[wireName] ?? '') : ''
            assert.ok([...text].length <= (format.toleratedLength ?? format.maxLength), wireName)
          }
        }),
      )
    })

    test('unknown fields survive, whatever their name', () => {
      fc.assert(
        fc.property(anyMessage(table), anyWireText(table), (message, extra) => {
          const unknown = Object.entries(extra).filter(([wireName]) => !Object.hasOwn(table, wireName))
          const wire = Object.fromEntries([...Object.entries(writeMessage(table, message)), ...unknown])
          const unknownFields = Object.fromEntries(unknown)
          assert.deepEqual(readMessage(table, wire), { ok: true, value: message, unknownFields, ignored: [] })
        }),
      )
    })

    test('names are unique, labels and examples are there, every example is written within its length', () => {
      const fields = Object.values(table)
      assert.equal(new Set(fields.map((field) => field.name)).size, fields.length)
      for (const { label, format } of fields) {
        assert.notEqual(label, '')
        for (const example of format.examples) {
          const text = format.write(example)
          assert.ok([...text].length <= format.maxLength, `${label}: ${text}`)
          assert.deepEqual(format.read(text), example)
        }
      }
    })

    test('a mask shows no secret, only the first character of what is personal, and one line', () => {
      fc.assert(
        fc.property(anyWireText(table), (wire) => {
          const masked = maskMessage(table, wire)
          for (const [wireName, text] of Object.entries(wire)) {
            const sensitivity = Object.hasOwn(table, wireName) ? table[wireName]?.sensitivity : 'secret'
            assert.equal(masked[wireName], text === '' ? '' : maskedAs(sensitivity, text))
          }
          assert.doesNotMatch(describeMessage(table, wire), /[\r\n\0\u2028]/)
        }),
      )
    })
  })
}

function maskedAs(sensitivity: 'public' | 'personal' | 'secret' | undefined, text: string): string {
  if (sensitivity === 'public') return text
  return sensitivity === 'secret' ? '***' : `${[...text][0]}***`
}

test('a field that travels empty is absent: missing where required, nothing where optional', () => {
  const read = readMessage(memberDeletionRequest, { Mid: '', MallReserved: '' })
  assert.ok(!read.ok)
  assert.deepEqual(
    read.problems.map(({ field, rule }) => [field, rule]),
    ['Mid', 'SspMallId', 'MallUserId', 'ServiceType', 'VerifyValue'].map((field) => [field, 'missing']),
  )
})

test('inherited properties are not fields', () => {
  const read = readMessage(authenticationResult, Object.create({ Tid: 'A1', TrAuthKey: 'b2' }))
  assert.equal(read.ok, false)
})

test('lengths count characters, not UTF-16 units or bytes', () => {
  const { GoodsName } = paymentRequest
  const table = { GoodsName }
  assert.equal(readMessage(table, { GoodsName: '😀'.repeat(40) }).ok, true)
  const read = readMessage(table, { GoodsName: '😀'.repeat(41) })
  assert.deepEqual(read.ok ? [] : read.problems.map(({ field, rule, maxLength }) => [field, rule, maxLength]), [
    ['GoodsName', 'too_long', 40],
  ])
})

test('writing rejects every value the table does not allow, all at once and without showing a value', () => {
  const { Amt, CardQuota, EdiDate, GoodsName, ReturnUrl, SspMallId, BuyerName } = paymentRequest
  const table = { Amt, CardQuota, EdiDate, GoodsName, ReturnUrl, SspMallId, BuyerName }
  const write = (): unknown =>
    writeMessage(table, {
      amount: 10.5,
      installmentMonths: 1,
      requestedAt: new Date(Number.NaN),
      goodsName: '가'.repeat(41),
      returnUrl: 'javascript:alert(1)',
      easyPayMerchantId: 'SSPTEST00pSSPTEST00p',
      buyerName: '홍\r\n길동',
    })
  assert.throws(write, (error) => {
    assert.ok(error instanceof FieldError)
    assert.match(inspect({ error }), /Amt: malformed \(amount, max 12\)[\s\S]*GoodsName: too_long/)
    assert.doesNotMatch(inspect(error), /\[Object\]/)
    assert.match(
      error.message,
      /^Amt: malformed \(amount, max 12\)\. .*\(Amt\): 형식이 올바르지 않습니다. 숫자만.* \/ Amt .* is malformed: whole won/,
    )
    assert.deepEqual(
      error.problems.map(({ field, rule }) => [field, rule]),
      [
        ['Amt', 'malformed'],
        ['CardQuota', 'malformed'],
        ['EdiDate', 'malformed'],
        ['GoodsName', 'too_long'],
        ['ReturnUrl', 'malformed'],
        ['SspMallId', 'too_long'],
        ['BuyerName', 'malformed'],
      ],
    )
    assert.doesNotMatch(error.message, /javascript|홍|SSPTEST/)
    return true
  })
})

test('a value that the table does not allow is found by our name, before anything is written', () => {
  const odd = {
    companyName: 'tab\tname',
    acquirerMerchantNumber: '12',
    amount: -1,
    approvedAt: new Date('1999-01-01Z'),
  }
  assert.deepEqual(findUnwritable(approvalResult, odd), ['amount', 'approvedAt', 'companyName'])
  assert.deepEqual(findUnwritable(approvalResult, { goodsName: 'x'.repeat(41), resultCode: '' }), [
    'goodsName',
    'resultCode',
  ])
  assert.deepEqual(findUnwritable(approvalResult, {}), [], 'what is left out is not looked at')
})
