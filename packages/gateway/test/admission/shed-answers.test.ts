import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { createShedAnswers } from '../../src/admission/shed-answers.ts'

const perTurn = 5
const mostWaiting = 5_000
const shed = { status: 200, headers: {}, body: 'later' }

function openShed() {
  const timers: (() => void)[] = []
  const answered: number[] = []
  const destroyed: number[] = []
  const schedule = (_delayMs: number, work: () => void) => {
    timers.push(work)
    return () => {}
  }
  const { answer, countEnded } = createShedAnswers({ schedule })
  const come = (number: number): EventEmitter => {
    const response = Object.assign(new EventEmitter(), {
      writeHead: () => ({ end: () => void answered.push(number) }),
      destroy: () => void destroyed.push(number),
    })
    answer(response as unknown as ServerResponse, shed)
    return response
  }
  const turn = (): void => {
    for (const work of timers.splice(0)) work()
  }
  return { come, turn, countEnded, answered, destroyed, timers }
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

test('few are answered at once, many at a bounded rate and in order, and a quiet time makes room again', () => {
  const { come, turn, answered, timers } = openShed()
  for (const number of numbers(0, 12)) come(number)
  assert.deepEqual(answered, numbers(0, perTurn))
  turn()
  assert.equal(answered.length, 2 * perTurn)
  turn()
  assert.deepEqual(answered, numbers(0, 12))
  turn()
  assert.equal(timers.length, 0, 'nobody waits, so no timer runs')
  come(12)
  assert.equal(answered.at(-1), 12)
})

test('a call that is not shed pays for an answer', () => {
  const { come, turn, countEnded, answered } = openShed()
  for (const number of numbers(0, 100)) come(number)
  for (let call = 0; call < 20; call++) countEnded()
  turn()
  assert.equal(answered.length, perTurn + perTurn + 20)
  turn()
  assert.equal(answered.length, 3 * perTurn + 20)
})

test('who leaves is not answered and takes no turn', () => {
  const { come, turn, answered } = openShed()
  const responses = numbers(0, perTurn + 10).map(come)
  for (const response of responses.slice(perTurn, perTurn + 5)) response.emit('close')
  turn()
  assert.deepEqual(answered.slice(perTurn), numbers(perTurn + 5, perTurn + 10))
})

test('beyond the bound of those who wait a connection ends without an answer', () => {
  const { come, destroyed } = openShed()
  for (const number of numbers(0, perTurn + mostWaiting)) come(number).setMaxListeners(2)
  assert.deepEqual(destroyed, [])
  come(-1)
  assert.deepEqual(destroyed, [-1])
})
