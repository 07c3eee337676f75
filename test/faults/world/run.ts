import { testCards } from '@sspay/sandbox'
import { memberWithCard, paymentOfMember, type Ticket } from '../../support/quick-payment.ts'
import { guessCancelPassword, lookAgain } from './ask-gateway.ts'
import { audit, isQuiet } from './audit.ts'
import { type Disks, openFileDisks } from './disks.ts'
import { betweenPaymentsMs, cardNumberFor, type Intensity, type Plan, planPayment, planRefunds } from './plan.ts'
import { noBugs, type PlantedBug } from './planted-bug.ts'
import { createPower } from './power.ts'
import { openWorld, type World } from './world.ts'

export interface RunOptions {
  readonly seed: string
  readonly payments: number
  readonly bug?: PlantedBug
  /** How much goes wrong: `heavy` when absent. */
  readonly intensity?: Intensity
  /** SQLite files when absent. */
  readonly disks?: () => Promise<Disks>
}

export interface RunReport {
  /** Sentences about money that is not where it belongs; empty when all is well. */
  readonly problems: readonly string[]
  readonly traceHash: string
  readonly counts: Readonly<Record<string, number>>
  readonly virtualMs: number
}

const shopTimerMs = 20_000
const longestQuietMs = 4 * 60 * 60_000

/** Many payments through everything that can go wrong, then peace until nothing moves any more; then the books are compared. */
export async function runWorld({
  seed,
  payments,
  bug = noBugs,
  intensity = 'heavy',
  disks: openDisks = openFileDisks,
}: RunOptions): Promise<RunReport> {
  const disks = await openDisks()
  try {
    const world = await openWorld(seed, disks, bug, intensity)
    const { clock } = world
    let finished = 0
    for (let number = 0; number < payments; number++) {
      clock.schedule(number * betweenPaymentsMs[intensity], () => {
        void pay(world, planPayment(seed, number, intensity)).then(() => {
          finished += 1
        })
      })
    }
    startShopTimers(world)
    leapNowAndThen(world)
    await clock.run(() => finished === payments)
    world.calm()
    const isAtRest = await waitForRest(world)
    const problems = [
      ...(isAtRest ? [] : ['the world did not come to rest']),
      ...(disks.problems?.() ?? []),
      ...world.reported,
      ...(await audit(world)),
    ]
    const virtualMs = clock.passedMs()
    const report = { problems, traceHash: world.traceHash(), counts: world.tally.counts(), virtualMs }
    await world.close()
    return report
  } finally {
    await disks.remove()
  }
}

/** One buyer, from the window's end to the last refund. */
async function pay(world: World, plan: Plan): Promise<void> {
  const windows = plan.isPaidTwice ? 2 : 1
  await Promise.all(Array.from({ length: windows }, async () => payIn(world, plan, await openPayment(world, plan))))
}

async function payIn(world: World, plan: Plan, ticket: Ticket): Promise<void> {
  const { clock, shops } = world
  const { dice, amount, orderId } = plan
  const shop = shops[plan.shop]
  const { transactionId } = ticket
  world.plan(transactionId, plan)
  world.tally.add(plan.isCalm ? 'payment without faults' : 'payment with faults')
  shop.books.open({ transactionId, orderId, amount })
  if (plan.isUnwanted) clock.schedule(dice.between(0, 60_000), () => shop.books.abandon(transactionId))

  await Promise.all(
    plan.returnsAfterMs.map(async (afterMs, index) => {
      await clock.sleep(plan.firstReturnMs + afterMs)
      const stepsToLive = (index === 0 ? plan.shopDiesAfterSteps : undefined) ?? Number.POSITIVE_INFINITY
      const power = createPower(
        () => stepsToLive,
        () => world.tally.add('shop died'),
      )
      await Promise.race([shop.arrive(ticket, power), power.off])
    }),
  )
  if (plan.isGuessedAt) await guessCancelPassword(world, plan, transactionId)
  await refundAsPlanned(world, plan, transactionId)
  if (plan.cancels !== 'none') await lookAgain(world, plan, ticket)
}

