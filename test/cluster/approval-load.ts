import { setTimeout as pause } from 'node:timers/promises'
import { type Context, defaultSettings, realRuntime, type Storage, saveMerchant } from '@sspay/gateway'
import { createKeyRing, migrate } from '@sspay/gateway/internal'
import { approve } from '../../packages/gateway/src/approval/approve.ts'
import { resolveUnresolved } from '../../packages/gateway/src/approval/resolve.ts'
import { findPayment } from '../../packages/gateway/src/approval/store.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { authenticatedPayment, quickRootKey, type Ticket } from '../support/quick-payment.ts'
import { startSimulatedNetwork } from '../support/simulated-network.ts'
import { resultCodeOf } from './gateways.ts'

/** Result of a load during a failure. */
export interface LoadReport {
  readonly acknowledged: number
  /** Acknowledged payments that are not approved any more, or that answer differently. */
  readonly lost: number
  readonly longestGapMs: number
  /** How often, by result code or by the sentence of an error. */
  readonly errors: Readonly<Record<string, number>>
}

export interface RunningLoad {
  /** Of the last acknowledgement, by `performance.now`; 0 before the first. */
  lastAt(): number
  acknowledged(): number
  /**
   * Resolves when something is acknowledged later than `time`, by `performance.now`; rejects after a minute without.
   */
  acknowledgedAfter(time: number): Promise<void>
  stop(): Promise<LoadReport>
}

export interface ApprovalLoad {
  readonly cardNetworkUrl: string
  /** So many buyers at once: each authenticates a payment and the shop approves it, over and over. */
  start(lanes: number): RunningLoad
  /** Recovers open payments, then counts the payments of which the card network has another amount than the tables. */
  countWrongLedgers(): Promise<number>
  close(): Promise<void>
}

const price = 1004
const approvedCode = '3001'

/**
 * The gateway's own use cases on a storage that may die, with a simulated card network that does not. `approveBy`: at
 * gateways on the same storage, in place of this process.
 */
export async function openApprovalLoad(
  storage: Storage,
  approveBy?: (ticket: Ticket) => Promise<string>,
): Promise<ApprovalLoad> {
  const network = await startSimulatedNetwork()
  const context: Context = {
    runtime: realRuntime,
    storage,
    settings: { ...defaultSettings, cardNetworkTimeoutMs: 1_000 },
    keyRing: createKeyRing(realRuntime, quickRootKey),
    log: { info() {}, warn() {}, error() {} },
  }
  const gateway = { ...context, cardNetwork: network.port(context.settings.cardNetworkTimeoutMs) }
  await migrate(storage)
  await saveMerchant(context, testMerchant)
  let orders = 0

  const payOnce = async (): Promise<{ readonly transactionId: string; readonly answer: string }> => {
    const ticket = await authenticatedPayment(context, testMerchant, { amount: price, orderId: `LOAD${orders++}` })
    const answer = await (approveBy === undefined ? approve(gateway, ticket) : approveBy(ticket))
    return { transactionId: ticket.transactionId, answer }
  }

  const countLost = async (answers: ReadonlyMap<string, string>): Promise<number> => {
    let lost = 0
    for (const [transactionId, answer] of answers) {
      const payment = await findPayment(context, transactionId)
      if (payment?.state !== 'approved' || payment.answer !== answer) lost++
    }
    return lost
  }

  return {
    cardNetworkUrl: network.url,
    start: (lanes) => startLoad(lanes, payOnce, countLost),
    async countWrongLedgers() {
      await untilDecided(storage, () => resolveUnresolved(gateway))
      const totals = await network.totals()
      const payments = await storage.read<{ transaction_id: string; state: string }>(
        'select transaction_id, state from payments',
      )
      return payments.filter(({ transaction_id, state }) => {
        const { charged, cancelled, reversed } = totals.get(transaction_id) ?? { charged: 0, cancelled: 0, reversed: 0 }
        return charged - cancelled - reversed !== (state === 'approved' ? price : 0)
      }).length
    },
    close: () => network.close(),
  }
}

function startLoad(
  lanes: number,
  payOnce: () => Promise<{ readonly transactionId: string; readonly answer: string }>,
  countLost: (answers: ReadonlyMap<string, string>) => Promise<number>,
): RunningLoad {
  const answers = new Map<string, string>()
  const times: number[] = []
  const errors: Record<string, number> = {}
  let isOver = false
  const work = async (): Promise<void> => {
    while (!isOver) {
      const outcome = await payOnce().catch((cause: unknown) => String(cause).slice(0, 80))
      const code = typeof outcome === 'string' ? outcome : resultCodeOf(outcome.answer)
      if (typeof outcome === 'string' || code !== approvedCode) errors[code] = (errors[code] ?? 0) + 1
      else {
        times.push(performance.now())
        answers.set(outcome.transactionId, outcome.answer)
      }
    }
  }
  const working = Promise.all(Array.from({ length: lanes }, work))
  return {
    lastAt: () => times.at(-1) ?? 0,
    acknowledged: () => times.length,
    async acknowledgedAfter(time) {
      for (let looks = 0; looks < 1_200; looks++) {
        if ((times.at(-1) ?? 0) > time) return
        await pause(50)
      }
      throw new Error('nothing was approved for a minute')
    },
    async stop() {
      isOver = true
      await working
      const gaps = times.map((time, index) => time - (times[index - 1] ?? time))
      const longestGapMs = Math.round(Math.max(0, ...gaps))
      return { acknowledged: answers.size, lost: await countLost(answers), longestGapMs, errors }
    },
  }
}

async function untilDecided(storage: Storage, resolve: () => Promise<void>): Promise<void> {
  const open = `select count(*) as count from payments where state in ('approving', 'unresolved', 'reversing')`
  for (let looks = 0; looks < 60; looks++) {
    await resolve()
    const [row] = await storage.read<{ count: number }>(open)
    if (row?.count === 0) return
    await pause(500)
  }
  throw new Error('payments stay indeterminate')
}
