import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readInstant } from '../../src/card-network/read-answer.ts'

const expected = '2025-01-02T03:04:06.000+09:00'

for (const given of [
  '2025-01-02T03:04:06+09:00',
  '2025-01-02T03:04:06+0900',
  '2025-01-02T03:04:06',
  '2025-01-02T03:04:06.000000',
  '2025-01-01T18:04:06Z',
  '2025-01-01T14:34:06-03:30',
])
  test(`${given} is the same moment, whatever the time zone of the process`, () => {
    assert.deepEqual(readInstant(given), new Date(expected))
  })

for (const given of [
  '',
  'yesterday',
  '2025-01-02',
  '2025-01-02 03:04:06',
  '20250102T030406',
  '2025-01-02T03:04:06 +09:00',
  '2025-13-01T00:00:00Z',
  '2025-02-30T00:00:00Z',
  '2025-06-31T00:00:00',
  '2025-01-02T24:00:00Z',
  '2025-01-02T03:60:00Z',
  '2025-01-02T03:04:60Z',
  '2025-01-02T03:04:06+15:00',
  '2025-01-02T03:04:06+09:60',
  '+002025-01-02T03:04:06Z',
  '2025-01-02T03:04:06Z\n',
  '2025-01-02T03:04:06ZZ',
])
  test(`${JSON.stringify(given)} is no instant`, () => assert.equal(readInstant(given), undefined))

test('every instant is read as what was written', () =>
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2000-01-01Z'), max: new Date('2099-12-31Z'), noInvalidDate: true }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (date, offsetMinutes) => {
        const wallClock = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1)
        const [hours, minutes] = [Math.trunc(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60]
        const offset = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':')
        const given = `${wallClock}${offsetMinutes < 0 ? '-' : '+'}${offset}`
        assert.deepEqual(readInstant(given), date)
      },
    ),
  ))
