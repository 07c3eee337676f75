import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { keptSeeds } from './kept-seeds.ts'
import { simulateWorld } from './simulate-world.ts'
import { replayCommand, simulate } from './simulation.ts'

const run = fileURLToPath(new URL('run.ts', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const seed = process.env.SSPAY_SEED ?? String(process.pid)

test(`a few worlds break no invariant at any step (SSPAY_SEED=${seed})`, async (t) => {
  const { broken, payments, cpuMsPerPayment, traceHash } = await simulate({
    seed,
    payments: 1_200,
    paymentsPerWorld: 300,
    workers: 2,
  })
  t.diagnostic(`${payments} payments, ${cpuMsPerPayment.toFixed(2)} ms of CPU each, trace ${traceHash}`)
  for (const world of broken) t.diagnostic(replayCommand(world))
  assert.deepEqual(
    broken.flatMap(({ problems }) => problems),
    [],
  )
  assert.equal(payments, 1_200)
})

test(`a world in which every payment meets everything breaks no invariant either (SSPAY_SEED=${seed})`, async () => {
  const { problems, counts } = await simulateWorld({ seed, payments: 300, intensity: 'heavy' })
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

test('the same seed goes the same way in every process, another seed another', async () => {
  const orders = { seed: 'same', payments: 200, paymentsPerWorld: 100 }
  const one = await simulate({ ...orders, workers: 1 })
  const two = await simulate({ ...orders, workers: 2 })
  const other = await simulate({ ...orders, seed: 'other', workers: 1 })
  assert.equal(one.traceHash, two.traceHash)
  assert.notEqual(one.traceHash, other.traceHash)

  const here = await simulateWorld({ seed: 'same.0', payments: 100 })
  const there = spawnSync(process.execPath, [run, '--replay', 'same.0', '--payments', '100', '--json'], {
    encoding: 'utf8',
  })
  assert.equal(there.status, 0, there.stderr)
  assert.equal(JSON.parse(there.stdout).traceHash, here.traceHash)
})

test('the line that plays a world again takes any seed as it is', () => {
  for (const given of ["two words and a 'quote'.0", '-minus.3', '2026-01-02.17']) {
    const line = `${replayCommand({ seed: given, payments: 1 })} --json`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line.replace('run simulate', 'run -s simulate')], {
      cwd: root,
      encoding: 'utf8',
    })
    assert.equal(status, 0, `${line}\n${stderr}`)
    assert.equal(JSON.parse(stdout).seed, given)
  }
})

test('a wrong command says what is wrong', () => {
  const { status, stdout } = spawnSync(process.execPath, [run, '--payments', 'many'], { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stdout, /--payments is a whole number from 1, not many/)
})

for (const { seed: kept, payments } of keptSeeds) {
  test(`what once went wrong in ${kept} does not come back`, async () => {
    const { problems } = await simulateWorld({ seed: kept, payments })
    assert.deepEqual(problems, [])
  })
}
