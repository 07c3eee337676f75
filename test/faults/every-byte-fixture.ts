import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Listener, listen, realRuntime } from '@sspay/gateway'
import { openSqlite } from '@sspay/gateway/internal'
import { type ApprovalOutcome, nodeTransport, type Transport } from '@sspay/merchant'
import { findPayment } from '../../packages/gateway/src/approval/store.ts'
import type { PortName } from '../../packages/sandbox/src/addresses.ts'
import { cardNetworkRoutes } from '../../packages/sandbox/src/card-network/route.ts'
import { ledgerTotals, openLedger } from '../../packages/sandbox/src/card-network/store.ts'
import { faultsAround } from '../../packages/sandbox/src/faults/around.ts'
import { createIdentify } from '../../packages/sandbox/src/faults/identify.ts'
import type { Link } from '../../packages/sandbox/src/faults/links.ts'
import { readFault } from '../../packages/sandbox/src/faults/model.ts'
import { createFaultRules, type FaultRules } from '../../packages/sandbox/src/faults/rules.ts'
import { createQuickGateway, type Ticket } from '../support/quick-payment.ts'
import { openShop } from './every-byte-shop.ts'

export type Profile = 'replay' | 'reject'

export interface Case {
  readonly link: Link
  readonly fault: string
  /** No: the shop has given the order up by the time it recovers. */
  readonly isWanted: boolean
}

export interface Finished extends Case {
  readonly orderId: string
  /** Outcome at the shop before recovery. */
  readonly first: ApprovalOutcome['outcome']
  /** Won that the buyer has paid in the end, by the card network's own ledger. */
  readonly captured: number
  readonly timesMarkedPaid: number
  /** At the gateway. */
  readonly state: string | undefined
}

export interface Fixture {
  /** Only the approval of a new order meets the fault; later requests are answered normally. */
  pay(given: Case): Promise<void>
  recoverAll(): Promise<void>
  finished(): Promise<readonly Finished[]>
  /** Lengths in bytes of the answers that the tests cut. */
  measureAnswers(): Promise<Readonly<Record<'approval' | 'card-network-authorize', number>>>
  close(): Promise<void>
}

/** The same for every order, and so is the length of the order ids: each answer has as many bytes as the other. */
export const price = 1004

/** Short, so that silence costs little time; none of them is what makes the result right. */
export const readTimeoutMs = 4_000
const settings = { cardNetworkTimeoutMs: 2_500, reverseAfterMs: 500 }

const networkPath = '/sandbox/card-network'

type Answer = (request: Request) => Promise<Response>

export interface FixtureOptions {
  /** Transport between the shop's SDK and the gateway. */
  readonly wrapTransport?: (send: Transport) => Transport
}

