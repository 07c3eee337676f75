import type { Dice } from '../../faults/fixture/dice.ts'
import type { Browser, Page } from './browser.ts'
import { type Fixture, gatewayOrigin } from './fixture.ts'
import type { Person } from './people.ts'
import type { Shop, ShopOrder } from './shop.ts'
import { type Mind, type WalkEnd, walkWindow } from './walk-window.ts'

/** A customer of a shop, and the person behind it. */
export interface Customer {
  readonly person: Person
  readonly customerId: string
  readonly shop: Shop
  /** All that is decided by chance about them. */
  readonly dice: Dice
  /** Under which they stand in the trace. */
  readonly actor: string
  /** As they remember it. */
  password: string | undefined
  /** Interferes with the customer's order just before it is paid. */
  meddle?: ((order: ShopOrder) => Promise<void>) | undefined
}

export type Mood = 'usual' | 'typo' | 'forgot' | 'leaves'

/** `paid`, or why not. */
export type VisitEnd = 'paid' | 'stopped' | 'another_person' | { readonly rejected: string }

const leavesAt = ['identity-code', 'card', 'password-set', 'confirm', 'password'] as const
const mostTries = 5

/** Knowledge and intent of a person in a window of their own. */
export function mindOf(customer: Customer, change: Partial<Mind> = {}): Mind {
  const { person, dice } = customer
  return {
    reader: person,
    claimed: person,
    card: person.card,
    password: customer.password,
    wrongGuesses: 0,
    resetsPassword: false,
    drawPassword: () => String(dice.below(1_000_000)).padStart(6, '0'),
    ...change,
  }
}

export interface OpenedWindow {
  readonly browser: Browser
  readonly order: ShopOrder
  readonly page: Page
}

interface Opening {
  readonly browser: Browser
  /** Fields of the signed form that are changed on the way. */
  readonly change?: Readonly<Record<string, string>>
  /** Does not go to the first page: only sees its address. */
  readonly staysBehind?: boolean
}

/** Signs in, orders something, and posts the form of the order. */
export async function openOwnOrder(
  customer: Customer,
  { browser, change = {}, staysBehind = false }: Opening,
): Promise<OpenedWindow> {
  const { shop, customerId, dice } = customer
  await browser.visit({ url: shop.signInAddress(customerId) })
  const order = shop.placeOrder(customerId, dice.between(1_000, 40_000))
  await customer.meddle?.(order)
  const formPage = await browser.visit({ url: shop.formAddress(order.orderId), accept: 'application/json' })
  const form = { ...shop.readForm(formPage), ...change }
  const url = `${gatewayOrigin}/ssp/reqPay.do`
  return { browser, order, page: await browser.visit({ url, form, from: shop.origin, staysBehind }) }
}

export const walkAs = (fixture: Fixture, customer: Customer, window: { browser: Browser; page: Page }, mind: Mind) =>
  walkWindow(
    {
      browser: window.browser,
      agency: fixture.agency,
      pause: () => fixture.clock.sleep(customer.dice.between(1_000, 20_000)),
      note: (line) => fixture.trace(customer.actor, line),
    },
    window.page,
    mind,
  )

export type Ticket = Extract<WalkEnd, { readonly end: 'ticket' }>

/** Who has a ticket on the screen; `orderId`: of the form that opened the window. */
export const takeTicket = ({ invariants }: Fixture, person: Person, ticket: Ticket, orderId: string): void =>
  invariants.handedOut(ticket.fields.Tid ?? '', person, orderId)

/** The browser posts the ticket to the shop. */
export const bringTicket = (browser: Browser, { action, fields }: Ticket, from = gatewayOrigin): Promise<Page> =>
  browser.visit({ url: action, form: fields, from })

/** One order, from its form to the shop's answer. */
export async function visit(fixture: Fixture, customer: Customer, mood: Mood): Promise<VisitEnd> {
  const { person, shop, dice } = customer
  const window = await openOwnOrder(customer, { browser: fixture.openBrowser(person) })
  const mind = mindOf(customer, {
    wrongGuesses: mood === 'typo' ? dice.between(1, 2) : 0,
    resetsPassword: mood === 'forgot',
    stopsAt: mood === 'leaves' ? leavesAt[dice.below(leavesAt.length)] : undefined,
  })
  const end = await walkAs(fixture, customer, window, mind)
  customer.password = mind.password
  if (end.end === 'stopped') return 'stopped'
  if (end.end === 'rejected') return rejectionOf(end)
  const { orderId } = window.order
  takeTicket(fixture, person, end, orderId)
  // A PC page posts the ticket itself; a browser inside an app comes back without the session.
  const comesFrom = dice.pick({ window: 6, page: 3, app: 1 })
  const browser = comesFrom === 'app' ? fixture.openBrowser(person) : window.browser
  await bringTicket(browser, end, comesFrom === 'page' ? shop.origin : gatewayOrigin)
  return window.order.paidBy.length === 0 ? { rejected: 'the shop did not take the payment' } : 'paid'
}

type Rejection = Extract<WalkEnd, { readonly end: 'rejected' }>

export const isAnotherPerson = ({ says }: Rejection): boolean => /not the person who signed up/.test(says)

const rejectionOf = (rejection: Rejection): VisitEnd =>
  isAnotherPerson(rejection) ? 'another_person' : { rejected: `${rejection.step}: ${rejection.says}` }

/** Comes back until an order is paid. Who is taken for somebody else has the shop delete the member. */
export async function payInTheEnd(fixture: Fixture, customer: Customer, firstMood: Mood = 'usual'): Promise<void> {
  const { shop, customerId, actor, dice } = customer
  const { clock, tally, invariants } = fixture
  const rejections: string[] = []
  for (let tries = 0; tries < mostTries; tries++) {
    const end = await visit(fixture, customer, tries === 0 ? firstMood : 'usual')
    fixture.trace(actor, typeof end === 'string' ? end : end.rejected)
    if (end === 'paid') return
    rejections.push(typeof end === 'string' ? end : end.rejected)
    if (end === 'another_person') {
      tally.add(`${shop.kind}: shut out, asks the shop`)
      invariants.shutOut(shop.kind)
      invariants.rejectedAsAnother(fixture.subjectOf(shop, customerId))
      await shop.deleteMember(customerId)
      customer.password = undefined
    }
    await clock.sleep(dice.between(12 * 60_000, 40 * 60_000))
  }
  invariants.report(`${actor} of the ${shop.kind} shop cannot pay: ${rejections.join('; ')}`)
}

/** A new contract: the number before is nobody's. */
export function changePhone({ agency, people }: Fixture, { person }: Customer): void {
  agency.unregister(person.phone)
  person.phone = people.newPhone()
  agency.register(person.phone, person)
}
