import { registerBillKey } from '@sspay/merchant'
import { type TestCard, testCards } from '@sspay/sandbox'
import type { BillingShop } from '../../../examples/subscriptions/billing.ts'
import { addDays, type Day } from '../../../examples/subscriptions/calendar.ts'
import {
  endSubscription,
  pauseSubscription,
  replaceCard,
  resumeSubscription,
  startSubscription,
} from '../../../examples/subscriptions/subscriptions.ts'
import { amount } from '../open-test-shop.ts'
import type { BillingFixture } from './fixture.ts'
import { encryption, powerOfShop, startShop } from './shop-process.ts'

export interface CustomersOfRun {
  readonly ids: readonly string[]
  /** Keys of cards that replace the first one, by subscription. */
  readonly spareKeys: ReadonlyMap<string, string>
  /** Those whose cycles do not follow one another, because they paused. */
  readonly paused: Set<string>
}

/** Of the cards that customers register; most behave. */
const cardsOf = { usual: 94, decline: 1, silent: 1, late: 1, twice: 3 } as const

/** Every customer registers one card, some a second one, and subscribes in the first month. */
export async function subscribeAll(
  fixture: BillingFixture,
  subscriptions: number,
  firstDay: Day,
): Promise<CustomersOfRun> {
  const { dice } = fixture
  const shop = startShop(fixture, powerOfShop(fixture, Number.POSITIVE_INFINITY))
  const ids = Array.from({ length: subscriptions }, (_, index) => `sub${index}`)
  const spareKeys = new Map<string, string>()
  for (const [index, subscriptionId] of ids.entries()) {
    const startedOn = addDays(firstDay, dice.below(31))
    const customer = { customerId: `user${index}`, customerName: '김구독', goodsName: '월간 구독' }
    startSubscription(shop.db, { subscriptionId, ...customer, amount, startedOn })
    const billKey = await registerCard(fixture, shop, customer.customerId, cardNumberFor(fixture, index))
    useCard(shop, subscriptionId, billKey, startedOn)
    const isCareful = dice.chance(0.3)
    if (isCareful)
      spareKeys.set(subscriptionId, await registerCard(fixture, shop, customer.customerId, numbered(5_000 + index)))
  }
  return { ids, spareKeys, paused: new Set() }
}

function useCard({ db }: Pick<BillingShop, 'db'>, subscriptionId: string, billKey: string, today: Day): void {
  replaceCard(db, subscriptionId, {
    billKey: encryption.encrypt(billKey, subscriptionId),
    cardExpiry: '9912',
    today,
  })
}

/** Again while the gateway is down. */
async function registerCard(
  { clock }: BillingFixture,
  shop: BillingShop,
  customerId: string,
  cardNumber: string,
): Promise<string> {
  for (;;) {
    const result = await registerBillKey(shop.merchant, {
      orderId: `card-${customerId}`,
      customerId,
      cardNumber,
      cardExpiry: '9912',
      birthDateOrBusinessNumber: '900117',
      cardPasswordPrefix: '12',
    })
    if (result.outcome === 'issued') return result.exposeBillKey()
    if (result.outcome !== 'unknown') throw new Error(`no bill key for ${customerId}: ${JSON.stringify(result)}`)
    await clock.sleep(1_000)
  }
}

function cardNumberFor({ dice }: BillingFixture, index: number): string {
  const kind = dice.pick<keyof typeof cardsOf>(cardsOf)
  if (kind === 'usual') return numbered(index)
  const isOfKind = ({ behaviour, registration }: TestCard): boolean =>
    registration === 'anyone' && (typeof behaviour === 'object' ? 'decline' : behaviour) === kind
  return testCards.find(isOfKind)?.cardNumber ?? numbered(index)
}

/** Sixteen digits, of which the last makes the number right (Luhn). */
function numbered(index: number): string {
  const digits = `9406${String(index).padStart(11, '0')}`
  const sum = [...digits].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits + ((10 - (sum % 10)) % 10)
}

/** Some customers pause, come back, change their card or leave, while they are billed. */
export async function customersAct(fixture: BillingFixture, customers: CustomersOfRun, today: Day): Promise<void> {
  const { clock, dice, shop: db, tally } = fixture
  const { ids, spareKeys, paused } = customers
  const any = (): string => ids[dice.below(ids.length)] ?? ''
  const isToday = (perYear: number): boolean => dice.chance((ids.length * perYear) / 365)
  const acts: readonly (readonly [perYear: number, name: string, act: () => void])[] = [
    [0.3, 'paused', () => pauseSubscription(db, pausing(any()))],
    [0.2, 'left', () => endSubscription(db, any())],
    [0.6, 'changed card', () => changeCard(any())],
  ]
  const pausing = (id: string): string => {
    paused.add(id)
    return id
  }
  const changeCard = (id: string): void => {
    const spare = spareKeys.get(id)
    if (spare !== undefined) useCard({ db }, id, spare, today)
  }
  for (const { id } of db.prepare(`select subscription_id as id from subscriptions where state = 'paused'`).all())
    if (dice.chance(1 / 30)) resumeSubscription(db, String(id), today)
  for (const [perYear, name, act] of acts) {
    if (!isToday(perYear)) continue
    tally.add(`customer ${name}`)
    await clock.sleep(dice.between(1, 3_000))
    act()
  }
}
