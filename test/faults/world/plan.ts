import type { TestCard } from '@sspay/sandbox'
import { type Dice, rollDice } from './dice.ts'

export type CardBehaviour = 'approve' | 'decline' | 'silent' | 'late' | 'twice'
/** Two shops by how their merchants want repeated approvals answered, and one that has registered no address for notices. */
export const shopNames = ['replay', 'reject', 'unnoticed'] as const
export type ShopName = (typeof shopNames)[number]

/** What one buyer and the shop's handling of that buyer will do; all of it follows from the seed and the number. */
export interface Plan {
  readonly number: number
  readonly dice: Dice
  /** Nothing is planned to go wrong with it; what happens to the gateway happens to it too. */
  readonly isCalm: boolean
  readonly shop: ShopName
  readonly card: CardBehaviour
  /** Whole won. */
  readonly amount: number
  readonly orderId: string
  /** How likely each crossing of a link goes wrong. */
  readonly faultRate: number
  /** How long the buyer takes; sometimes longer than the ticket lives. */
  readonly firstReturnMs: number
  /** When each arrival of the browser at the shop's return address comes, after the first. */
  readonly returnsAfterMs: readonly number[]
  /** The shop's process dies after so many steps of the first handling. */
  readonly shopDiesAfterSteps: number | undefined
  /** The buyer leaves the order before the shop has its answer. */
  readonly isUnwanted: boolean
  /** The buyer pays the same order in two windows. */
  readonly isPaidTwice: boolean
  readonly cancels: CancelPlan
  /** Somebody asks for a refund with a wrong cancel password. */
  readonly isGuessedAt: boolean
}

export type CancelPlan = 'none' | 'full' | 'parts' | 'tooMuch' | 'twiceAtOnce'

/**
 * `heavy`: nearly every payment meets something. `mixed`: most payments are what most are in life, one after another without a fault of
 * their own, among others that are as bad as ever: so the same time holds more of them, and what goes wrong happens beside what goes
 * right. Deaths of the gateway and leaps of the clock meet them all.
 */
export type Intensity = 'heavy' | 'mixed'

/** Of the payments without a fault of their own, most are for the shop that hears no notices: a notice costs as much as a payment. */
const unnoticedShareOfCalm = 0.95
const calmShare: Readonly<Record<Intensity, number>> = { heavy: 0, mixed: 0.98 }

/** How fast buyers come, one every so many virtual milliseconds. */
export const betweenPaymentsMs: Readonly<Record<Intensity, number>> = { heavy: 40, mixed: 2 }

/** How many steps a start of the gateway lives, more where more payments are on their way at once: each death meets all of those. */
export const stepsPerLife: Readonly<Record<Intensity, { readonly from: number; readonly to: number }>> = {
  heavy: { from: 20, to: 6_000 },
  mixed: { from: 20, to: 30_000 },
}

/** Of how many commits of the gateway one waits for its database. */
export const oneSlowCommitIn: Readonly<Record<Intensity, number>> = { heavy: 25, mixed: 500 }

export function planPayment(seed: string, number: number, intensity: Intensity): Plan {
  const dice = rollDice(seed, 'payment', number)
  const planned = planHeavily(dice, number)
  if (!dice.chance(calmShare[intensity])) return planned
  return { ...planned, ...calmly, shop: dice.chance(unnoticedShareOfCalm) ? 'unnoticed' : planned.shop }
}

const calmly = {
  isCalm: true,
  card: 'approve',
  faultRate: 0,
  returnsAfterMs: [0],
  shopDiesAfterSteps: undefined,
  isUnwanted: false,
  isPaidTwice: false,
  cancels: 'none',
  isGuessedAt: false,
} as const satisfies Partial<Plan>

function planHeavily(dice: Dice, number: number): Plan {
  return {
    number,
    dice,
    isCalm: false,
    shop: dice.pick<ShopName>({ replay: 9, reject: 9, unnoticed: 2 }),
    card: dice.pick<CardBehaviour>({ approve: 60, decline: 10, silent: 10, late: 10, twice: 10 }),
    amount: dice.between(1_000, 200_000),
    orderId: `ORD${String(number).padStart(7, '0')}`,
    faultRate: Number(dice.pick({ '0': 3, '0.1': 3, '0.3': 3, '0.6': 1 })),
    firstReturnMs: dice.chance(0.02) ? dice.between(60_000, 15 * 60_000) : dice.between(0, 5_000),
    returnsAfterMs: planReturns(dice),
    shopDiesAfterSteps: dice.chance(0.15) ? dice.between(1, 8) : undefined,
    isUnwanted: dice.chance(0.08),
    isPaidTwice: dice.chance(0.05),
    cancels: dice.pick<CancelPlan>({ none: 60, full: 15, parts: 15, tooMuch: 5, twiceAtOnce: 5 }),
    isGuessedAt: dice.chance(0.1),
  }
}

/** One return, a double click, a reload a little later, or the back button after a while. */
function planReturns(dice: Dice): readonly number[] {
  const kind = dice.pick({ once: 60, atOnce: 15, reload: 15, later: 10 })
  if (kind === 'once') return [0]
  if (kind === 'atOnce') return [0, 0]
  return kind === 'reload' ? [0, dice.between(100, 9_000)] : [0, dice.between(10_000, 240_000)]
}

interface RefundPlan {
  readonly amount: number
  readonly isPartial: boolean
}

/** What the shop gives back of a paid order, in the order of its sequence. */
export function planRefunds({ cancels, amount, dice }: Plan): {
  readonly refunds: readonly RefundPlan[]
  readonly isAtOnce: boolean
} {
  const part = dice.between(1, amount - 1)
  const isPartial = true
  switch (cancels) {
    case 'none':
      return { refunds: [], isAtOnce: false }
    case 'full':
      return { refunds: [{ amount, isPartial: false }], isAtOnce: false }
    case 'parts': {
      const half = Math.floor(part / 2)
      const rest = { amount: amount - part, isPartial }
      const halves = [
        { amount: part - half, isPartial },
        { amount: half, isPartial },
      ].filter((refund) => refund.amount > 0)
      return { refunds: dice.chance(0.5) ? [...halves, rest] : halves, isAtOnce: false }
    }
    case 'tooMuch':
      return {
        refunds: [
          { amount: part, isPartial },
          { amount: amount - part + 1, isPartial },
        ],
        isAtOnce: false,
      }
    case 'twiceAtOnce':
      return { refunds: dice.chance(0.5) ? twice(amount, false) : twice(Math.ceil(amount * 0.6), true), isAtOnce: true }
  }
}

const twice = (amount: number, isPartial: boolean): readonly RefundPlan[] => [
  { amount, isPartial },
  { amount, isPartial },
]

const cardsOfBehaviour = (cards: readonly TestCard[], behaviour: CardBehaviour): readonly TestCard[] =>
  cards.filter((card) => (behaviour === 'decline' ? typeof card.behaviour === 'object' : card.behaviour === behaviour))

export const cardNumberFor = (cards: readonly TestCard[], behaviour: CardBehaviour): string => {
  const [card] = cardsOfBehaviour(cards, behaviour)
  if (card === undefined) throw new RangeError(`no test card that does this: ${behaviour}`)
  return card.cardNumber
}
