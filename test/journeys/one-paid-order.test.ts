import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import {
  approve,
  compareWithOrder,
  defineMerchant,
  inquire,
  type Merchant,
  nodeTransport,
  type RecoveryReport,
  readNotification,
  recover,
  type Transport,
} from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { openPostgresRecords, openSqliteRecords, type ShopRecords } from '../../packages/merchant/test/journals.ts'
import { type PostgresServer, startPostgres } from '../../packages/merchant/test/postgres.ts'
import { createQuickGateway, type QuickGateway, readTicket, type Ticket } from '../support/quick-payment.ts'

const amount = 1004

interface Shop {
  /** ReturnUrl; what the page says. */
  receiveReturn(orderId: string, ticket: Ticket): Promise<'paid' | 'failed' | 'checking'>
  /** The gateway's notification of an approval, as it comes; what the shop answers. */
  receiveNotification(orderId: string, ticket: Ticket): Promise<string>
  /** The server starts again. */
  start(): Promise<RecoveryReport>
  /** The next answer of an approval is lost on its way. */
  loseNextAnswer(): void
  /** The next approval is the last thing this server does. */
  crashBeforeMarkPaid(): void
}

/** A shop of a few lines, as the docs tell to write it. */
function openShop({ url, merchantConfig }: QuickGateway, { journal, markOrderPaid, timesPaid }: ShopRecords): Shop {
  let losesAnswer = false
  let crashes = false
  const send = nodeTransport()
  const transport: Transport = async (request) => {
    const answer = await send(request)
    const isLost = losesAnswer && request.url.includes('urlCallApproval')
    if (isLost) losesAnswer = false
    return isLost ? { outcome: 'interrupted' } : answer
  }
  const merchant: Merchant = defineMerchant({ ...merchantConfig, environment: { origin: url }, transport })
  const isPaid = async (orderId: string): Promise<boolean> => (await timesPaid(orderId)) > 0

  return {
    async receiveReturn(orderId, ticket) {
      const outcome = await approve(merchant, readTicket(ticket), { expected: { orderId, amount }, journal })
      if (crashes) {
        crashes = false
        throw new Error('killed')
      }
      if (outcome.outcome === 'approved') await journal.markPaid(outcome.payment, markOrderPaid(orderId))
      if (await isPaid(orderId)) return 'paid'
      return outcome.outcome === 'declined' ? 'failed' : 'checking'
    },
    async receiveNotification(orderId, ticket) {
      const found = await inquire(merchant, readTicket(ticket), { expected: { orderId, amount } })
      assert.equal(found.outcome, 'approved')
      const body = encodeForm({ ...found.payment.raw, StateCd: '0' }, 'utf-8')
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const request = new Request('http://shop.example/notice', { method: 'POST', headers, body })

      const reading = await readNotification(merchant, request)
      if (reading.outcome === 'verified' && reading.notification.paymentState === 'approved') {
        assert.equal(compareWithOrder(reading.notification, { orderId, amount }), 'matches')
        await journal.markPaid(reading.notification, markOrderPaid(orderId))
      }
      return reading.answer().text()
    },
    start: () =>
      recover(merchant, {
        journal,
        cancelPassword: '123456',
        isWanted: async ({ expected }) => !(await isPaid(expected.orderId)),
        async onOutcome(outcome, { expected }) {
          if (outcome.outcome === 'approved') await journal.markPaid(outcome.payment, markOrderPaid(expected.orderId))
        },
      }),
    loseNextAnswer() {
      losesAnswer = true
    },
    crashBeforeMarkPaid() {
      crashes = true
    },
  }
}

interface Journey {
  readonly name: string
  walk(shop: Shop, orderId: string, pay: () => Promise<Ticket>): Promise<void>
}

