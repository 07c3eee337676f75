import { createHash } from 'node:crypto'
import {
  type Context,
  createGateway,
  defaultSettings,
  type Gateway,
  type GatewayParts,
  type Log,
  type LogFields,
  type Merchant,
  type Runtime,
  Secret,
  saveMerchant,
} from '@sspay/gateway'
import { createKeyRing, migrate } from '@sspay/gateway/internal'
import { defineMerchant, type Transport } from '@sspay/merchant'
import { testMerchant } from '@sspay/sandbox'
import { expireForgotten } from '../../../packages/gateway/src/approval/close-payment.ts'
import { removePendingMembers } from '../../../packages/gateway/src/approval/remove-pending-members.ts'
import { maskSubject } from '../../../packages/gateway/src/security-events/record.ts'
import { type Dice, rollDice } from '../../faults/fixture/dice.ts'
import { openMemoryDisk } from '../../faults/fixture/memory-disk.ts'
import { createTally, type Tally } from '../../faults/fixture/tally.ts'
import { createVirtualClock, type VirtualClock } from '../../faults/fixture/virtual-clock.ts'
import { type Agency, createAgency } from './agency.ts'
import { type Browser, openBrowser } from './browser.ts'
import type { MemberBug } from './bug.ts'
import { createGuideShop } from './guide-shop.ts'
import { createInvariants, type Invariants } from './invariants.ts'
import { createIssuers } from './issuers.ts'
import { createPeople, type People, type Person } from './people.ts'
import type { Shop, ShopKind } from './shop.ts'
import { createSignedOrderShop } from './signed-order-shop.ts'

export interface Fixture {
  readonly clock: VirtualClock
  readonly tally: Tally
  readonly agency: Agency
  readonly people: Pick<People, 'newPhone'>
  readonly invariants: Invariants
  shop(kind: ShopKind): Shop
  /** A person with a phone contract and a card. */
  newPerson(): Person
  newNamesake(of: Person): Person
  /** `otherPeople`: of whom this person must see nothing. */
  openBrowser(person: Person, otherPeople?: readonly Person[]): Browser
  /** How security events name the customer. */
  subjectOf(shop: Shop, customerId: string): string
  trace(actor: string, line: string): void
  /** SHA-256 over what happened to each actor, in the order of their first line. */
  traceHash(): string
  close(): Promise<void>
}

export const gatewayOrigin = 'https://gateway.test'

const startOfTime = new Date('2025-01-02T09:00:00+09:00')
const upkeepEveryMs = 60 * 60_000
const shopAddress = '192.0.2.10'

/** Argon2id would take nearly all the time; what is simulated does not depend on how slow a guess is. */
const cheapHasher: NonNullable<GatewayParts['passwordHasher']> = {
  hash: async (_context, digits) => `not a hash: ${digits}`,
  matches: async (_context, passwordHash, digits) => passwordHash === `not a hash: ${digits}`,
}

/** Gateway, shops, issuers, identity agency and carriers in one process on one virtual clock. */
export async function openFixture(seed: string, bug: MemberBug): Promise<Fixture> {
  const clock = createVirtualClock(startOfTime)
  const tally = createTally()
  const people = createPeople(rollDice(seed, 'people'))
  const agency = createAgency(rollDice(seed, 'agency'))
  const owners = new Map<string, Person>()
  const invariants = createInvariants(owners)
  const traces = createTraces(clock)
  const disk = openMemoryDisk()
  await migrate(disk.storage)
  const runtime = runtimeOf(clock, rollDice(seed, 'gateway'))
  const context: Context = {
    runtime,
    storage: bug.wrapStorage(disk.storage),
    keyRing: createKeyRing(runtime, new Secret('5a'.repeat(32))),
    log: bug.wrapLog(createWatchedLog(invariants, tally)),
    settings: { ...defaultSettings, isSandbox: true },
  }
  const merchants = { signed: { ...testMerchant, ...bug.merchant }, guide: { ...guideMerchant, ...bug.merchant } }
  for (const merchant of Object.values(merchants)) await saveMerchant(context, merchant)
  const issuers = createIssuers({
    owners,
    now: clock.now,
    onCharge(charge) {
      tally.add('card charged')
      invariants.charged(charge)
    },
    onCardRejected: () => tally.add('card rejected by its issuer'),
  })
  const gateway = createGateway({
    context,
    cardNetwork: bug.wrapNetwork(issuers),
    identityVerifier: bug.wrapVerifier(agency.verifier),
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
    hasWorkers: false,
    passwordHasher: cheapHasher,
  })
  const fetchGateway = bug.wrapFetch(gateway.fetch, context)
  const shops = openShops(merchants, { fetchGateway, clock, invariants, tally, signsOrders: bug.signsOrders })
  const stopUpkeep = startBackgroundJobs(clock, context)

  const fetchAs =
    ({ address }: Person) =>
    async (request: Request): Promise<Response> => {
      const { origin } = new URL(request.url)
      if (origin === gatewayOrigin) return fetchGateway(request, { address })
      const shop = Object.values(shops).find((one) => one.origin === origin)
      return shop?.fetch(request) ?? new Response('no such site', { status: 404 })
    }
  const recordOutcome = (person: Person): Person => {
    owners.set(person.card.cardNumber, person)
    agency.register(person.phone, person)
    return person
  }
  return {
    clock,
    tally,
    agency,
    people,
    invariants,
    shop: (kind) => shops[kind],
    newPerson: () => recordOutcome(people.person()),
    newNamesake: (of) => recordOutcome(people.namesakeOf(of)),
    openBrowser(person, otherPeople = []) {
      const typedBefore = new Set<string>()
      return openBrowser({
        fetch: fetchAs(person),
        onPage({ html }, typed) {
          for (const text of typed) typedBefore.add(text)
          invariants.seen(person, withoutTyped(html, typedBefore), otherPeople)
        },
        gateway: gatewayOrigin,
      })
    },
    subjectOf: ({ easyPayMerchantId }, customerId) => maskSubject(context.keyRing, { easyPayMerchantId, customerId }),
    trace: traces.add,
    traceHash: traces.hash,
    async close() {
      stopUpkeep()
      await gateway.close()
      disk.close()
    },
  }
}

