import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bySize, repeatsRuns } from '../support/proof-size.ts'
import { keptSeeds } from './kept-seeds.ts'
import { simulateRun } from './simulate-run.ts'
import { replayCommand, simulate } from './simulation.ts'

const run = fileURLToPath(new URL('run.ts', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const seed = process.env.SSPAY_SEED ?? String(process.pid)
const payments = bySize({ short: 40, medium: 800, thorough: 10_000 })

test(`a few runs break no invariant at any step (SSPAY_SEED=${seed})`, async (t) => {
  const report = await simulate({
    seed,
    payments,
    paymentsPerRun: bySize({ short: 20, medium: 200, thorough: 300 }),
    workers: bySize({ short: 1, medium: 2, thorough: 2 }),
  })
  t.diagnostic(`${payments} payments, ${report.cpuMsPerPayment.toFixed(2)} ms of CPU each, trace ${report.traceHash}`)
  for (const run of report.broken) t.diagnostic(replayCommand(run))
  assert.deepEqual(
    report.broken.flatMap(({ problems }) => problems),
    [],
  )
  assert.equal(report.payments, payments)
})

test(`a run in which every payment meets everything breaks no invariant either (SSPAY_SEED=${seed})`, async () => {
  const { problems, counts } = await simulateRun({
    seed,
    payments: bySize({ short: 120, medium: 300, thorough: 3_000 }),
    intensity: 'heavy',
  })
  assert.deepEqual(problems, [])
  for (const name of [
    'gateway died',
    'shop died',
    'clock leapt',
    'ended approved',
    'ended cancelled',
    'ended reversed',
  ])
    assert.ok((counts[name] ?? 0) > 0, `${name} never happened`)
})

const oddSeeds = ["-two words and a 'quote'.0", '-minus.3', '2026-01-02.17']

test('a wrong command says what is wrong', () => {
  const { status, stdout } = spawnSync(process.execPath, [run, '--payments', 'many'], { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stdout, /--payments is a whole number from 1, not many/)
})

if (repeatsRuns) {
  test('the same seed goes the same way in one worker and in two, another seed another', async () => {
    const orders = { seed: 'same', payments: 4, paymentsPerRun: 2 }
    const one = await simulate({ ...orders, workers: 1 })
    const two = await simulate({ ...orders, workers: 2 })
    assert.equal(one.traceHash, two.traceHash)
    const hashOf = async (given: string) => (await simulateRun({ seed: given, payments: 2 })).traceHash
    assert.notEqual(await hashOf('same.0'), await hashOf('other.0'))
  })

  test('the line that plays a run again takes any seed as it is, and goes the same way', async () => {
    for (const given of oddSeeds) {
      const line = `${replayCommand({ seed: given, payments: 1 })} --json`
      const { status, stdout, stderr } = spawnSync('sh', ['-c', line.replace('run simulate', 'run -s simulate')], {
        cwd: root,
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${line}\n${stderr}`)
      const { seed: played, traceHash } = JSON.parse(stdout)
      assert.equal(played, given)
      assert.equal(traceHash, (await simulateRun({ seed: given, payments: 1 })).traceHash)
    }
  })
}

const turn = Date.now() % 3
const third = keptSeeds.filter((_, index) => index % 3 === turn)

for (const order of bySize({ short: third, medium: keptSeeds, thorough: keptSeeds }))
  test(`${order.payments} payments of ${order.seed}, which once showed a fault, show none`, async () => {
    const { problems } = await simulateRun(order)
    assert.deepEqual(problems, [])
  })
