import type { Browser } from './browser.ts'
import type { Fixture } from './fixture.ts'
import {
  bringTicket,
  type Customer,
  changePhone,
  isAnotherPerson,
  type Mood,
  mindOf,
  type OpenedWindow,
  openOwnOrder,
  type Ticket,
  takeTicket,
  walkAs,
} from './member.ts'
import type { Person } from './people.ts'
import type { Mind } from './walk-window.ts'

/** Two people, and what one does to the other. */
export interface Scene {
  readonly fixture: Fixture
  readonly victim: Customer
  /** A customer of the same shop. */
  readonly attacker: Customer
  /** The victim pays an order of theirs meanwhile. */
  victimPays(mood?: Mood): Promise<void>
}

export type AttackName = keyof typeof attacks

/** What an attacker tries to get at a member's cards or customer id, or to keep a member from paying. */
export const attacks = {
  /**
   * The own form with the victim's customer id, verified as themselves; where the victim is a member, it is a reset.
   */
  claim: (scene) => claim(scene),
  'claim as a namesake': (scene) => claim(scene),
  'wrong passwords': (scene) => claim(scene, { wrongGuesses: 5 }),
  'number of the victim under an own contract': takeOverNumber,
  'stolen SIM': async (scene) => void (await useStolenSim(scene)),
  'stolen SIM, for a passkey': addPasskey,
  'stolen SIM, pays later': useStolenSimLater,
  'overheard password, pays after it was changed': useOldPassword,
  'card of somebody else': registerOthersCard,
  'link before the first page': (scene) => sendLink(scene, { isFirst: false }),
  'link after the first page': (scene) => sendLink(scene, { isFirst: true }),
  'own ticket at the return address of the victim': postOwnTicket,
  'garbage at the return address of the victim': postGarbage,
} as const satisfies Readonly<Record<string, (scene: Scene) => Promise<void>>>

/** The attacker looks at every page for what is the victim's. */
const browserOf = ({ fixture, victim, attacker }: Scene): Browser =>
  fixture.openBrowser(attacker.person, [victim.person])

const openForged = (
  scene: Scene,
  {
    browser = browserOf(scene),
    staysBehind = false,
  }: { readonly browser?: Browser; readonly staysBehind?: boolean } = {},
): Promise<OpenedWindow> =>
  openOwnOrder(scene.attacker, { browser, change: { MallUserId: scene.victim.customerId }, staysBehind })

const pause = ({ fixture, attacker }: Scene): Promise<void> => fixture.clock.sleep(attacker.dice.between(1_000, 60_000))

async function claim(scene: Scene, change: Partial<Mind> = {}): Promise<void> {
  const window = await openForged(scene)
  // In the victim's name there is no password that the attacker would know.
  if (await payAs(scene, window, { password: undefined, ...change })) {
    const { fixture, victim } = scene
    fixture.tally.add(`${victim.shop.kind}: customer claimed`)
    fixture.invariants.claimed(fixture.subjectOf(victim.shop, victim.customerId))
  }
}

/** As far as the window lets them. Whether the shop took the payment. */
async function payAs(scene: Scene, window: OpenedWindow, change: Partial<Mind>): Promise<boolean> {
  const { fixture, attacker, victim } = scene
  const end = await walkAs(fixture, attacker, window, mindOf(attacker, change))
  if (end.end === 'rejected' && isAnotherPerson(end)) {
    fixture.tally.add(`${victim.shop.kind}: attacker rejected as another person`)
    fixture.invariants.rejectedAsAnother(fixture.subjectOf(victim.shop, victim.customerId))
  }
  if (end.end !== 'ticket') return false
  const { browser, order } = window
  takeTicket(fixture, attacker.person, end, order.orderId)
  await bringTicket(browser, withoutEcho(end))
  return order.paidBy.length > 0
}

/** The carrier gives the number, which the victim has given up, to the attacker. */
async function takeOverNumber(scene: Scene): Promise<void> {
  const { fixture, victim, attacker } = scene
  const { phone } = victim.person
  changePhone(fixture, victim)
  fixture.agency.register(phone, attacker.person)
  const { name, birthDate, genderDigit } = attacker.person
  await claim(scene, { claimed: { name, birthDate, genderDigit, phone } })
}

/** Messages to the victim come to the attacker for a while, who verifies as the victim. */
async function useStolenSim(scene: Scene, change: Partial<Mind> = {}): Promise<OpenedWindow> {
  const { fixture, victim, attacker } = scene
  const { phone } = victim.person
  fixture.agency.divert(phone, attacker.person)
  const window = await openForged(scene)
  const mind = { password: undefined, resetsPassword: true, takesAnyCard: true, ...change }
  await payAs(scene, window, { ...mind, claimed: { ...victim.person } })
  fixture.agency.divert(phone, victim.person)
  return window
}

/** It would pay with the cards that are there. */
async function addPasskey(scene: Scene): Promise<void> {
  const { browser, page } = await useStolenSim(scene, { resetsPassword: false, addsPasskey: true, stopsAt: 'passkey' })
  const { forms } = await browser.visit({ url: page.url })
  const isOffered = forms.some(({ attributes }) => attributes['data-step'] === 'keep-passkeys')
  if (isOffered && scene.victim.password !== undefined)
    scene.fixture.invariants.report('who only holds the phone may add a passkey')
}

