import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repeatsRuns } from '../../support/proof-size.ts'
import { attacks } from './attacks.ts'
import { members } from './members-by-size.ts'
import { simulateMembers } from './simulate-members.ts'
import { replayCommand } from './simulation.ts'

const run = fileURLToPath(new URL('run.ts', import.meta.url))
const seed = process.env.SSPAY_SEED ?? String(process.pid)

test(`members with attackers break no invariant, and pay in the end (SSPAY_SEED=${seed})`, async (t) => {
  const { problems, counts, traceHash, cpuMs } = await simulateMembers({ seed, members })
  t.diagnostic(`${members} members, ${(cpuMs / members).toFixed(1)} ms of CPU each, trace ${traceHash}`)
  t.diagnostic(replayCommand({ seed, members }))
  assert.deepEqual(problems, [])
  for (const name of Object.keys(attacks)) assert.ok((counts[`attack: ${name}`] ?? 0) > 0, `never happened: ${name}`)
})

if (repeatsRuns) {
  test('the same seed goes the same way in every process, another seed another', async () => {
    const hashOf = async (fixture: string): Promise<string> =>
      (await simulateMembers({ seed: fixture, members: 1 })).traceHash
    const hashes = [await hashOf('same.0'), await hashOf('same.1')]
    assert.notEqual(hashes[0], hashes[1])
    const command = ['--seed', 'same', '--members', '2', '--fixture', '1', '--workers', '1', '--json']
    const { status, stdout, stderr } = spawnSync(process.execPath, [run, ...command], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assert.equal(JSON.parse(stdout).traceHash, createHash('sha256').update(hashes.join('\n')).digest('hex'))
  })
}

test('a wrong command says what is wrong', () => {
  const { status, stdout } = spawnSync(process.execPath, [run, '--members', 'many'], { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stdout, /--members is a whole number from 1, not many/)
})
