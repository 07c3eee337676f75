import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantedBugs } from '../simulation/planted-bugs.ts'
import { paymentsBySize } from './random-faults-sizes.ts'
import { noBugs } from './world/planted-bug.ts'
import { runWorld } from './world/run.ts'

/** Each breaks something else: money, the outbox, the events. With each bug, a sentence that the audit must find. */
const expected = {
  'the silence of the card network is read as a decline': /the gateway says declined .* charged [1-9]/,
  'now and then a notice is not written with the payment': /its changes are \[\d.*\], its notices \[.*\]/,
  'now and then an event is not written with the payment': /the chain of its events is broken/,
} as const

for (const [name, problem] of Object.entries(expected))
  for (const seed of ['planted', String(process.pid)])
    test(`the short proof finds: ${name} (seed ${seed})`, async (t) => {
      const bug = { ...noBugs, ...plantedBugs[name]?.() }
      const { problems } = await runWorld({ seed, payments: paymentsBySize.short, bug })
      t.diagnostic(`${problems.length} problems`)
      assert.ok(
        problems.some((found) => problem.test(found)),
        problems.join('\n') || 'no problem was found',
      )
    })
