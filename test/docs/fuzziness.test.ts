import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzinessOf } from '../../docs/site/.vitepress/fuzziness.mts'

test('the search finds a misspelt word, and no other result code than the one that is typed', () => {
  assert.equal(fuzzinessOf('S002'), false)
  assert.equal(fuzzinessOf('2032'), false)
  assert.equal(fuzzinessOf('aproval'), 0.2)
})
