import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { approve } from '../src/approval/approve.ts'
import { approvalMarginMs } from '../src/approval/model.ts'
import { resolveUnresolved } from '../src/approval/resolve.ts'
import { findPayment } from '../src/approval/store.ts'
import { connectServices } from '../src/called-services.ts'
import { cancel, resumeCancellations } from '../src/cancellation/cancel.ts'
import { saveMerchant } from '../src/merchants/store.ts'
import { failuresToOpen, openMs } from '../src/outgoing/circuit-breaker.ts'
import { createRequestLog } from '../src/request-log/request-log.ts'
import { realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { createMetrics } from '../src/telemetry/metrics.ts'
import { approved, authenticatedPayment, codeOf, generousMs, startNetwork, testMerchant } from './approval/support.ts'
import { createTestContext } from './support.ts'
import { idleSources } from './telemetry/idle-sources.ts'
import { valueOfSeries } from './telemetry/measured-gateway.ts'

/** A gateway whose card network and identity agency are one server on loopback; its breakers wait until `endPause`. */
async function openServices(t: TestContext) {
  const pauses: (() => void)[] = []
  const opened = await createTestContext({
    settings: { cardNetworkTimeoutMs: generousMs, identityTimeoutMs: generousMs },
    runtime: {
      schedule(delayMs, work) {
        if (delayMs !== openMs) return realRuntime.schedule(delayMs, work)
        pauses.push(work)
        return () => {}
      },
    },
  })
  t.after(() => opened.close())
  const network = await startNetwork()
  t.after(() => network.close())
  const { context } = opened
  await saveMerchant(context, testMerchant)
  const metrics = createMetrics(idleSources)
  const services = connectServices(
    context,
    { requestLog: createRequestLog(context), metrics },
    { cardNetworkUrl: network.url, identityUrl: network.url },
  )
  return {
    ...opened,
    ...services,
    gateway: { ...context, ...services },
    network,
    metrics,
    endPause: () => {
      for (const work of pauses.splice(0)) work()
    },
    eventsLogged: (name: RegExp) =>
      opened.lines.flatMap((line) => {
        const { event, to } = JSON.parse(line) as { readonly event: string; readonly to?: string }
        return name.test(event) ? [`${event} ${to}`] : []
      }),
  }
}

type Services = Awaited<ReturnType<typeof openServices>>

const person = { name: '홍길동', birthDate: '19900117', gender: 'male', phone: '01077778888', ci: 'CI' }

const answers: Parameters<Services['network']['answerWith']>[0] = (verb, { cancelSequence, cancelAmount }) =>
  verb === 'cancel'
    ? { outcome: 'cancelled', cancelledAt: approved.approvedAt, cancelSequence, cancelAmount }
    : { ...approved, result: 'verified', ...person }

const hangsUp = (): undefined => undefined

const stateOf = async ({ gateway }: Services, transactionId: string) =>
  (await findPayment(gateway, transactionId))?.state

async function openCircuit({ gateway }: Services): Promise<readonly string[]> {
  const unresolved: string[] = []
  for (let number = 0; number < failuresToOpen; number++) {
    const ticket = await authenticatedPayment(gateway)
    assert.equal(codeOf(await approve(gateway, ticket)), 'S401')
    unresolved.push(ticket.transactionId)
  }
  return unresolved
}

test('a dead card network is not asked: approvals claim nothing, and everything goes on when it answers', async (t) => {
  const services = await openServices(t)
  const { gateway, network, metrics, clock } = services
  network.answerWith(answers)
  const early = await authenticatedPayment(gateway)
  await approve(gateway, early)
  network.answerWith(hangsUp)
  const unresolved = await openCircuit(services)
  const asked = network.calls.length

  const late = await authenticatedPayment(gateway)
  assert.equal(codeOf(await approve(gateway, late)), 'S901')
  assert.equal(await stateOf(services, late.transactionId), 'authenticated')
  const { merchantId } = testMerchant
  const refund = { transactionId: early.transactionId, merchantId, amount: 1004, cancelSequence: 1 }
  assert.equal(codeOf(await cancel(gateway, { ...refund, scope: 'full' }, 'replay')), 'S504')
  await resolveUnresolved(gateway)
  assert.equal(network.calls.length, asked, 'nothing is sent while the circuit is open')
  assert.equal(await stateOf(services, unresolved[0] ?? ''), 'unresolved')
  assert.deepEqual(services.eventsLogged(/^circuit_/), ['circuit_opened card-network'])
  assert.equal(valueOfSeries(await metrics.text(), 'sspay_circuit_open{to="card-network"}'), 1)
  const rejected =
    'sspay_outgoing_request_duration_seconds_count{to="card-network",call="inquire",outcome="circuit_open"}'
  assert.equal(valueOfSeries(await metrics.text(), rejected), failuresToOpen)

  services.endPause()
  network.answerWith(answers)
  assert.equal(codeOf(await approve(gateway, late)), '3001', 'the ticket is as good as before')
  assert.deepEqual(services.eventsLogged(/^circuit_/).slice(1), ['circuit_closed card-network'])
  assert.equal(valueOfSeries(await metrics.text(), 'sspay_circuit_open{to="card-network"}'), 0)
  await resolveUnresolved(gateway)
  for (const transactionId of unresolved) assert.equal(await stateOf(services, transactionId), 'approved')
  clock.advance(generousMs + approvalMarginMs)
  await resumeCancellations(gateway)
  assert.equal(await stateOf(services, early.transactionId), 'cancelled')
})

test('of many approvals after the pause one is the probe, and the others claim nothing', async (t) => {
  const services = await openServices(t)
  const { gateway, network } = services
  network.answerWith(hangsUp)
  await openCircuit(services)
  const tickets = await Promise.all(Array.from({ length: 8 }, () => authenticatedPayment(gateway)))
  services.endPause()
  const codes = (await Promise.all(tickets.map((ticket) => approve(gateway, ticket)))).map(codeOf)
  assert.deepEqual(codes.sort(), ['S401', ...Array.from({ length: 7 }, () => 'S901')])
  assert.equal(network.calls.length, failuresToOpen + 1)
})

test('the identity agency has a circuit of its own, and is unreachable while it is open', async (t) => {
  const services = await openServices(t)
  const { gateway, network, metrics, identityVerifier } = services
  network.answerWith(hangsUp)
  const check = () => identityVerifier.checkCode({ verificationId: 'v1', code: '123456' })
  for (let number = 0; number <= failuresToOpen; number++) assert.deepEqual(await check(), { result: 'unreachable' })
  assert.equal(network.calls.length, failuresToOpen)
  assert.deepEqual(services.eventsLogged(/^circuit_/), ['circuit_opened identity'])
  assert.equal(valueOfSeries(await metrics.text(), 'sspay_circuit_open{to="card-network"}'), 0)
  network.answerWith(answers)
  assert.equal(codeOf(await approve(gateway, await authenticatedPayment(gateway))), '3001')
  services.endPause()
  assert.equal((await check()).result, 'verified')
  assert.equal(valueOfSeries(await metrics.text(), 'sspay_circuit_open{to="identity"}'), 0)
})

test('each service is sent its own token, and no line of the log has it', async (t) => {
  const sent: unknown[] = []
  const opened = await createTestContext({
    runtime: {
      async fetch(url, { headers }) {
        sent.push([new URL(url).host, headers?.authorization])
        throw new Error('nobody is there')
      },
    },
  })
  t.after(() => opened.close())
  const { cardNetwork, identityVerifier } = connectServices(
    opened.context,
    { requestLog: createRequestLog(opened.context), metrics: createMetrics(idleSources) },
    {
      cardNetworkUrl: 'https://card.example',
      cardNetworkCredentials: { token: new Secret('token-of-the-network') },
      identityUrl: 'https://identity.example',
      identityCredentials: { token: new Secret('token-of-the-agency') },
    },
  )
  await cardNetwork.inquire({ transactionId: 'ssptest01m01012501020304104338', amount: 1004 })
  await identityVerifier.checkCode({ verificationId: 'v1', code: '123456' })
  assert.deepEqual(sent, [
    ['card.example', 'Bearer token-of-the-network'],
    ['identity.example', 'Bearer token-of-the-agency'],
  ])
  assert.doesNotMatch(opened.lines.join('\n'), /token-of/)
})
