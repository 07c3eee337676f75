import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths } from '../../src/clock/add-months.ts'

test('a month later is the same day and time in Korea, or the last day of the month', () => {
  const from = (day: string, months: number) => addMonths(new Date(`${day}T00:30:00+09:00`), months)
  for (const [day, months, later] of [
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-01-31', 2, '2026-03-31'],
    ['2027-12-31', 2, '2028-02-29'],
    ['2026-11-15', 14, '2028-01-15'],
    ['2026-01-31', 0, '2026-01-31'],
  ] as const)
    assert.deepEqual(from(day, months), new Date(`${later}T00:30:00+09:00`), `${day} ${months}`)
})
