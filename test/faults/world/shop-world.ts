import type { DatabaseSync } from 'node:sqlite'
import type { Merchant as GatewayMerchant } from '@sspay/gateway'
import {
  approve,
  type Cancellation,
  cancel,
  compareWithOrder,
  createJournalTable,
  defineMerchant,
  type Merchant,
  type PaymentJournal,
  readNotification,
  recover,
  sqliteJournal,
  type TransportResult,
} from '@sspay/merchant'
import { readTicket, type Ticket } from '../../support/quick-payment.ts'
import { type Books, openBooks, type RefundRow } from './books.ts'
import type { Crossing } from './link.ts'
import type { PlantedBug } from './planted-bug.ts'
import { createPower, type Power } from './power.ts'
import type { Travel } from './travel.ts'
import { answerWithoutSockets } from './without-sockets.ts'

export interface ShopWorldOptions {
  readonly connection: DatabaseSync
  readonly merchant: GatewayMerchant
  readonly now: () => Date
  readonly webhookKeys: readonly string[]
  readonly travel: Travel
  readonly deliverToGateway: (path: string, body: string, contentType: string) => Promise<Crossing>
  readonly trace: (transactionId: string, line: string) => void
  readonly bug: PlantedBug
}

export interface ShopWorld {
  readonly books: Books
  readonly journal: PaymentJournal<unknown>
  /** The ids of the notices that this shop has said OK to. */
  readonly acknowledged: ReadonlySet<string>
  /** The browser comes back with the ticket; `power` is the process that takes care of it. */
  arrive(ticket: Ticket, power: Power): Promise<void>
  /** A notice has arrived at the shop's listener. */
  deliverNotification(headers: Readonly<Record<string, string>>, body: Buffer): Promise<Crossing>
  /** Asks for a refund that is kept first; unknown outcomes are asked for again by {@link ShopWorld.finishOpen}. */
  refund(refund: Omit<RefundRow, 'state'>): Promise<void>
  /** What the shop's timer does: recovers the journal's open entries and repeats refunds nobody answered. */
  finishOpen(): Promise<void>
  close(): void
}

type Shop = ShopWorldOptions & { readonly books: Books; readonly journal: PaymentJournal<unknown> }

/** A shop that does what the SDK's documentation says, with its orders and its journal in one database. */
export function openShopWorld(options: ShopWorldOptions): ShopWorld {
  const books = openBooks(options.connection)
  books.connection.exec(createJournalTable)
  const journal = sqliteJournal(books.connection, { now: options.now })
  const shop: Shop = { ...options, books, journal }
  const acknowledged = new Set<string>()
  const notification = answerWithoutSockets((request) => receiveNotification(shop, acknowledged, request))
  return {
    books,
    journal,
    acknowledged,
    arrive: (ticket, power) => arrive(shop, ticket, power),
    deliverNotification: async (headers, body) => ({
      result: 'answered',
      answer: await notification({ path: '/notice', headers, body }),
    }),
    refund: (refund) => refundOnce(shop, books.askRefund(refund)),
    async finishOpen() {
      await recoverOpen(shop)
      const open = books.refunds().filter(({ state }) => state === 'asking')
      await Promise.all(open.map((refund) => refundOnce(shop, refund)))
    },
    close: () => books.close(),
  }
}

async function arrive(shop: Shop, ticket: Ticket, power: Power): Promise<void> {
  const { books, trace } = shop
  const { transactionId } = ticket
  const { amount, orderId, paid, isWanted } = books.find(transactionId)
  if (paid > 0 || isWanted === 0 || books.isPaidByAnother(transactionId)) return
  const journal = poweredJournal(shop.journal, power)
  const merchant = merchantOf(shop, power, transactionId)
  const outcome = await approve(merchant, readTicket(ticket), { expected: { amount, orderId }, journal })
  trace(transactionId, `return ${outcome.outcome}`)
  if (outcome.outcome === 'approved') await shop.bug.markPaid(shop, journal, { transactionId, orderId, amount })
  if (outcome.outcome === 'declined') books.fail(transactionId)
}

