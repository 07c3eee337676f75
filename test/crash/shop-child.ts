import { DatabaseSync } from 'node:sqlite'
import {
  approve,
  createJournalTable,
  defineMerchant,
  type MerchantConfig,
  nodeTransport,
  type PaidPayment,
  type PaymentJournal,
  readAuthentication,
  recover,
  sqliteJournal,
  type Transport,
} from '@sspay/merchant'
import { listen } from '../../packages/gateway/src/listen.ts'
import type { Command } from './control.ts'
import { obeyParent } from './obey-parent.ts'
import { createPoints, killSelf, type Points } from './points.ts'

/** How a shop under test is started, as the one argument of this program. */
export interface ShopOptions {
  readonly file: string
  readonly merchant: Omit<MerchantConfig, 'transport'>
  readonly cancelPassword: string
  readonly injectedBug?: 'marks_paid_beside_the_journal' | undefined
}

const options: ShopOptions = JSON.parse(process.argv[2] ?? '{}')

const points = createPoints(killSelf)
const database = new DatabaseSync(options.file, { timeout: 5_000 })
database.exec('pragma journal_mode = wal; pragma synchronous = full')
database.exec(createJournalTable)
database.exec(`create table if not exists orders (
  order_id text primary key, amount integer not null, is_wanted integer not null default 1, times_marked_paid integer not null default 0)`)

const journal = wrapJournal(points, sqliteJournal(database))
const merchant = defineMerchant({ ...options.merchant, transport: wrapTransport(points, nodeTransport()) })

/** Every method of the journal is a port of the shop. */
function wrapJournal({ cross }: Points, inner: PaymentJournal<DatabaseSync>): PaymentJournal<DatabaseSync> {
  const around =
    <Given extends readonly unknown[], Result>(port: string, work: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      cross(port, 'before')
      const result = await work(...given)
      cross(port, 'after')
      return result
    }
  return {
    begin: around('begin', inner.begin),
    find: inner.find,
    recordOutcome: around('recordOutcome', inner.recordOutcome),
    abandon: around('give-up', inner.abandon),
    pending: inner.pending,
    pendingFor: inner.pendingFor,
    markPaid: around('markPaid', inner.markPaid),
  }
}

function wrapTransport({ cross }: Points, send: Transport): Transport {
  return async (request) => {
    const port = request.url.replace(/^.*\/|\.do$/g, '')
    cross(port, 'before')
    const result = await send(request)
    cross(port, 'after')
    return result
  }
}

interface OrderRow {
  readonly order_id: string
  readonly amount: number
  readonly is_wanted: number
  readonly times_paid: number
}

const findOrder = (orderId: string): OrderRow | undefined =>
  database.prepare('select * from orders where order_id = ?').get(orderId) as OrderRow | undefined

/** The shop's own update; a second run of it would show. */
function markOrderPaid(connection: DatabaseSync, orderId: string): void {
  points.cross('order-update', 'before')
  connection.prepare('update orders set times_marked_paid = times_marked_paid + 1 where order_id = ?').run(orderId)
  points.cross('order-update', 'after')
}

async function markPaid(payment: PaidPayment): Promise<void> {
  if (options.injectedBug === undefined) {
    await journal.markPaid(payment, (connection) => markOrderPaid(connection, payment.orderId))
    return
  }
  const isFirst = await journal.markPaid(payment, () => {})
  if (isFirst) markOrderPaid(database, payment.orderId)
}

/** ReturnUrl, as a shop writes it. */
async function receivePayment(request: Request): Promise<Response> {
  const order = findOrder(new URL(request.url).searchParams.get('order') ?? '')
  const reading = await readAuthentication(merchant, request)
  if (order === undefined || reading.outcome === 'rejected') return new Response('unreadable', { status: 400 })
  const expected = { amount: order.amount, orderId: order.order_id }
  const outcome = await approve(merchant, reading.approvalTicket, { expected, journal })
  if (outcome.outcome === 'approved') await markPaid(outcome.payment)
  points.cross('answer', 'before')
  return new Response((findOrder(order.order_id)?.times_paid ?? 0) > 0 ? 'paid' : outcome.outcome)
}

async function recoverAll(): Promise<readonly string[]> {
  const report = await recover(merchant, {
    journal,
    cancelPassword: options.cancelPassword,
    isWanted: ({ expected }) => findOrder(expected.orderId)?.is_wanted === 1,
    onOutcome: async (outcome) => {
      if (outcome.outcome === 'approved') await markPaid(outcome.payment)
    },
  })
  return report.pending.map(({ transactionId, reason, cause = '' }) => `${transactionId} ${reason} ${cause}`)
}

async function obey(command: Command): Promise<unknown> {
  switch (command.verb) {
    case 'begin':
      return points.begin(command.flow)
    case 'arm':
      return points.arm(command.target)
    case 'report':
      return points.report()
    case 'recover':
      return recoverAll()
    case 'order':
      return void database
        .prepare('insert into orders (order_id, amount) values (?, ?)')
        .run(command.orderId, command.amount)
    case 'give-up':
      return void database.prepare('update orders set is_wanted = 0 where order_id = ?').run(command.orderId)
    case 'stop':
      process.disconnect()
      database.close()
      return listener.close()
    default:
      throw new Error(`a shop does not know ${command.verb}`)
  }
}

const listener = await listen({ fetch: receivePayment, host: '127.0.0.1', port: 0 })
obeyParent(obey, listener.url)