const guideMerchant: Merchant = {
  ...testMerchant,
  merchantId: 'ssptest02m',
  easyPayMerchantId: 'SSPTEST01p',
  name: 'Guide',
}

const runtimeOf = (clock: VirtualClock, dice: Dice): Runtime => ({
  now: clock.now,
  randomBytes: dice.bytes,
  schedule: clock.schedule,
  fetch: () => Promise.reject(new Error('the gateway sends no requests')),
})

interface ShopParts {
  readonly fetchGateway: Gateway['fetch']
  readonly clock: VirtualClock
  readonly invariants: Invariants
  readonly tally: Tally
  readonly signsOrders: boolean
}

function openShops(
  merchants: Readonly<Record<ShopKind, Merchant>>,
  { fetchGateway, clock, invariants, tally, signsOrders }: ShopParts,
): Readonly<Record<ShopKind, Shop>> {
  const transport: Transport = async ({ url, body }) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetchGateway(new Request(url, { method: 'POST', headers, body }), { address: shopAddress })
    return { outcome: 'answered', status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) }
  }
  const optionsOf = (kind: ShopKind) => {
    const { merchantId, easyPayMerchantId, merchantKey } = merchants[kind]
    const isSigned = kind === 'signed' && signsOrders
    const merchant = defineMerchant({
      merchantId,
      easyPayMerchantId,
      merchantKey: merchantKey.expose(),
      transport,
      now: clock.now,
      environment: { origin: gatewayOrigin },
      orderSignature: isSigned
        ? { keys: ['an order signing key of the simulated shop'.replaceAll(' ', '-')] }
        : notSigned,
    })
    const onError = (problem: string): void => tally.add(`${kind} shop: ${problem}`)
    return { merchant, onPaid: invariants.paid, onError }
  }
  return { signed: createSignedOrderShop(optionsOf('signed')), guide: createGuideShop(optionsOf('guide')) }
}

const notSigned = 'off_and_orders_can_be_tampered_with'

/** What the gateway does in the background. */
function startBackgroundJobs(clock: VirtualClock, context: Context): () => void {
  let isStopped = false
  const work = async (): Promise<void> => {
    if (isStopped) return
    await expireForgotten(context)
    await removePendingMembers(context)
    clock.schedule(upkeepEveryMs, () => void work())
  }
  clock.schedule(upkeepEveryMs, () => void work())
  return () => {
    isStopped = true
  }
}

function createWatchedLog(invariants: Invariants, tally: Tally): Log {
  const record = (event: string, { name, member }: LogFields = {}): void => {
    if (event !== 'security_event') return
    tally.add(`event ${name}`)
    invariants.event(String(name), String(member))
  }
  return {
    info: record,
    warn: record,
    error: (event, { cause } = {}) => invariants.report(`${event}: ${cause instanceof Error ? cause.stack : cause}`),
  }
}

function createTraces(clock: VirtualClock) {
  const traces = new Map<string, string[]>()
  return {
    add(actor: string, line: string): void {
      const lines = traces.get(actor) ?? []
      traces.set(actor, lines)
      lines.push(`${clock.passedMs()} ${line}`)
    },
    hash(): string {
      const hash = createHash('sha256')
      for (const [actor, lines] of [...traces].sort(([one], [other]) => (one < other ? -1 : 1)))
        hash.update(`${actor}\n${lines.join('\n')}\n`)
      return hash.digest('hex')
    },
  }
}

/**
 * A form that comes back holds what its sender had typed, also some pages before, be it the name of another person or
 * the number of another's card. Shorter texts stand in every page.
 */
const withoutTyped = (html: string, typed: ReadonlySet<string>): string =>
  [...typed]
    .filter((text) => text.length >= 6 || /^[가-힣]{2,}$/.test(text))
    .reduce((rest, text) => rest.replaceAll(text, ''), html)
