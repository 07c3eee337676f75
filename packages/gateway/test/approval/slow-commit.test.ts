import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { approve } from '../../src/approval/approve.ts'
import { approvalMarginMs } from '../../src/approval/model.ts'
import { abandonedAfterMs } from '../../src/approval/overdue.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { findPayment } from '../../src/approval/store.ts'
import { retryBudgetMs, type Storage } from '../../src/storage/storage.ts'
import { type ApprovalTest, approved, authenticatedPayment, codeOf, createApprovalTest } from './support.ts'

const stateOf = async ({ gateway }: ApprovalTest, transactionId: string) =>
  (await findPayment(gateway, transactionId))?.state

/** The same gateway, whose next transaction waits that long for its database. */
function waitingFor({ gateway, clock }: ApprovalTest, waitMs: number): ApprovalTest['gateway'] {
  let isFirst = true
  const storage: Storage = {
    ...gateway.storage,
    async transact(work) {
      if (isFirst) clock.advance(waitMs)
      isFirst = false
      return gateway.storage.transact(work)
    },
  }
  return { ...gateway, storage }
}

/** Runs `work` once the card network has been asked to authorize, and lets it answer afterwards. */
async function whileAuthorizing(
  test: ApprovalTest,
  gateway: ApprovalTest['gateway'],
  work: (transactionId: string) => Promise<void>,
): Promise<string> {
  const { network } = test
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  network.answerWith(async (verb) => {
    if (verb === 'authorize') await held
    return verb === 'authorize' ? approved : { outcome: 'unknown_to_network' }
  })
  const ticket = await authenticatedPayment(test.gateway)
  const answer = approve(gateway, ticket)
  await until(() => network.calls.some(({ verb }) => verb === 'authorize'))
  try {
    await work(ticket.transactionId)
  } finally {
    letGo()
    await answer
  }
  return answer
}

test('an approval whose intent waited for its commit is not given up while the card network works on it', async () => {
  await using test = await createApprovalTest()
  await using other = await createApprovalTest({ folder: test.folder })
  const { cardNetworkTimeoutMs } = test.gateway.settings
  const answer = await whileAuthorizing(test, waitingFor(test, retryBudgetMs), async (transactionId) => {
    other.clock.advance(retryBudgetMs + cardNetworkTimeoutMs + approvalMarginMs - 1)
    await resolveUnresolved({ ...other.gateway, cardNetwork: test.gateway.cardNetwork })
    assert.equal(await stateOf(test, transactionId), 'approving')
  })
  assert.equal(codeOf(answer), '3001')
})

test('the resolver of the same process leaves an approval alone that still runs, however old it is', async () => {
  await using test = await createApprovalTest()
  const answer = await whileAuthorizing(test, test.gateway, async (transactionId) => {
    test.clock.advance(10 * abandonedAfterMs(test.gateway.settings))
    await resolveUnresolved(test.gateway)
    assert.equal(await stateOf(test, transactionId), 'approving')
  })
  assert.equal(codeOf(answer), '3001')
})

test('an approval whose commit took longer than the storage retries asks nobody: the resolver may have it', async () => {
  await using test = await createApprovalTest()
  const gateway = waitingFor(test, retryBudgetMs + 1)
  const ticket = await authenticatedPayment(test.gateway)
  assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
  assert.deepEqual(test.network.calls, [])
  test.network.answerWith((verb) => ({ outcome: verb === 'reverse' ? 'reversed' : 'unknown_to_network' }))
  await resolveUnresolved(test.gateway)
  assert.equal(await stateOf(test, ticket.transactionId), 'reversed')
})

test('an approval of a process that died is given up once nobody can be working on it', async () => {
  await using test = await createApprovalTest()
  await using other = await createApprovalTest({ folder: test.folder })
  const { gateway } = test
  const cardNetwork = { ...gateway.cardNetwork, authorize: () => new Promise<never>(() => {}) }
  const ticket = await authenticatedPayment(gateway)
  void approve({ ...gateway, cardNetwork }, ticket)
  await until(async () => (await stateOf(test, ticket.transactionId)) === 'approving')
  other.network.answerWith((verb) => (verb === 'inquire' ? approved : undefined))
  other.clock.advance(abandonedAfterMs(gateway.settings) - 1)
  await resolveUnresolved(other.gateway)
  assert.equal(await stateOf(test, ticket.transactionId), 'approving')
  other.clock.advance(1)
  await resolveUnresolved(other.gateway)
  assert.equal(await stateOf(test, ticket.transactionId), 'approved')
})