const journeys: readonly Journey[] = [
  {
    name: 'the return comes twice',
    async walk(shop, orderId, pay) {
      const ticket = await pay()
      assert.equal(await shop.receiveReturn(orderId, ticket), 'paid')
      assert.equal(await shop.receiveReturn(orderId, ticket), 'paid')
    },
  },
  {
    name: 'the return comes five times at once',
    async walk(shop, orderId, pay) {
      const ticket = await pay()
      await Promise.all(Array.from({ length: 5 }, () => shop.receiveReturn(orderId, ticket)))
      assert.equal(await shop.receiveReturn(orderId, ticket), 'paid')
    },
  },
  {
    name: 'the answer is lost and the buyer reloads',
    async walk(shop, orderId, pay) {
      const ticket = await pay()
      shop.loseNextAnswer()
      assert.equal(await shop.receiveReturn(orderId, ticket), 'checking')
      assert.equal(await shop.receiveReturn(orderId, ticket), 'paid')
    },
  },
  {
    name: 'the answer is lost and the notification comes before the buyer does',
    async walk(shop, orderId, pay) {
      const ticket = await pay()
      shop.loseNextAnswer()
      assert.equal(await shop.receiveReturn(orderId, ticket), 'checking')
      assert.equal(await shop.receiveNotification(orderId, ticket), 'OK')
      assert.equal(await shop.receiveReturn(orderId, ticket), 'paid')
      assert.equal(await shop.receiveNotification(orderId, ticket), 'OK')
    },
  },
  {
    name: 'the shop crashes between approval and marking paid, and starts again twice',
    async walk(shop, orderId, pay) {
      const ticket = await pay()
      shop.crashBeforeMarkPaid()
      await assert.rejects(shop.receiveReturn(orderId, ticket), /killed/)
      assert.equal((await shop.start()).approved.length, 1)
      assert.deepEqual(await shop.start(), { approved: [], declined: [], cancelled: [], pending: [] })
      assert.equal(await shop.receiveReturn(orderId, ticket), 'paid')
    },
  },
  {
    name: 'return, notification and recovery meet',
    async walk(shop, orderId, pay) {
      const ticket = await pay()
      shop.loseNextAnswer()
      await shop.receiveReturn(orderId, ticket)
      await Promise.all([
        shop.start(),
        shop.receiveNotification(orderId, ticket),
        shop.receiveReturn(orderId, ticket),
        shop.start(),
      ])
      assert.deepEqual((await shop.start()).pending, [])
    },
  },
  {
    name: 'the buyer goes back and pays the same order again: the second payment is given back',
    async walk(shop, orderId, pay) {
      assert.equal(await shop.receiveReturn(orderId, await pay()), 'paid')
      const second = await pay()
      assert.equal(await shop.receiveReturn(orderId, second), 'paid')
      assert.deepEqual((await shop.start()).cancelled, [second.transactionId])
      assert.equal(await shop.receiveReturn(orderId, second), 'paid')
    },
  },
]

let postgres: PostgresServer | undefined
before(async () => {
  postgres = await startPostgres()
})
after(async () => postgres?.stop())

for (const profile of ['replay', 'reject'] as const) {
  suite(`one paid order, where repeated approvals are answered by ${profile}`, () => {
    let gateway: QuickGateway
    let records: Readonly<Record<'sqlite' | 'postgres', ShopRecords>>
    before(async () => {
      gateway = await createQuickGateway({ profile })
      records = { sqlite: openSqliteRecords(), postgres: await openPostgresRecords(postgres as PostgresServer) }
    })
    after(async () => {
      await Promise.all(Object.values(records).map((each) => each.close()))
      await gateway.close()
    })

    for (const kind of ['sqlite', 'postgres'] as const) {
      for (const [index, { name, walk }] of journeys.entries()) {
        test(`${kind}: ${name}`, async () => {
          const orderId = `ORDER-${kind}-${index}`
          const tickets: Ticket[] = []
          await walk(openShop(gateway, records[kind]), orderId, async () => {
            const ticket = await gateway.authenticatedPayment(amount, orderId)
            tickets.push(ticket)
            return ticket
          })
          assert.equal(await records[kind].timesPaid(orderId), 1)
          assert.deepEqual(await records[kind].journal.pending(), [])
          assert.equal(await takenFor(gateway, tickets), amount)
        })
      }
    }
  })
}

/** Won that the card network has taken and not given back. */
async function takenFor({ network }: QuickGateway, tickets: readonly Ticket[]): Promise<number> {
  const totals = await network?.totals()
  const kept = tickets.map(({ transactionId }) => {
    const { charged = 0, cancelled = 0, reversed = 0 } = totals?.get(transactionId) ?? {}
    return charged - cancelled - reversed
  })
  return kept.reduce((sum, won) => sum + won, 0)
}
