import {
  type Case,
  type Finished,
  type FixtureOptions,
  openFixture,
  type Profile,
  price,
  readTimeoutMs,
} from './every-byte-fixture.ts'

const atOnce = 10

const others: readonly string[] = [
  'close',
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

export const everyByte = (length: number): readonly number[] => Array.from({ length }, (_, byte) => byte)

const offset = Date.now() % 40

/** The first and the last byte, and every nth between them: others in every run. */
export const everyNthByte =
  (n: number) =>
  (length: number): readonly number[] =>
    everyByte(length).filter((byte) => byte === 0 || byte === length - 1 || byte % n === offset % n)

export interface Losses {
  readonly finished: readonly Finished[]
  /** Fewer than the payments: some are made again. */
  readonly cases: number
  readonly cuts: readonly number[]
}

interface LossOptions extends FixtureOptions {
  readonly profile: Profile
  readonly bytesOf: (length: number) => readonly number[]
}

/** Pays with each fault on each link, recovers, and resolves with what became of each payment. */
export async function loseBytes({ profile, bytesOf, ...options }: LossOptions): Promise<Losses> {
  const fixture = await openFixture(profile, options)
  try {
    const lengths = await fixture.measureAnswers()
    const links = ['approval', 'card-network-authorize'] as const
    const whole = { link: 'approval', fault: `cut=${lengths.approval}`, isWanted: true } as const
    const cases = links.flatMap((link) => [
      ...others.map((fault): Case => ({ link, fault, isWanted: true })),
      ...cutsOf(link, bytesOf(lengths[link])),
    ])
    await payAll([...cases, whole], fixture.pay)
    await fixture.recoverAll()
    const cuts = [...bytesOf(lengths.approval), lengths.approval]
    return { finished: await fixture.finished(), cases: cases.length, cuts }
  } finally {
    await fixture.close()
  }
}

/** The ledger of the card network and the orders of the shop say the same, and who is not wanted has paid nothing. */
export function isWrong({ captured, timesMarkedPaid, state, isWanted, first }: Finished): boolean {
  if (captured !== 0 && captured !== price) return true
  if (timesMarkedPaid !== (captured === price ? 1 : 0)) return true
  if (captured === price) return state !== 'approved'
  const isGivenBack = state === 'reversed' || (state === 'cancelled' && !isWanted && first === 'unknown')
  return !isGivenBack
}

async function payAll(cases: readonly Case[], pay: (given: Case) => Promise<void>): Promise<void> {
  const waiting = cases.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const given of waiting) await pay(given)
    }),
  )
}