async function recoverOpen(shop: Shop): Promise<void> {
  const { books, journal, trace, bug } = shop
  const report = await recover(merchantOf(shop, immortal()), {
    journal,
    concurrency: 256,
    cancelPassword: shop.merchant.cancelPassword.expose(),
    isWanted: ({ transactionId }) => books.find(transactionId).isWanted === 1 && !books.isPaidByAnother(transactionId),
    async onOutcome(outcome, { transactionId, expected }) {
      trace(transactionId, `recovered ${outcome.outcome}`)
      if (outcome.outcome === 'approved') await bug.markPaid(shop, journal, { transactionId, ...expected })
      else books.fail(transactionId)
    },
  })
  for (const { transactionId, reason, cause, error } of report.pending) {
    trace(transactionId, `still open: ${reason} ${cause ?? ''} ${error === undefined ? '' : String(error)}`)
  }
}

async function receiveNotification(shop: Shop, acknowledged: Set<string>, request: Request): Promise<Response> {
  const { books, journal, now, trace } = shop
  const reading = await readNotification(merchantOf(shop, immortal()), request, {
    webhookKeys: shop.webhookKeys,
    now: now(),
  })
  if (reading.outcome === 'verified') {
    const { transactionId, orderId, amount, paymentState } = reading.notification
    const order = books.find(transactionId)
    trace(transactionId, `notice ${paymentState}`)
    if (paymentState === 'approved' && compareWithOrder(reading.notification, order) === 'matches')
      await shop.bug.markPaid(shop, journal, { transactionId, orderId, amount })
    acknowledged.add(request.headers.get('webhook-id') ?? '')
  }
  return reading.answer()
}

async function refundOnce(shop: Shop, refund: RefundRow): Promise<void> {
  if (refund.state !== 'asking') return
  const { transactionId, sequence, amount, isPartial } = refund
  const cancellation: Cancellation = {
    transactionId,
    amount,
    sequence,
    isPartial: isPartial === 1,
    cancelPassword: shop.merchant.cancelPassword.expose(),
    reason: '고객 요청',
  }
  const outcome = await cancel(merchantOf(shop, immortal(), transactionId), cancellation)
  const unknownCause = outcome.outcome === 'unknown' ? outcome.cause : ''
  const detail = outcome.outcome === 'rejected' ? outcome.reason : unknownCause
  shop.trace(transactionId, `refund ${sequence} of ${amount}: ${outcome.outcome} ${detail}`)
  if (outcome.outcome === 'cancelled') shop.books.endRefund(refund, 'done')
  if (outcome.outcome === 'rejected') shop.books.endRefund(refund, 'rejected')
}

/** `about`: the payment, where the request itself does not tell, because it is sealed. */
function merchantOf(shop: Shop, power: Power, about?: string): Merchant {
  return defineMerchant({
    merchantId: shop.merchant.merchantId,
    easyPayMerchantId: shop.merchant.easyPayMerchantId,
    merchantKey: shop.merchant.merchantKey.expose(),
    environment: { origin: 'http://gateway.test' },
    orderSignature: 'off_and_orders_can_be_tampered_with',
    now: shop.now,
    async transport({ url, body, connectTimeoutMs, readTimeoutMs }): Promise<TransportResult> {
      const { pathname } = new URL(url)
      const transactionId = about ?? /"([A-Za-z0-9]{30})"/.exec(body)?.[1] ?? ''
      const crossing = await power.through(() =>
        shop.travel(
          pathname.slice(pathname.lastIndexOf('/') + 1),
          transactionId,
          connectTimeoutMs + readTimeoutMs,
          () => shop.deliverToGateway(pathname, body, 'application/json'),
        ),
      )
      return shop.bug.readGatewayAnswer(
        crossing.result === 'answered' ? { outcome: 'answered', ...crossing.answer } : { outcome: crossing.result },
      )
    },
  })
}

const immortal = (): Power =>
  createPower(
    () => Number.POSITIVE_INFINITY,
    () => {},
  )

const poweredJournal = (journal: PaymentJournal<unknown>, power: Power): PaymentJournal<unknown> => ({
  begin: (entry) => power.through(() => journal.begin(entry)),
  find: (transactionId) => power.through(() => journal.find(transactionId)),
  recordOutcome: (transactionId, recordedOutcome) =>
    power.through(() => journal.recordOutcome(transactionId, recordedOutcome)),
  abandon: (transactionId) => power.through(() => journal.abandon(transactionId)),
  pending: () => power.through(() => journal.pending()),
  pendingFor: (orderId) => power.through(() => journal.pendingFor(orderId)),
  markPaid: (payment, update) => power.through(() => journal.markPaid(payment, update)),
})
