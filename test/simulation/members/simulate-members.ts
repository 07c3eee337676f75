import { type Dice, rollDice } from '../../faults/fixture/dice.ts'
import { type AttackName, attacks } from './attacks.ts'
import { type MemberBug, noBugs } from './bug.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { type Customer, changePhone, type Mood, payInTheEnd, visit } from './member.ts'
import type { ShopKind } from './shop.ts'

/** One run by its seed: the same order, the same run. */
export interface MemberOrder {
  readonly seed: string
  readonly members: number
}

export interface MemberOptions {
  readonly bug?: Partial<MemberBug>
  /** Ends with the first problem of this kind. */
  readonly stopsAt?: RegExp
}

export interface MemberReport extends MemberOrder {
  readonly problems: readonly string[]
  readonly traceHash: string
  readonly counts: Readonly<Record<string, number>>
  readonly virtualMs: number
  /** User and system time of the process. */
  readonly cpuMs: number
}

const betweenMembersMs = 5 * 60_000
const minuteMs = 60_000
const shopKinds: readonly ShopKind[] = ['signed', 'guide']
const attackNames = Object.keys(attacks) as readonly AttackName[]

/** Plays members, their visits and their attackers to the end. What throws is a problem too. */
export async function simulateMembers(
  { seed, members }: MemberOrder,
  { bug = {}, stopsAt }: MemberOptions = {},
): Promise<MemberReport> {
  const startedAt = process.cpuUsage()
  const fixture = await openFixture(seed, { ...noBugs, ...bug })
  const { clock, tally, invariants } = fixture
  let ended = 0
  const begin = async (number: number): Promise<void> => {
    try {
      await live(fixture, seed, number)
    } catch (cause) {
      invariants.report(`member ${number} broke off: ${cause instanceof Error ? cause.stack : String(cause)}`)
    }
    ended += 1
  }
  for (let number = 0; number < members; number++)
    clock.schedule(1 + number * betweenMembersMs, () => void begin(number))
  const { problems } = invariants
  const isOver = await clock.run(() => ended === members || problems.some((problem) => stopsAt?.test(problem)))
  if (!isOver) invariants.report('the fixture stood still before its end')
  const virtualMs = clock.passedMs()
  await fixture.close()
  const { user, system } = process.cpuUsage(startedAt)
  const cpuMs = (user + system) / 1_000
  return { seed, members, problems, traceHash: fixture.traceHash(), counts: tally.counts(), virtualMs, cpuMs }
}

/** One member: joins, comes back, is attacked before, while or after joining, and pays in the end. */
async function live(fixture: Fixture, seed: string, number: number): Promise<void> {
  const dice = rollDice(seed, 'member', number)
  const round = Math.floor(number / attackNames.length)
  const kind = shopKinds[(number + round) % shopKinds.length] ?? 'signed'
  const shop = fixture.shop(kind)
  const victim: Customer = {
    person: fixture.newPerson(),
    customerId: `customer${number}`,
    shop,
    dice,
    actor: `member ${number}`,
    password: undefined,
  }
  const planned = planAttacks(dice, number)
  for (const { name } of planned.filter(({ when }) => when === 'before')) await attack(fixture, victim, name)
  const during = planned.find(({ when }) => when === 'during')
  const underWay = during === undefined ? undefined : attack(fixture, victim, during.name)
  await join(fixture, victim)
  await underWay
  for (const { name } of planned.filter(({ when }) => when === 'after')) await attack(fixture, victim, name)
  await comeBack(fixture, victim)
  await payInTheEnd(fixture, victim)
  fixture.invariants.ended(fixture.subjectOf(shop, victim.customerId))
  fixture.tally.add(`${kind}: member's last visit`)
}

interface PlannedAttack {
  readonly name: AttackName
  readonly when: 'before' | 'during' | 'after'
}

/** Those in which the victim pays meanwhile cannot happen while the victim joins. */
const concurrent: readonly AttackName[] = ['claim', 'claim as a namesake', 'wrong passwords', 'card of somebody else']

/** Each attack comes in turn, then in turn at the other kind of shop; some members meet a second one, or none. */
function planAttacks(dice: Dice, member: number): readonly PlannedAttack[] {
  const isSpared = member >= attackNames.length && dice.chance(0.2)
  const numbers = isSpared ? [] : [member % attackNames.length]
  if (dice.chance(0.3)) numbers.push(dice.below(attackNames.length))
  return numbers.map((number) => {
    const name = attackNames[number] ?? 'claim'
    const when = dice.pick({ before: 3, during: 2, after: 4 })
    return { name, when: when === 'during' && !concurrent.includes(name) ? 'after' : when }
  })
}

async function attack(fixture: Fixture, victim: Customer, name: AttackName): Promise<void> {
  const { shop, dice } = victim
  const person = name === 'claim as a namesake' ? fixture.newNamesake(victim.person) : fixture.newPerson()
  const attacker: Customer = {
    person,
    shop,
    dice: rollDice(`${victim.actor} ${name} ${dice.next()}`),
    password: undefined,
    customerId: `attacker${person.number}`,
    actor: `attacker ${person.number}`,
  }
  fixture.tally.add(`attack: ${name}`)
  fixture.trace(attacker.actor, `${name} on ${victim.actor}`)
  await attacks[name]({ fixture, victim, attacker, victimPays: (mood) => payInTheEnd(fixture, victim, mood) })
  await fixture.clock.sleep(dice.between(minuteMs, 60 * minuteMs))
}

/** Some leave the first windows before the first payment. */
async function join(fixture: Fixture, member: Customer): Promise<void> {
  const { clock, tally } = fixture
  if (member.dice.chance(0.3)) {
    await visit(fixture, member, 'leaves')
    tally.add('left before the first payment')
    await clock.sleep(member.dice.between(minuteMs, 36 * 60 * minuteMs))
  }
  await payInTheEnd(fixture, member)
}

async function comeBack(fixture: Fixture, member: Customer): Promise<void> {
  const { dice } = member
  for (let visits = dice.between(1, 2); visits > 0; visits--) {
    await fixture.clock.sleep(dice.between(60 * minuteMs, 30 * 60 * minuteMs))
    const mood: Mood | 'new phone' = dice.pick({ usual: 5, typo: 2, forgot: 2, leaves: 1, 'new phone': 1 })
    fixture.tally.add(`visit: ${mood}`)
    if (mood === 'leaves') await visit(fixture, member, mood)
    else if (mood === 'new phone') {
      changePhone(fixture, member)
      await payInTheEnd(fixture, member, 'forgot')
    } else await payInTheEnd(fixture, member, mood)
  }
}
