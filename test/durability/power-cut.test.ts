import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whyNoDisk } from './cut-disk.ts'
import { cutRepeatedly } from './cut-repeatedly.ts'

const skip = whyNoDisk() ?? false
const cut = { engine: 'sqlite', cuts: 1, atOnce: 8, most: 300 } as const

test('a power cut loses no acknowledged approval', { skip }, async () => {
  const { acknowledged, lost, wrong } = await cutRepeatedly({ ...cut, waitsForFlush: true })
  assert.ok(acknowledged >= 75, `${acknowledged} acknowledged`)
  assert.deepEqual({ lost, wrong }, { lost: 0, wrong: 0 })
})

test('the same cut shows it when a commit does not wait for its flush', { skip }, async () => {
  const { lost } = await cutRepeatedly({ ...cut, waitsForFlush: false })
  assert.ok(lost > 0, 'nothing was lost')
})
