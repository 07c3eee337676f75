import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { bySize } from '../support/proof-size.ts'
import { everyByte, everyNthByte, isWrong, loseBytes } from './every-byte-cases.ts'
import type { Finished, Profile } from './every-byte-fixture.ts'

const bytesOf = bySize({ short: everyNthByte(60), medium: everyNthByte(3), thorough: everyByte })

suite(
  'any byte of an answer can be lost: a captured payment marks the order paid once, any other is refunded',
  { concurrency: 2 },
  () => {
    for (const profile of ['replay', 'reject'] as const)
      test(`repeated approvals: ${profile}`, (context) => loseEveryByte(context, profile))
  },
)

async function loseEveryByte(context: TestContext, profile: Profile): Promise<void> {
  const { finished, cases, cuts } = await loseBytes({ profile, bytesOf })
  assert.ok(finished.length > cases)
  assert.deepEqual(finished.filter(isWrong), [])
  assertCutsWereReal(finished, cuts)
  context.diagnostic(`${finished.length} cases, ${summary(finished)}`)
}

function assertCutsWereReal(finished: readonly Finished[], bytes: readonly number[]): void {
  const received = Map.groupBy(
    finished.filter(({ link }) => link === 'approval'),
    ({ fault }) => fault,
  )
  for (const byte of bytes) {
    const last = received.get(`cut=${byte}`)?.at(-1)?.first
    assert.equal(last, byte === bytes.at(-1) ? 'approved' : 'unknown', `the shop received ${last} after byte ${byte}`)
  }
}

function summary(finished: readonly Finished[]): string {
  const states = Map.groupBy(
    finished,
    ({ state, timesMarkedPaid }) => `${state}${timesMarkedPaid === 1 ? ' and marked paid' : ''}`,
  )
  return [...states].map(([name, { length }]) => `${length} ${name}`).join(', ')
}
