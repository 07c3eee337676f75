import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '../src/within.ts'

function startWork() {
  const work = Promise.withResolvers<string>()
  const stopped: DOMException[] = []
  let timer: (() => void) | undefined
  const schedule = (_delayMs: number, expire: () => void) => {
    timer = expire
    return () => {
      timer = undefined
    }
  }
  const result = within({ schedule }, 5, work.promise, (error) => stopped.push(error))
  return { work, result, stopped, expire: () => timer?.(), hasTimer: () => timer !== undefined }
}

test('work that ends in time keeps its result, and no timer stays', async () => {
  const { work, result, stopped, hasTimer } = startWork()
  work.resolve('done')
  assert.equal(await result, 'done')
  assert.equal(hasTimer(), false)
  assert.deepEqual(stopped, [])
})

test('work that fails in time keeps its error, and no timer stays', async () => {
  const { work, result, hasTimer } = startWork()
  work.reject(new Error('broken'))
  await assert.rejects(result, /broken/)
  assert.equal(hasTimer(), false)
})

test('work that takes too long is stopped, and its own end changes nothing', async () => {
  const { work, result, stopped, expire } = startWork()
  expire()
  work.reject(new Error('stopped'))
  await assert.rejects(result, { name: 'TimeoutError', message: 'no whole answer within 5 ms' })
  assert.deepEqual(
    stopped.map(({ name }) => name),
    ['TimeoutError'],
  )
})