async function useStolenSimLater(scene: Scene): Promise<void> {
  const window = await useStolenSim(scene, { stopsAt: 'confirm' })
  await scene.victimPays()
  await goOn(scene, window)
}

/** Opens the cards with the password that the victim has revealed, and goes on when it is another one. */
async function useOldPassword(scene: Scene): Promise<void> {
  const { fixture, victim, attacker } = scene
  if (victim.password === undefined) return
  // As long as it is the password, the victim's cards are no secret.
  const otherPeople: Person[] = []
  const window = await openForged(scene, { browser: fixture.openBrowser(attacker.person, otherPeople) })
  const mind = mindOf(attacker, { password: victim.password, opensCards: true, stopsAt: 'card' })
  const { end } = await walkAs(fixture, attacker, window, mind)
  if (end !== 'stopped') return
  await scene.victimPays('forgot')
  otherPeople.push(victim.person)
  await goOn(scene, window)
}

/** The victim has set another password and registered the card again; the window is still open. */
async function goOn(scene: Scene, window: OpenedWindow): Promise<void> {
  const page = await window.browser.visit({ url: window.page.url })
  await payAs(scene, { ...window, page }, { password: undefined, takesAnyCard: true })
}

/** Number and expiry are known, the card's password is not. */
async function registerOthersCard(scene: Scene): Promise<void> {
  const { fixture, victim, attacker } = scene
  const window = await openOwnOrder(attacker, { browser: browserOf(scene) })
  const stopped = await walkAs(fixture, attacker, window, mindOf(attacker, { stopsAt: 'card' }))
  if (stopped.end !== 'stopped') return
  const passwordFirstTwo = victim.person.card.passwordFirstTwo === '11' ? '22' : '11'
  await payAs(scene, { ...window, page: stopped.page }, { card: { ...victim.person.card, passwordFirstTwo } })
}

/** A window for the victim, who opens the link and pays what it asks for. */
async function sendLink(scene: Scene, { isFirst }: { readonly isFirst: boolean }): Promise<void> {
  const { fixture, victim, attacker } = scene
  const window = await openForged(scene, { staysBehind: !isFirst })
  await pause(scene)
  const browser = fixture.openBrowser(victim.person)
  const page = await browser.visit({ url: window.page.url })
  const mind = mindOf(victim)
  const end = await walkAs(fixture, victim, { browser, page }, mind)
  victim.password = mind.password
  const { orderId } = window.order
  if (end.end === 'ticket') takeTicket(fixture, victim.person, end, orderId)
  // While the victim still looks at the last page.
  const reloaded = await window.browser.visit({ url: window.page.url })
  await payAs(scene, { ...window, page: reloaded }, { password: undefined, stopsAt: 'identity' })
  if (end.end === 'ticket') await bringTicket(browser, end)
  fixture.trace(attacker.actor, `link: ${end.end}`)
}

/** Into the order of the victim, by the attacker's browser or, from a page that the victim opens, by theirs. */
async function postOwnTicket(scene: Scene): Promise<void> {
  const { fixture, victim, attacker } = scene
  const window = await openOwnOrder(attacker, { browser: browserOf(scene) })
  const mind = mindOf(attacker)
  const end = await walkAs(fixture, attacker, window, mind)
  attacker.password = mind.password
  if (end.end !== 'ticket') return fixture.invariants.report(`${attacker.actor} cannot pay an own order`)
  takeTicket(fixture, attacker.person, end, window.order.orderId)
  await meddle(scene, withoutEcho(end).fields)
  await bringTicket(window.browser, end)
  const isPaid = window.order.paidBy.length === 1
  if (!isPaid) fixture.invariants.report(`${attacker.actor}: the own order is not paid by its own ticket`)
  victim.meddle = undefined
}

function postGarbage(scene: Scene): Promise<void> {
  return meddle(scene, { Tid: 'ssptest01m01012501020900000001', TrAuthKey: 'garbage' })
}

/** Removes the fields that the gateway echoes from the request, which could only reveal the attack. */
const withoutEcho = (ticket: Ticket): Ticket => {
  const { Tid = '', TrAuthKey = '' } = ticket.fields
  return { ...ticket, fields: { Tid, TrAuthKey } }
}

async function meddle(scene: Scene, fields: Readonly<Record<string, string>>): Promise<void> {
  const { fixture, victim, attacker } = scene
  victim.meddle = async ({ orderId }) => {
    const isOfVictim = attacker.dice.chance(0.5)
    const browser = isOfVictim ? fixture.openBrowser(victim.person) : browserOf(scene)
    if (isOfVictim) await browser.visit({ url: victim.shop.signInAddress(victim.customerId) })
    await browser.visit({ url: victim.shop.returnAddress(orderId), form: fields, from: 'https://evil.test' })
  }
  await scene.victimPays()
  victim.meddle = undefined
}
