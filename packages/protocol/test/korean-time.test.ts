import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { koreanTime, koreanTimestamp, shortTimestamp, wireTimestamp } from '../src/korean-time.ts'

const times: readonly (readonly [wire: string, instant: string])[] = [
  ['20250102030405', '2025-01-01T18:04:05Z'],
  ['20240229235959', '2024-02-29T14:59:59Z'],
  ['20241231235959', '2024-12-31T14:59:59Z'],
  ['20250101000000', '2024-12-31T15:00:00Z'],
  ['20250101085959', '2024-12-31T23:59:59Z'],
]

for (const [wire, instant] of times) {
  test(`${wire} in Korea is ${instant}`, () => {
    assert.deepEqual(wireTimestamp.read(wire), new Date(instant))
    assert.equal(koreanTimestamp(new Date(instant)), wire)
    assert.deepEqual(shortTimestamp.read(wire.slice(2)), new Date(instant))
    assert.equal(shortTimestamp.write(new Date(instant)), wire.slice(2))
  })
}

test('a time for people reads as Intl writes it in Korean time', () => {
  // The Swedish locale formats dates as ISO 8601 does.
  const style = { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' } as const
  const format = new Intl.DateTimeFormat('sv-SE', style)
  const [min, max] = [new Date('2000-01-01T00:00:00+09:00'), new Date('2099-12-31T23:59:59+09:00')]
  fc.assert(
    fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
      assert.equal(koreanTime(date), format.format(date))
    }),
  )
})

const impossible = [
  '20250229000000',
  '20250631000000',
  '20251301000000',
  '20250100000000',
  '20250001000000',
  '20250101240000',
  '20250101006000',
  '20250101000060',
]

for (const wire of impossible) {
  test(`${wire} does not exist`, () => {
    assert.equal(wireTimestamp.read(wire), undefined)
    assert.equal(shortTimestamp.read(wire.slice(2)), undefined)
  })
}

test('2100 is no leap year, 2000 was one', () => {
  assert.equal(wireTimestamp.read('21000229000000'), undefined)
  assert.ok(wireTimestamp.read('20000229000000'))
})

test('every second from 2000 to 2099 reads back the same', () => {
  const min = new Date('2000-01-01T00:00:00+09:00')
  const max = new Date('2099-12-31T23:59:59+09:00')
  fc.assert(
    fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
      const second = new Date(Math.floor(date.getTime() / 1000) * 1000)
      assert.deepEqual(wireTimestamp.read(wireTimestamp.write(date)), second)
      assert.deepEqual(shortTimestamp.read(shortTimestamp.write(date)), second)
    }),
  )
})

test('what a timestamp cannot say is not written as another time', () => {
  const outside = [new Date(Number.NaN), new Date('1999-12-31T23:59:59+09:00'), new Date('2100-01-01T00:00:00+09:00')]
  for (const date of outside) assert.equal(shortTimestamp.read(shortTimestamp.write(date)), undefined)
  for (const date of [new Date(Number.NaN), new Date(8.64e15)]) {
    assert.equal(wireTimestamp.read(wireTimestamp.write(date)), undefined)
  }
})
