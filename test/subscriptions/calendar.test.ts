import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, cycleDay, dayOf, firstCycleFrom, isExpired } from '../../examples/subscriptions/calendar.ts'

test('a subscription that starts at the end of a month keeps it', () => {
  const days = Array.from({ length: 5 }, (_, cycle) => cycleDay('2027-12-31', cycle))
  assert.deepEqual(days, ['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'])
  assert.equal(cycleDay('2026-01-31', 1), '2026-02-28')
  assert.equal(cycleDay('2026-01-31', 13), '2027-02-28')
})

test('one cycle in every month, on the first day or the last day before it', () => {
  const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(start, fc.nat(120), (date, cycle) => {
      const startedOn = dayOf(date)
      const [day, next] = [cycleDay(startedOn, cycle), cycleDay(startedOn, cycle + 1)]
      const monthOf = (given: string): number => Number(given.slice(0, 4)) * 12 + Number(given.slice(5, 7))
      assert.equal(monthOf(next), monthOf(day) + 1)
      assert.ok(day.slice(8) === startedOn.slice(8) || addDays(day, 1).endsWith('-01'), day)
      assert.equal(firstCycleFrom(startedOn, day), cycle)
      assert.equal(firstCycleFrom(startedOn, addDays(day, 1)), cycle + 1)
    }),
  )
})

test('a day is that of Korea', () => {
  assert.equal(dayOf(new Date('2026-01-31T14:59:59Z')), '2026-01-31')
  assert.equal(dayOf(new Date('2026-01-31T15:00:00Z')), '2026-02-01')
})

test('a card is valid to the end of its month', () => {
  assert.equal(isExpired('2602', '2026-02-28'), false)
  assert.equal(isExpired('2602', '2026-03-01'), true)
  assert.equal(isExpired('2912', '2026-03-01'), false)
  assert.equal(isExpired(null, '2026-03-01'), false)
})
