import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { approve } from '../../src/approval/approve.ts'
import { expireForgotten } from '../../src/approval/close-payment.ts'
import { abandonedAfterMs } from '../../src/approval/overdue.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { findPayment } from '../../src/approval/store.ts'
import { type ApprovalTest, approved, authenticatedPayment, codeOf, createApprovalTest } from './support.ts'

const dayMs = 24 * 60 * 60_000

const stateOf = async ({ gateway }: ApprovalTest, transactionId: string) =>
  (await findPayment(gateway, transactionId))?.state

/** Runs `work` while the clock is a day ahead. */
async function aDayAhead<Result>({ clock, gateway }: ApprovalTest, work: () => Promise<Result>): Promise<Result> {
  const now = gateway.runtime.now()
  clock.advance(dayMs)
  try {
    return await work()
  } finally {
    clock.set(now)
  }
}

test('an indeterminate payment from a clock that ran ahead is asked about and reversed now, not on that date', async () => {
  await using test = await createApprovalTest()
  const { gateway, network } = test
  network.answerWith(() => undefined)
  const { transactionId } = await aDayAhead(test, async () => {
    const ticket = await authenticatedPayment(gateway)
    assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
    return ticket
  })
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(test, transactionId), 'reversing')
  network.answerWith(() => ({ outcome: 'reversed' }))
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(test, transactionId), 'reversed')
})

test('the claim of a process whose clock ran ahead and that died is waited for as long as any claim', async () => {
  await using test = await createApprovalTest()
  const { gateway, network, clock } = test
  network.answerWith(() => undefined)
  const { transactionId } = await authenticatedPayment(gateway).then(async (ticket) => {
    await approve(gateway, ticket)
    return ticket
  })
  const silent = { ...gateway.cardNetwork, inquire: () => new Promise<never>(() => {}) }
  await using dying = await createApprovalTest({ folder: test.folder })
  await aDayAhead(dying, async () => {
    void resolveUnresolved({ ...dying.gateway, cardNetwork: silent })
    await until(async () => {
      const [row] = await gateway.storage.read<{ claimed_until: number }>('select claimed_until from payments')
      return Number(row?.claimed_until) > gateway.runtime.now().getTime() + dayMs
    })
  })
  network.answerWith(() => approved)
  clock.advance(1)
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(test, transactionId), 'approved')
})

test('an approval of a process that died with its clock ahead is given up once it was seen for long enough', async () => {
  await using test = await createApprovalTest()
  await using dying = await createApprovalTest({ folder: test.folder })
  const { gateway, network, clock } = test
  const ticket = await aDayAhead(dying, async () => {
    const given = await authenticatedPayment(dying.gateway)
    const cardNetwork = { ...dying.gateway.cardNetwork, authorize: () => new Promise<never>(() => {}) }
    void approve({ ...dying.gateway, cardNetwork }, given)
    await until(async () => (await stateOf(test, given.transactionId)) === 'approving')
    return given
  })
  network.answerWith(() => approved)
  await resolveUnresolved(gateway)
  clock.advance(abandonedAfterMs(gateway.settings) - 1)
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(test, ticket.transactionId), 'approving', 'another gateway’s clock may run ahead')
  clock.advance(1)
  await resolveUnresolved(gateway)
  assert.equal(await stateOf(test, ticket.transactionId), 'approved')
})

test('a ticket from a clock that ran ahead expires once it was seen for as long as tickets live', async () => {
  await using test = await createApprovalTest()
  const { gateway, clock } = test
  const { transactionId } = await aDayAhead(test, () => authenticatedPayment(gateway))
  await expireForgotten(gateway)
  clock.advance(gateway.settings.ticketLifeMs - 1)
  await expireForgotten(gateway)
  assert.equal(await stateOf(test, transactionId), 'authenticated')
  clock.advance(1)
  await expireForgotten(gateway)
  assert.equal(await stateOf(test, transactionId), 'expired')
})
