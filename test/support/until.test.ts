import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './until.ts'

test('the first truthy value is returned', async () => {
  let looks = 0
  assert.equal(await until(async () => (++looks === 3 ? 'third' : undefined), { every: 1 }), 'third')
  assert.equal(looks, 3)
})

test('an error in the condition counts as not yet', async () => {
  let looks = 0
  const flaky = (): boolean => {
    if (++looks === 1) throw new Error('too early')
    return true
  }
  assert.equal(await until(flaky, { every: 1 }), true)
})

test('after the deadline the error names the wait and the last value', async () => {
  const options = { deadline: 5, every: 1, what: () => 'two orders' }
  await assert.rejects(
    until(() => 0, options),
    { message: 'not within 5 ms: two orders (last: 0)' },
  )
})

test('after the deadline the error carries the last error', async () => {
  const broken = new Error('no database')
  const options = { deadline: 5, every: 1, what: 'an answer' }
  await assert.rejects(
    until(() => Promise.reject(broken), options),
    ({ message, cause }: Error) => /an answer \(last error: Error: no database/.test(message) && cause === broken,
  )
})

test('a condition that becomes true during the last pause is seen', async () => {
  let isOver = false
  setTimeout(() => {
    isOver = true
  }, 20)
  assert.equal(await until(() => isOver, { deadline: 10, every: 60 }), true)
})
