import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize, repeatsRuns } from '../support/proof-size.ts'
import { neverHappened } from './fixture/happenings.ts'
import { faultWeights } from './fixture/link.ts'
import { runFixture } from './fixture/run.ts'
import { paymentsBySize } from './random-faults-sizes.ts'

const seed = process.env.SSPAY_SEED ?? String(process.pid)
const payments = Number(process.env.SSPAY_PAYMENTS ?? bySize<number>(paymentsBySize))

test(`${payments} payments with random faults on every link leave three ledgers that agree (SSPAY_SEED=${seed})`, async (t) => {
  const startedAt = performance.now()
  const { problems, counts, traceHash, virtualMs } = await runFixture({ seed, payments })
  const seconds = (performance.now() - startedAt) / 1_000
  const sumOf = (pattern: RegExp): number =>
    Object.entries(counts).reduce((sum, [name, count]) => sum + (pattern.test(name) ? count : 0), 0)

  t.diagnostic(`SSPAY_SEED=${seed}, trace ${traceHash}`)
  t.diagnostic(`${Math.round(payments / seconds)} payments/s, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours`)
  t.diagnostic(`${sumOf(/^fault /)} faults in ${sumOf(/^crossing /)} crossings`)
  for (const fault of Object.keys(faultWeights)) t.diagnostic(`fault ${fault}: ${sumOf(RegExp(` ${fault}$`))}`)
  for (const [name, count] of Object.entries(counts)) {
    if (!/^(fault|crossing) /.test(name)) t.diagnostic(`${name}: ${count}`)
  }
  assert.equal(problems.join('\n'), '', `SSPAY_SEED=${seed}`)
  if (payments < 5_000) return
  assert.deepEqual(neverHappened(counts), [], 'so many payments meet everything that can go wrong')
})

if (repeatsRuns)
  test('the same seed goes the same way, another seed another', async () => {
    const hashes: string[] = []
    for (const given of ['same', 'same', 'other']) {
      const { traceHash, problems } = await runFixture({ seed: given, payments: 200 })
      assert.equal(problems.join('\n'), '')
      hashes.push(traceHash)
    }
    assert.equal(hashes[0], hashes[1])
    assert.notEqual(hashes[0], hashes[2])
  })
