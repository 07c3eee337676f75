import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthorizeRequest, CardNetwork } from '@sspay/gateway'
import { approve } from '../../packages/gateway/src/approval/approve.ts'
import type { ApprovalContext } from '../../packages/gateway/src/approval/record-outcome.ts'
import { resolveUnresolved } from '../../packages/gateway/src/approval/resolve.ts'
import { eventsOf, findPayment } from '../../packages/gateway/src/approval/store.ts'
import { createQuickGateway } from '../support/quick-payment.ts'
import { type SimulatedNetwork, startSimulatedNetwork } from '../support/simulated-network.ts'
import { until } from '../support/until.ts'

const settings = { cardNetworkTimeoutMs: 300, reverseAfterMs: 200 }

/** Between the gateway and the issuers: holds authorizations back, and receives no inquiry while it is deaf. */
function openLine(network: SimulatedNetwork) {
  const port = network.port(1_000)
  const held: AuthorizeRequest[] = []
  const line = { isDeaf: true, loses: 'request' as 'request' | 'answer' }
  const cardNetwork: CardNetwork = {
    ...port,
    async authorize(request) {
      if (line.loses === 'answer') await port.authorize(request)
      else held.push(request)
      return { outcome: 'silent' }
    },
    inquire: async (payment) => (line.isDeaf ? { outcome: 'silent' } : port.inquire(payment)),
  }
  return { line, cardNetwork, arriveLate: () => Promise.all(held.map((request) => port.authorize(request))) }
}

async function withLine(
  work: (world: {
    readonly gateway: ApprovalContext
    readonly network: SimulatedNetwork
    readonly line: ReturnType<typeof openLine>
    pay(): Promise<string>
  }) => Promise<void>,
): Promise<void> {
  const network = await startSimulatedNetwork()
  const line = openLine(network)
  const quick = await createQuickGateway({ cardNetwork: line.cardNetwork, settings })
  const gateway = { ...quick.context, cardNetwork: line.cardNetwork }
  const pay = async (): Promise<string> => {
    const ticket = await quick.authenticatedPayment(1004, 'late')
    const answer = JSON.parse(await approve(gateway, ticket)) as { readonly ResultCode: string }
    assert.equal(answer.ResultCode, 'S401')
    return ticket.transactionId
  }
  try {
    await work({ gateway, network, line, pay })
  } finally {
    await quick.close()
    await network.close()
  }
}

async function resolveUntil(gateway: ApprovalContext, transactionId: string, state: string): Promise<void> {
  const isResolved = async (): Promise<boolean> => {
    await resolveUnresolved(gateway)
    return (await findPayment(gateway, transactionId))?.state === state
  }
  await until(isResolved, { every: 20, what: state })
}

test('an authorization that arrives after the reversal charges nothing', () =>
  withLine(async ({ gateway, network, line, pay }) => {
    const transactionId = await pay()
    await resolveUntil(gateway, transactionId, 'reversed')
    await line.arriveLate()
    await line.arriveLate()
    assert.deepEqual((await network.totals()).get(transactionId), { charged: 0, cancelled: 0, reversed: 0 })
    assert.equal((await findPayment(gateway, transactionId))?.state, 'reversed')
  }))

test('a charge whose answer was lost is reversed exactly once when the network stays silent', () =>
  withLine(async ({ gateway, network, line, pay }) => {
    line.line.loses = 'answer'
    const transactionId = await pay()
    assert.equal((await network.totals()).get(transactionId)?.charged, 1004)
    await resolveUntil(gateway, transactionId, 'reversed')
    await Promise.all([resolveUnresolved(gateway), resolveUnresolved(gateway)])
    assert.deepEqual((await network.totals()).get(transactionId), { charged: 1004, cancelled: 0, reversed: 1004 })
    const events = await eventsOf(gateway, transactionId)
    assert.equal(events.filter(({ to }) => to === 'reversed').length, 1)
  }))

test('a charge whose answer was lost is approved when the inquiry tells of it before the decision', () =>
  withLine(async ({ gateway, network, line, pay }) => {
    line.line.loses = 'answer'
    line.line.isDeaf = false
    const transactionId = await pay()
    await resolveUntil(gateway, transactionId, 'approved')
    assert.deepEqual((await network.totals()).get(transactionId), { charged: 1004, cancelled: 0, reversed: 0 })
  }))

test('an authorization still on its way when the network is asked is barred before it arrives', () =>
  withLine(async ({ gateway, network, line, pay }) => {
    line.line.isDeaf = false
    const transactionId = await pay()
    await resolveUntil(gateway, transactionId, 'reversed')
    await line.arriveLate()
    assert.deepEqual((await network.totals()).get(transactionId), { charged: 0, cancelled: 0, reversed: 0 })
  }))
