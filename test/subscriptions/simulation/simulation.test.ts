import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeatsRuns } from '../../support/proof-size.ts'
import { simulateBilling } from './simulate-billing.ts'
import { orderBySize } from './sizes.ts'

const seed = process.env.SSPAY_SEED ?? String(process.pid)

test(`card network, gateway and shop agree about every cycle, whatever fails (SSPAY_SEED=${seed})`, async (t) => {
  const { problems, counts, traceHash, cpuMs } = await simulateBilling({ ...orderBySize, seed })
  t.diagnostic(`${counts['charge paid']} charges, ${Math.round(cpuMs)} ms of CPU, trace ${traceHash}`)
  assert.deepEqual(problems, [])
  assert.ok((counts['charge paid'] ?? 0) > (orderBySize.subscriptions * orderBySize.cycles) / 2)
  if (repeatsRuns) assert.equal((await simulateBilling({ ...orderBySize, seed })).traceHash, traceHash)
})