/** A shop with its journal, a gateway and a card network, each behind a socket where faults stand. */
export async function openFixture(
  profile: Profile,
  { wrapTransport = (send) => send }: FixtureOptions = {},
): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-every-byte-'))
  const stopping = new AbortController()
  const rules = createFaultRules(realRuntime)
  const identify = createIdentify({ merchantKey: '-'.repeat(32), findOrderId: async () => undefined })
  const listenWithFaults = (name: PortName, fetch: Answer): Promise<Listener> => {
    const around = faultsAround({
      listener: name,
      fetch,
      rules,
      identify,
      runtime: realRuntime,
      stopping: stopping.signal,
    })
    return listen({ fetch, host: '127.0.0.1', port: 0, wrap: around })
  }

  const ledger = await openSqlite(join(folder, 'card-network.db'))
  await openLedger(ledger)
  const routes = { runtime: realRuntime, storage: ledger, lateAnswerMs: 3_000, stopping: stopping.signal }
  const networkApp = cardNetworkRoutes(routes)
  const network = measured(async (request) =>
    networkApp.fetch(new Request(request.url.replace(networkPath, ''), request)),
  )
  const networkListener = await listenWithFaults('console', network.fetch)

  const cardNetworkUrl = networkListener.url + networkPath
  const gateway = await createQuickGateway({ profile, settings, cardNetworkUrl })
  const approval = measured(gateway.fetch)
  const gatewayListener = await listenWithFaults('gateway', approval.fetch)

  const environment = { origin: gatewayListener.url }
  const timeouts = { connectTimeoutMs: 1_000, readTimeoutMs }
  const transport = wrapTransport(nodeTransport())
  const config = { ...gateway.merchantConfig, ...timeouts, environment, transport }
  const shop = openShop(join(folder, 'shop.db'), config, gateway.merchant.cancelPassword.expose())

  const paid: (Case & Pick<Finished, 'orderId' | 'first'> & Pick<Ticket, 'transactionId'>)[] = []
  const unwanted = new Set<string>()
  let lastOrder = 0
  const authenticate = async (): Promise<Ticket & { readonly orderId: string }> => {
    const orderId = `order-${String(++lastOrder).padStart(6, '0')}`
    return { orderId, ...(await gateway.authenticatedPayment(price, orderId)) }
  }

  return {
    async pay(given) {
      const fault = readFault(given.fault)
      if (fault === undefined) throw new Error(`${given.fault} is no fault`)
      let received = ''
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        const { orderId, ...ticket } = await authenticate()
        if (!given.isWanted) unwanted.add(orderId)
        const { transactionId } = ticket
        const { ruleId } = rules.add({ link: given.link, fault, transactionId, timesLeft: 1 })
        const first = await shop.approve(ticket, { orderId, amount: price })
        paid.push({ ...given, orderId, transactionId, first: first.outcome })
        if (hasStruck(rules, ruleId) && (mayTimeOut(given) || !isTimeOut(first))) return
        // An overloaded gateway sheds requests: wait a moment before the next order.
        received = JSON.stringify(first)
        await setTimeout(500)
      }
      throw new Error(`${given.link}: ${given.fault} did not strike, the shop received ${received}`)
    },
    recoverAll: () => shop.recoverAll((orderId) => !unwanted.has(orderId)),
    async finished() {
      const totals = await ledgerTotals(ledger)
      return Promise.all(
        paid.map(async ({ transactionId, ...given }) => {
          const { charged, cancelled, reversed } = totals.get(transactionId) ?? nothing
          const state = (await findPayment(gateway.context, transactionId))?.state
          const timesMarkedPaid = shop.timesMarkedPaid(given.orderId)
          return { ...given, captured: charged - cancelled - reversed, timesMarkedPaid, state }
        }),
      )
    },
    async measureAnswers() {
      const { orderId, ...ticket } = await authenticate()
      await shop.approve(ticket, { orderId, amount: price })
      return { approval: approval.lastLength(), 'card-network-authorize': network.lastLength() }
    },
    async close() {
      stopping.abort()
      await gatewayListener.close()
      await gateway.close()
      await networkListener.close()
      await ledger.close()
      shop.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * A machine that stands still for a second lets a shop time out before it meets its fault: then one more order meets
 * it.
 */
const mostAttempts = 5

const mayTimeOut = ({ fault, link }: Case): boolean => link !== 'approval' || /^(hang|delay)/.test(fault)

const isTimeOut = (first: ApprovalOutcome): boolean => first.outcome === 'unknown' && first.cause === 'timeout'

/** Spent rules go, so that the next requests find few. */
function hasStruck(rules: FaultRules, ruleId: string): boolean {
  const isSpent = rules.list().some((rule) => rule.ruleId === ruleId && rule.timesLeft === 0)
  if (isSpent) rules.remove(ruleId)
  return isSpent
}

const nothing = { charged: 0, cancelled: 0, reversed: 0 }

function measured(fetch: Answer): { readonly fetch: Answer; lastLength(): number } {
  let length = 0
  return {
    async fetch(request) {
      const answer = await fetch(request)
      length = (await answer.clone().arrayBuffer()).byteLength
      return answer
    },
    lastLength: () => length,
  }
}