/** The window, without its pages; a gateway that dies meanwhile leaves a payment behind that nobody finishes. */
async function openPayment(world: World, plan: Plan): Promise<Ticket> {
  const { gateway, clock, tally } = world
  const order = { amount: plan.amount, orderId: plan.orderId }
  while (!gateway.isUp) await clock.sleep(1_000)
  for (;;) {
    const open = payInWindow(world, plan, order).catch(requireExpired)
    const ticket = await Promise.race([open, clock.sleep(5_000)])
    if (ticket !== undefined) return ticket
    tally.add('window abandoned')
    while (!gateway.isUp) await clock.sleep(1_000)
  }
}

/** A clock that leaps a day ahead ends the windows that are open. */
function requireExpired(cause: unknown): undefined {
  if (!(cause instanceof Error && cause.message.endsWith('is expired'))) throw cause
}

/** A buyer joins once; who is known to have the card only pays. */
async function payInWindow(
  { gateway: { context }, merchants, payers }: World,
  plan: Plan,
  order: { readonly amount: number; readonly orderId: string },
): Promise<Ticket> {
  const merchant = merchants[plan.shop]
  const customerId = `buyer${plan.number % 20}`
  const cardNumber = cardNumberFor(testCards, plan.card)
  const key = `${plan.shop} ${customerId} ${cardNumber}`
  const payer = payers.get(key) ?? (await memberWithCard(context, merchant, customerId, cardNumber))
  payers.set(key, payer)
  return paymentOfMember(context, merchant, order, payer)
}

async function refundAsPlanned({ clock, shops }: World, plan: Plan, transactionId: string): Promise<void> {
  if (plan.cancels === 'none') return
  const { books, refund } = shops[plan.shop]
  for (let look = 0; look < 20 && books.find(transactionId).paid === 0; look++) await clock.sleep(10_000)
  if (books.find(transactionId).paid === 0) return
  const { refunds, isAtOnce } = planRefunds(plan)
  const asked = refunds.map(({ amount, isPartial }, index) => async () => {
    await clock.sleep(plan.dice.between(0, isAtOnce ? 20 : 60_000))
    await refund({ transactionId, sequence: index + 1, amount, isPartial: isPartial ? 1 : 0 })
  })
  if (isAtOnce) await Promise.all(asked.map((ask) => ask()))
  else for (const ask of asked) await ask()
}

function startShopTimers({ clock, shops, tally }: World): void {
  for (const shop of Object.values(shops)) {
    const tick = async (): Promise<void> => {
      await shop.finishOpen()
      tally.add('shop timer')
      clock.schedule(shopTimerMs, () => void tick())
    }
    clock.schedule(shopTimerMs, () => void tick())
  }
}

const dayMs = 24 * 60 * 60_000

/** Seconds or minutes forward, seconds back, and sometimes a day ahead and back again, as a wrong time server makes it. */
function leapNowAndThen(world: World): void {
  const { clock, dice, tally } = world
  const goBack = (durationMs: number): void => {
    clock.leap(-durationMs)
    tally.add('clock set back')
  }
  const aDayAhead = (): void => {
    clock.leap(dayMs)
    clock.schedule(dice.between(1_000, 20_000), () => goBack(dayMs))
  }
  const leap = (): void => {
    if (world.isCalm) return
    if (dice.chance(0.1)) goBack(dice.between(1, 20_000))
    else clock.leap(dice.chance(0.01) ? dice.between(60_000, 20 * 60_000) : dice.between(1, 20_000))
    tally.add('clock leapt')
    if (dice.chance(0.02)) aDayAhead()
    clock.schedule(dice.between(1_000, 30_000), leap)
  }
  // While most payments are under way.
  if (dice.chance(0.25)) clock.schedule(dice.between(1_000, 10_000), aDayAhead)
  clock.schedule(dice.between(1_000, 30_000), leap)
}

async function waitForRest(world: World): Promise<boolean> {
  const { clock } = world
  const endsAtMs = clock.passedMs() + longestQuietMs
  let isOver = false
  let isAtRest = false
  const look = async (): Promise<void> => {
    isAtRest = await isQuiet(world)
    isOver = isAtRest || clock.passedMs() > endsAtMs
    if (!isOver) clock.schedule(30_000, () => void look())
  }
  clock.schedule(30_000, () => void look())
  await clock.run(() => isOver)
  return isAtRest
}
