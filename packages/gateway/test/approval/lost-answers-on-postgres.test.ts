import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { approve } from '../../src/approval/approve.ts'
import { eventsOf } from '../../src/approval/store.ts'
import { isChainIntact } from '../../src/event-chain.ts'
import { openTestPostgres } from '../test-storage.ts'
import { startAnswerCutter } from './answer-cutter.ts'
import { authenticatedPayment, createApprovalTest } from './support.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

/** What only the statement of that move says. */
const moves = { 'the claim of a ticket': 'approvalRequested', 'the outcome of an approval': 'networkApproved' }

for (const [name, event] of Object.entries(moves))
  test(`when the database's answer about ${name} is lost, the card is charged at most once and no caller receives a wrong answer`, async (t) => {
    const proxy = await startAnswerCutter(await server.createSchema())
    const opened = await createApprovalTest({
      openStorage: async () => openTestPostgres(proxy.url),
    })
    t.after(async () => {
      await opened.close()
      await proxy.close()
    })
    const { gateway, network } = opened
    const ticket = await authenticatedPayment(gateway)
    proxy.cutAnswerTo(event)
    const answer = JSON.parse(await approve(gateway, ticket)) as { readonly ResultCode: string }
    assert.ok(!proxy.isWaiting())

    const events = await eventsOf(gateway, ticket.transactionId)
    assert.ok(isChainIntact(events))
    const authorized = network.calls.filter(({ verb }) => verb === 'authorize').length
    const notifications = await gateway.storage.read('select payment_state from notifications')
    if (event === 'networkApproved') {
      assert.equal(answer.ResultCode, '3001')
      assert.equal(events.at(-1)?.to, 'approved')
      assert.deepEqual([authorized, notifications.length], [1, 1])
    } else {
      // Who claimed it may have been another gateway: this one does not ask the network, and the resolver closes it.
      assert.notEqual(answer.ResultCode, '3001')
      assert.equal(events.at(-1)?.to, 'approving')
      assert.deepEqual([authorized, notifications.length], [0, 0])
    }
  })
