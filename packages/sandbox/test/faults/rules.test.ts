import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import {
  approvalRequest,
  cancelRequest,
  localEndpoints,
  notification,
  sealedEnvelope,
  writeMessage,
} from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { closing } from '../../../../test/support/closing.ts'
import { until } from '../../../../test/support/until.ts'
import { createIdentify } from '../../src/faults/identify.ts'
import { findLink, linkNames, links } from '../../src/faults/links.ts'
import { readRule } from '../../src/faults/read-rule.ts'
import { createFaultRules } from '../../src/faults/rules.ts'
import { ask } from './client.ts'
import { merchantKey, orderOf, startFaultyListener } from './support.ts'

const reject = { name: 'close' } as const
const nobody = async () => ({})

test('a rule strikes as often as it says, and stays in the list as spent', async () => {
  const rules = createFaultRules(realRuntime)
  const { ruleId } = rules.add({ link: 'approval', fault: reject, timesLeft: 2 })
  assert.equal(await rules.take('inquiry', nobody), undefined)
  for (const left of [1, 0]) {
    assert.deepEqual(await rules.take('approval', nobody), reject)
    assert.equal(rules.list()[0]?.timesLeft, left)
  }
  assert.equal(rules.concern('approval'), false)
  assert.equal(await rules.take('approval', nobody), undefined)
  assert.equal(rules.remove(ruleId), true)
  assert.equal(rules.remove(ruleId), false)
  assert.deepEqual(rules.list(), [])
})

test('many requests at once use a count up exactly', async () => {
  const rules = createFaultRules(realRuntime)
  rules.add({ link: 'approval', fault: reject, timesLeft: 7, orderId: 'a' })
  const taken = await Promise.all(
    Array.from({ length: 50 }, () => rules.take('approval', async () => ({ orderId: 'a' }))),
  )
  assert.equal(taken.filter((fault) => fault !== undefined).length, 7)
})

test('the same seed strikes the same requests, about as many as the probability says', async () => {
  const run = async (seed: number): Promise<string> => {
    const rules = createFaultRules(realRuntime)
    rules.add({ link: 'identity', fault: reject, probability: 0.3, seed })
    let struck = ''
    for (let request = 0; request < 400; request++) struck += (await rules.take('identity', nobody)) ? '1' : '0'
    return struck
  }
  const first = await run(7)
  assert.equal(await run(7), first)
  assert.notEqual(await run(8), first)
  const share = first.replaceAll('0', '').length / 400
  assert.ok(share > 0.22 && share < 0.38, String(share))
})

test('every link is found at its listeners only', () => {
  for (const name of linkNames) {
    const { listeners, path } = links[name]
    const asked = path.endsWith('/') ? `${path}codes` : path
    for (const listener of ['shop', 'gateway', 'gatewayTls', 'console'] as const)
      assert.equal(findLink(listener, asked), (listeners as readonly string[]).includes(listener) ? name : undefined)
  }
  assert.equal(findLink('gateway', '/ssp/reqPay.do'), undefined)
})

const transactionId = 'ssptest01m01012501020304104338'
const encrypted = encryptBody(
  writeMessage(cancelRequest, {
    serviceMode: 'CL1',
    transactionId,
    merchantId: 'ssptest01m',
    cancelPassword: '123456',
    cancelAmount: 1004,
    cancelReason: '고객 요청',
    cancelSequence: 1,
    cancelScope: '0',
    signature: 'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc=',
  }),
  merchantKey,
)
const notificationFields = writeMessage(notification, {
  resultCode: '3001',
  resultMessage: '카드 결제 성공',
  transactionId,
  orderId: 'own',
})

const bodies: readonly (readonly [name: string, body: string, orderId: string | undefined])[] = [
  [
    'approval',
    JSON.stringify(writeMessage(approvalRequest, { transactionId, approvalTicket: 'ab'.repeat(32) })),
    orderOf(transactionId),
  ],
  ['card network', JSON.stringify({ transactionId, amount: 1004 }), orderOf(transactionId)],
  [
    'cancel, encrypted',
    JSON.stringify(writeMessage(sealedEnvelope, { sealedBody: encrypted, merchantId: 'ssptest01m' })),
    orderOf(transactionId),
  ],
  ['notification in UTF-8', encodeForm(notificationFields, 'utf-8'), 'own'],
  ['notification in EUC-KR', encodeForm(notificationFields, 'euc-kr'), 'own'],
]
for (const [name, body, orderId] of bodies)
  test(`the payment is found in: ${name}`, async () => {
    const identify = createIdentify({ merchantKey, findOrderId: async (id) => orderOf(id) })
    assert.deepEqual(await identify(Buffer.from(body)), { transactionId, orderId })
  })

test('what is no message, or encrypted with another key, is about no payment', async () => {
  const identify = createIdentify({ merchantKey: 'x'.repeat(32), findOrderId: async (id) => orderOf(id) })
  for (const body of ['', '[1]', '\u0000%%%', bodies[2]?.[1] ?? ''])
    assert.deepEqual(await identify(Buffer.from(body)), { transactionId: undefined, orderId: undefined }, body)
})

test('a rule about one order leaves the others alone, and hands their requests on unchanged', async () => {
  await using service = closing(await startFaultyListener({ answer: (body) => new Response(body) }))
  const url = service.url + localEndpoints({ origin: '' }).approval
  service.rules.add({ link: 'approval', fault: reject, orderId: orderOf('A1') })
  const [struck, other] = ['A1', 'A2'].map((id) => JSON.stringify({ transactionId: id, note: '한글' }))
  assert.equal((await ask(url, { body: struck ?? '' })).status, undefined)
  const { end, body } = await ask(url, { body: other ?? '' })
  assert.deepEqual([end, Buffer.from(body, 'latin1').toString()], ['answered', other])
  assert.equal(service.workDone(), 1)
})

test('what hangs is reset when the sandbox stops', async () => {
  await using service = closing(await startFaultyListener({ answer: () => new Response('done') }))
  const url = `${service.url}/anything`
  const seen = Promise.all(['hang', 'hang=after', 'delay=60000', 'drip=60000'].map((fault) => ask(url, { fault })))
  await until(() => service.workDone() === 2)
  service.stop()
  for (const { end } of await seen) assert.equal(end, 'reset')
})

const wrongRules: readonly (readonly [given: Readonly<Record<string, unknown>>, names: string])[] = [
  [{ fault: 'close' }, 'link'],
  [{ link: 'nowhere', fault: 'close' }, 'link'],
  [{ link: 'approval' }, 'fault'],
  [{ link: 'approval', fault: 'cut' }, 'fault'],
  [{ link: 'approval', fault: 'close', times: 0 }, 'times'],
  [{ link: 'approval', fault: 'close', times: '1.5' }, 'times'],
  [{ link: 'approval', fault: 'close', probability: 1.1 }, 'probability'],
  [{ link: 'approval', fault: 'close', seed: -1 }, 'seed'],
  [{ link: 'approval', fault: 'close', transactionId: '../' }, 'transactionId'],
  [{ link: 'approval', fault: 'close', order: 'misspelt' }, 'order'],
]
for (const [given, name] of wrongRules)
  test(`a rule is rejected: ${JSON.stringify(given)}`, () => {
    const read = readRule(given)
    assert.ok(!read.ok)
    assert.ok(read.problem.ko.startsWith(`${name}:`) && read.problem.en.startsWith(`${name}:`))
  })
