import { addDays, cycleDay, type Day } from '../../../examples/subscriptions/calendar.ts'
import { type InjectedBug, noBugs } from '../../faults/fixture/injected-bug.ts'
import type { RunOutcome } from '../../simulation/sum-up.ts'
import { audit, isQuiet } from './audit.ts'
import { type CustomersOfRun, customersAct, subscribeAll } from './customers.ts'
import { type BillingFixture, openBillingFixture } from './fixture.ts'
import { bill } from './shop-process.ts'

/** One run by its seed: the same order, the same run. */
export interface BillingOrder {
  readonly seed: string
  readonly subscriptions: number
  /** Months. */
  readonly cycles: number
  /** The share of the requests that meet a fault; 0.02 when absent. */
  readonly faultRate?: number
}

/** `counts`: what happened, and charges in each state. */
export interface BillingSimulation extends BillingOrder, RunOutcome {}

const firstDay = '2026-01-01'

/**
 * Bills subscriptions day by day, with faults on both links, deaths of gateway and shop and careless cron jobs, then in
 * peace until nothing moves; every step is held against the invariants, and the ledgers against each other. What
 * throws is a problem too.
 */
export async function simulateBilling(order: BillingOrder, bug: Partial<InjectedBug> = {}): Promise<BillingSimulation> {
  const startedAt = process.cpuUsage()
  const fixture = await openBillingFixture(order.seed, { ...noBugs, ...bug })
  const problems = await play(fixture, order).catch((cause: unknown) => [
    `the run broke off: ${cause instanceof Error ? cause.stack : String(cause)}`,
  ])
  const { clock, tally } = fixture
  const report = {
    ...order,
    problems: [...fixture.problems(), ...problems],
    traceHash: fixture.traceHash(),
    counts: tally.counts(),
    virtualMs: clock.now().getTime() - morningOf(firstDay).getTime(),
  }
  await fixture.close()
  const { user, system } = process.cpuUsage(startedAt)
  return { ...report, cpuMs: (user + system) / 1_000 }
}

async function play(fixture: BillingFixture, order: BillingOrder): Promise<readonly string[]> {
  const { subscriptions, cycles, faultRate = 0.02 } = order
  const customers = await during(fixture, subscribeAll(fixture, subscriptions, firstDay))
  fixture.startFaults(faultRate)
  const end = cycleDay(firstDay, cycles)
  for (let today = firstDay; today < end; today = addDays(today, 1)) {
    leapTo(fixture, today)
    await during(fixture, playDay(fixture, customers, today))
  }
  fixture.stopFaults()
  const last = addDays(end, -1)
  await during(fixture, billUntilQuiet(fixture, last))
  return audit(fixture, customers, last)
}

const morningOf = (day: Day): Date => new Date(`${day}T09:00:00+09:00`)

/** Timers do not see the night: what the gateway does in the background would take most of the time. */
function leapTo({ clock }: BillingFixture, day: Day): void {
  const leapMs = morningOf(day).getTime() - clock.now().getTime()
  if (leapMs > 0) clock.leap(leapMs)
}

async function during<Result>({ clock }: BillingFixture, work: Promise<Result>): Promise<Result> {
  let isOver = false
  const ended = work.finally(() => {
    isOver = true
  })
  // Waited for below; a rejection must not end the process before.
  ended.catch(() => {})
  await clock.run(() => isOver)
  return ended
}

const shopDeathRate = 0.1
/** Ways in which a cron job runs, in percent: not started, started twice, or still busy with the day before. */
const cronRuns = { once: 82, never: 5, atOnce: 4, later: 5, ofYesterday: 4 } as const

async function playDay(fixture: BillingFixture, customers: CustomersOfRun, today: Day): Promise<void> {
  const { clock, dice, tally } = fixture
  const run = async (day: Day, delayMs = 0): Promise<void> => {
    const stepsToLive = dice.chance(shopDeathRate) ? dice.between(1, 400) : Number.POSITIVE_INFINITY
    if (delayMs > 0) await clock.sleep(delayMs)
    await bill(fixture, day, stepsToLive)
  }
  const runs = dice.pick<keyof typeof cronRuns>(cronRuns)
  tally.add(`cron ${runs}`)
  const acting = customersAct(fixture, customers, today)
  switch (runs) {
    case 'never':
      break
    case 'once':
      await run(today)
      break
    case 'atOnce':
      await Promise.all([run(today), run(today)])
      break
    case 'later':
      await Promise.all([run(today), run(today, dice.between(1, 15_000))])
      break
    case 'ofYesterday':
      await Promise.all([run(addDays(today, -1)), run(today, dice.between(0, 5_000))])
      break
  }
  await acting
}

const mostCalmRuns = 60

async function billUntilQuiet(fixture: BillingFixture, last: Day): Promise<void> {
  for (let runs = 0; runs < mostCalmRuns; runs++) {
    await bill(fixture, last, Number.POSITIVE_INFINITY)
    if (await isQuiet(fixture, last)) return
    await fixture.clock.sleep(60_000)
  }
}
