import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createQuickGateway, type QuickGateway, type Ticket } from '../../../../test/support/quick-payment.ts'
import { until } from '../../../../test/support/until.ts'
import { findPayment } from '../../src/approval/store.ts'

const price = 1004
/** For a part of the approvals. */
const spacePages = 5
const approvedCode = '3001'
/** `internal` in the table of result codes: a shop that receives it does not know, and inquires. */
const unknownCode = 'S999'

async function approve({ url }: QuickGateway, { transactionId, approvalTicket }: Ticket): Promise<string> {
  const answer = await fetch(`${url}/payment/approval/urlCallApproval.do`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket }),
  })
  return ((await answer.json()) as { readonly ResultCode: string }).ResultCode
}

/** The database may grow by so many pages and no more. */
async function limitPages({ context: { storage } }: QuickGateway, more: number): Promise<void> {
  await storage.transact(async (transaction) => {
    const [now] = await transaction.read<{ page_count: number }>('pragma page_count')
    await transaction.read(`pragma max_page_count = ${(now?.page_count ?? 0) + more}`)
  })
}

async function stateOf({ context }: QuickGateway, { transactionId }: Ticket): Promise<string> {
  return (await findPayment(context, transactionId))?.state ?? 'gone'
}

async function untilDecided(gateway: QuickGateway, tickets: readonly Ticket[]): Promise<void> {
  const areDecided = async (): Promise<boolean> => {
    const states = await Promise.all(tickets.map((ticket) => stateOf(gateway, ticket)))
    return !states.some((state) => ['approving', 'unresolved', 'reversing'].includes(state))
  }
  await until(areDecided, { deadline: 60_000, every: 100, what: 'every outcome, now that there is space again' })
}

test('on a full disk approvals fail, no acknowledged one is lost, and payments go on when there is space', async (t) => {
  const gateway = await createQuickGateway({ settings: { cardNetworkTimeoutMs: 500 } })
  try {
    const tickets: Ticket[] = []
    for (let count = 0; count < 60; count++) tickets.push(await gateway.authenticatedPayment(price, `FULL${count}`))

    await limitPages(gateway, spacePages)
    const codes: string[] = []
    for (const ticket of tickets) codes.push(await approve(gateway, ticket))
    t.diagnostic(`${codes.filter((code) => code === approvedCode).length} of ${codes.length} still fitted`)
    assert.deepEqual([...new Set(codes)].sort(), [approvedCode, unknownCode])

    const before = await gateway.network?.totals()
    for (const [index, ticket] of tickets.entries()) {
      const state = await stateOf(gateway, ticket)
      if (codes[index] === approvedCode) assert.equal(state, 'approved')
      // What could not be claimed was never asked for; what could not be recorded is still open.
      else assert.ok(state === 'approving' || before?.get(ticket.transactionId) === undefined, `${state} but charged`)
    }

    await limitPages(gateway, 100_000)
    await untilDecided(gateway, tickets)
    const rejected = tickets.filter((_, index) => codes[index] === unknownCode)
    for (const ticket of rejected) await approve(gateway, ticket)
    await untilDecided(gateway, tickets)
    const totals = await gateway.network?.totals()
    for (const ticket of tickets) {
      const { charged = 0, reversed = 0 } = totals?.get(ticket.transactionId) ?? {}
      const state = await stateOf(gateway, ticket)
      assert.equal(charged - reversed, state === 'approved' ? price : 0, `${ticket.transactionId} is ${state}`)
    }
    const states = await Promise.all(rejected.map((ticket) => stateOf(gateway, ticket)))
    assert.ok(states.includes('approved'), 'nothing is approved after there is space again')
  } finally {
    await gateway.close()
  }
})
