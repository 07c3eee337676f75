import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countAttempt, attemptLifeMs as day } from '../../src/members/model.ts'

for (const [name, given, now, expected] of [
  ['the first', { failed: 0, decayFrom: 0 }, 5, { failed: 1, decayFrom: 5 }],
  ['one more within a day', { failed: 1, decayFrom: 0 }, day - 1, { failed: 2, decayFrom: 0 }],
  ['a day later, one is forgotten', { failed: 4, decayFrom: 0 }, day, { failed: 4, decayFrom: day }],
  ['what is left of a day is kept', { failed: 4, decayFrom: 0 }, 2.5 * day, { failed: 3, decayFrom: 2 * day }],
  ['all are forgotten', { failed: 2, decayFrom: 0 }, 2 * day, { failed: 1, decayFrom: 2 * day }],
  ['long ago', { failed: 4, decayFrom: 0 }, 400 * day, { failed: 1, decayFrom: 400 * day }],
  [
    'a clock that was put back forgets nothing',
    { failed: 3, decayFrom: 5 * day },
    0,
    { failed: 4, decayFrom: 5 * day },
  ],
] as const)
  test(`a wrong password is counted: ${name}`, () => assert.deepEqual(countAttempt(given, now), expected))
