import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  isTerminal,
  nextState,
  type PaymentEventName,
  type PaymentState,
  paymentStates,
  transitions,
} from '../../src/approval/transitions.ts'

const events = [...new Set(Object.values(transitions).flatMap((steps) => Object.keys(steps)))] as PaymentEventName[]

test('no sequence of events leaves a terminal state', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (sequence) => {
      let state: PaymentState = 'requested'
      for (const event of sequence) {
        const next = nextState(state, event)
        if (isTerminal(state)) assert.equal(next, undefined)
        state = next ?? state
      }
    }),
  )
})

test('every state can be reached, and every transition leads to a state of the table', () => {
  const reached = new Set<PaymentState>(['requested'])
  for (const state of reached) for (const next of Object.values(transitions[state])) reached.add(next)
  assert.deepEqual([...reached].sort(), [...paymentStates].sort())
})

test('nothing approves a payment that the buyer has not authenticated', () => {
  assert.equal(nextState('requested', 'approvalRequested'), undefined)
  assert.equal(nextState('requested', 'networkApproved'), undefined)
})
