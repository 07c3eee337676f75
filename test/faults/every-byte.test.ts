import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { bySize } from '../support/proof-size.ts'
import { type Case, openWorld, type Profile, price, readTimeoutMs, type Settled } from './every-byte-world.ts'

const atOnce = 10

const others: readonly string[] = [
  'refuse',
  'reset-before',
  'reset-after',
  'hang=before',
  'hang=after',
  `delay=${readTimeoutMs + 400}`,
  'garbage',
  'http-500=before',
  'http-500=after',
  'duplicate',
]

/** After the approval of every third cut the shop no longer wants the money. */
const cutsOf = (link: Case['link'], bytes: readonly number[]): readonly Case[] =>
  bytes.map((byte) => ({ link, fault: `cut=${byte}`, isWanted: byte % 3 !== 1 }))

const everyByte = (length: number): readonly number[] => Array.from({ length }, (_, byte) => byte)

/** The first and the last byte, and a few between them: others in every run. */
const offset = Date.now() % 40
const someBytes = (length: number): readonly number[] =>
  everyByte(length).filter((byte) => byte === 0 || byte === length - 1 || byte % 40 === offset)

const bytesOf = bySize({ short: someBytes, medium: everyByte, thorough: everyByte })

suite(
  'any byte of an answer can be lost: a captured payment marks the order paid once, any other is refunded',
  { concurrency: 2 },
  () => {
    for (const profile of ['replay', 'refuse'] as const)
      test(`repeated approvals: ${profile}`, (context) => loseEveryByte(context, profile))
  },
)

async function loseEveryByte(context: TestContext, profile: Profile): Promise<void> {
  const world = await openWorld(profile)
  try {
    const lengths = await world.measureAnswers()
    const links = ['approval', 'card-network-authorize'] as const
    const whole = { link: 'approval', fault: `cut=${lengths.approval}`, isWanted: true } as const
    const cases = links.flatMap((link) => [
      ...others.map((fault): Case => ({ link, fault, isWanted: true })),
      ...cutsOf(link, bytesOf(lengths[link])),
    ])
    await payAll([...cases, whole], world.pay)
    await world.recoverAll()

    const settled = await world.settled()
    assert.ok(settled.length > cases.length)
    assert.deepEqual(settled.filter(isWrong), [])
    assertCutsWereReal(settled, [...bytesOf(lengths.approval), lengths.approval])
    context.diagnostic(`${settled.length} cases, ${summary(settled)}`)
  } finally {
    await world.close()
  }
}

/** The ledger of the card network and the orders of the shop say the same, and who is not wanted has paid nothing. */
function isWrong({ captured, credits, state, isWanted, first }: Settled): boolean {
  if (captured !== 0 && captured !== price) return true
  if (credits !== (captured === price ? 1 : 0)) return true
  if (captured === price) return state !== 'approved'
  const isGivenBack = state === 'reversed' || (state === 'cancelled' && !isWanted && first === 'unknown')
  return !isGivenBack
}

function assertCutsWereReal(settled: readonly Settled[], bytes: readonly number[]): void {
  const heard = Map.groupBy(
    settled.filter(({ link }) => link === 'approval'),
    ({ fault }) => fault,
  )
  for (const byte of bytes) {
    const last = heard.get(`cut=${byte}`)?.at(-1)?.first
    assert.equal(last, byte === bytes.at(-1) ? 'approved' : 'unknown', `the shop heard ${last} after byte ${byte}`)
  }
}

async function payAll(cases: readonly Case[], pay: (given: Case) => Promise<void>): Promise<void> {
  const waiting = cases.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const given of waiting) await pay(given)
    }),
  )
}

function summary(settled: readonly Settled[]): string {
  const states = Map.groupBy(settled, ({ state, credits }) => `${state}${credits === 1 ? ' and credited' : ''}`)
  return [...states].map(([name, { length }]) => `${length} ${name}`).join(', ')
}
