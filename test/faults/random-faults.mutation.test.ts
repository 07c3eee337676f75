import assert from 'node:assert/strict'
import { test } from 'node:test'
import { injectedBugs } from '../simulation/injected-bugs.ts'
import { bySize } from '../support/proof-size.ts'
import { noBugs } from './fixture/injected-bug.ts'
import { runFixture } from './fixture/run.ts'
import { paymentsBySize } from './random-faults-sizes.ts'

/** Each breaks something else: money, the outbox, the events. With each bug, a sentence that the audit must find. */
const expected = {
  'the silence of the card network is read as a decline': /the gateway says declined .* charged [1-9]/,
  'now and then a notification is not written with the payment': /its changes are \[\d.*\], its notifications \[.*\]/,
  'now and then an event is not written with the payment': /the chain of its events is broken/,
} as const

const fixed = ['injected']

for (const [name, problem] of Object.entries(expected))
  for (const seed of bySize({ short: fixed, medium: fixed, thorough: [...fixed, String(process.pid)] }))
    test(`the short proof finds: ${name} (seed ${seed})`, async (t) => {
      const bug = { ...noBugs, ...injectedBugs[name]?.() }
      const { problems } = await runFixture({ seed, payments: paymentsBySize.short, bug })
      t.diagnostic(`${problems.length} problems`)
      assert.ok(
        problems.some((found) => problem.test(found)),
        problems.join('\n') || 'no problem was found',
      )
    })
