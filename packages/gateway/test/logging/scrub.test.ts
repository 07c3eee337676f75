import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { writeTransactionId } from '../../src/approval/transaction-id.ts'
import { createLog } from '../../src/logging/pino-log.ts'
import { scrub } from '../../src/logging/scrub.ts'

const withCheckDigit = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = place % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits + String((10 - (sum % 10)) % 10)
}

const digitsOf = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((digits) => digits.join(''))

const cardNumber = fc
  .tuple(fc.constantFrom('4', '51', '35', '62', '9404', '9490'), digitsOf(11, 14))
  .map(([start, rest]) => withCheckDigit(start + rest))
  .filter((number) => number.length >= 13 && number.length <= 19)

const grouped = fc
  .tuple(cardNumber, fc.constantFrom('', ' ', '-', '  '))
  .map(([number, separator]) => number.replace(/(\d{4})(?=\d)/g, `$1${separator}`))

const mobileNumber = fc
  .tuple(
    fc.constantFrom('010', '011', '+82 10', '+8210', '82-10', '+82 (0)10'),
    fc.constantFrom('', '-', ' ', '.'),
    digitsOf(4, 4),
    digitsOf(4, 4),
  )
  .map(([prefix, separator, middle, last]) => [prefix, middle, last].join(separator))

const surroundings = fc.constantFrom(
  '',
  'card ',
  'a=',
  '"',
  '\n',
  '\t',
  '한글',
  'no. 1 ',
  'at 20250102030405 ',
  '(',
  '\u0001',
)

const lineWith = (write: (log: ReturnType<typeof createLog>) => void, secrets: readonly string[] = []): string => {
  const lines: string[] = []
  write(createLog({ destination: { write: (line) => lines.push(line) }, secrets: () => secrets }))
  return lines.join('')
}

test('no card number gets through, whatever stands around it and between its groups', () => {
  fc.assert(
    fc.property(
      surroundings,
      grouped,
      fc.constantFrom('', ' ', '"', '\n', ' 12/30', '한글'),
      (before, number, after) => {
        const line = lineWith((log) => log.info('event', { note: before + number + after, [number]: 'as a name' }))
        assert.equal(line.includes(number), false, line)
        assert.equal(line.replace(/[ -]/g, '').includes(number.replace(/[ -]/g, '')), false, line)
      },
    ),
  )
})

test('no Korean mobile number gets through', () => {
  fc.assert(
    fc.property(surroundings, mobileNumber, (before, number) => {
      const line = lineWith((log) => log.warn('event', { note: `${before}${number} called` }))
      assert.equal(line.includes(number), false, line)
    }),
  )
})

test('transaction ids, digests and times stay readable', () => {
  const merchantId = fc.stringMatching(/^[A-Za-z0-9]{10}$/)
  const time = fc.date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(merchantId, time, fc.nat(9999), fc.stringMatching(/^[0-9a-f]{64}$/), (mid, at, number, hash) => {
      const transactionId = writeTransactionId(mid, at, number)
      const timestamp = transactionId.slice(14, 26)
      for (const kept of [transactionId, hash, timestamp, `20${timestamp}`, String(at.getTime()), at.toISOString()]) {
        assert.equal(scrub(`{"kept":"${kept}"}`, []), `{"kept":"${kept}"}`)
        assert.equal(scrub(`see ${kept}, again`, []), `see ${kept}, again`)
      }
    }),
  )
})

test('registered secrets are replaced, and so is the part of a merchant key that opens EncData', () => {
  const key = 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A=='
  const line = lineWith(
    (log) => log.error('failed', { cause: new Error(`with ${key} and ${key.slice(0, 32)}`), key }),
    [key],
  )
  assert.equal(line.includes(key.slice(0, 20)), false)
})

test('a line is one JSON object with level, time and event; causes keep their chain', () => {
  const cause = new Error('outer', { cause: new Error('inner 4111 1111 1111 1111') })
  const line = JSON.parse(lineWith((log) => log.error('payment_failed', { transactionId: 'x', cause })))
  assert.deepEqual([line.level, line.event, line.transactionId], ['error', 'payment_failed', 'x'])
  assert.match(line.cause, /outer[\s\S]*caused by Error: inner \*\*\*/)
  assert.match(line.time, /^\d{4}-\d\d-\d\dT/)
})
