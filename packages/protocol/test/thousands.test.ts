import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { groupThousands } from '../src/thousands.ts'

test('a whole number reads as Intl writes it in Korean and English', () => {
  const formats = ['ko-KR', 'en-US'].map((locale) => new Intl.NumberFormat(locale))
  fc.assert(
    fc.property(fc.maxSafeInteger(), (whole) => {
      for (const format of formats) assert.equal(groupThousands(whole), format.format(whole))
    }),
    { examples: [[0], [999], [1_000], [-999], [-1_000], [1_000_000]] },
  )
})
