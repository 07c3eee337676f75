import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fault } from '../../packages/sandbox/src/faults/model.ts'
import { until } from '../support/until.ts'
import type { Fixture } from './fixture.ts'
import { titleOf } from './shop-client.ts'

const paid = '결제했어요'
const checking = '결제 결과를 확인하고 있어요'

const lostAnswers: readonly (readonly [string, Fault])[] = [
  ['is cut', { name: 'cut', bytes: 10 }],
  ['never begins: the connection is reset', { name: 'reset-after' }],
  ['is HTTP 500', { name: 'http-500', moment: 'after' }],
  ['is no JSON', { name: 'garbage' }],
]

export function errorContract(fixture: () => Fixture): void {
  for (const [what, fault] of lostAnswers)
    test(`an answer that ${what} is unknown, not failed; recovery marks it paid once`, async () => {
      const { client, sandbox, moved, recover } = fixture()
      const orderId = await client.order()
      const form = await client.openForm(orderId)
      const ticket = await client.authenticate(form)
      sandbox.faults.add({ link: 'approval', fault, orderId, timesLeft: 1 })
      const page = await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
      assert.equal(titleOf(page), checking)
      assert.match(page, /다시 결제하지 말아 주세요/)
      assert.doesNotMatch(page, /tranMgr|실패|못했습니다/)

      const repeated = await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
      assert.ok([checking, paid].includes(titleOf(repeated)))
      const second = await client.post(form.fields.ReturnUrl ?? '', { ...ticket, Tid: ticket.Tid.replace(/.$/, 'x') })
      assert.equal(second.status, 303)

      assert.match(await recover(), /^pending 0, refunding 0/)
      assert.equal(titleOf(await client.readOrder(orderId)), paid)
      await recover()
      assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
    })

  test('an approval that never arrived is asked for again with the same ticket', async () => {
    const { client, sandbox, moved, recover } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault: { name: 'reset-before' }, orderId, timesLeft: 1 })
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)), checking)
    assert.deepEqual(await moved(ticket.Tid), { charged: 0, backAgain: 0 })
    await recover()
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
    assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
  })

  test('while nobody answers, recovery leaves the order as it is', async () => {
    const { client, sandbox, moved, recover } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    sandbox.faults.add({ link: 'approval', fault: { name: 'reset-after' }, orderId, timesLeft: 1 })
    await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    sandbox.faults.add({ link: 'inquiry', fault: { name: 'garbage' }, orderId, timesLeft: 1 })
    assert.match(await recover(), /^pending 1, /)
    assert.equal(titleOf(await client.readOrder(orderId)), checking)
    await Promise.all([recover(), recover(), recover()])
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
    assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
  })

  for (const moment of ['before', 'after'] as const)
    test(`a power cut ${moment} the charge, before the answer: the start recovers it`, async () => {
      const { client, sandbox, shop, moved } = fixture()
      const orderId = await client.order()
      const form = await client.openForm(orderId)
      const ticket = await client.authenticate(form)
      const rule = sandbox.faults.add({ link: 'approval', fault: { name: 'hang', moment }, orderId, timesLeft: 1 })
      const lost = assert.rejects(client.comeBack(form.fields.ReturnUrl ?? '', ticket))
      const isAsked = async (): Promise<boolean> =>
        moment === 'after'
          ? (await moved(ticket.Tid)).charged > 0
          : sandbox.faults.list().some(({ ruleId, timesLeft }) => ruleId === rule.ruleId && timesLeft === 0)
      await until(isAsked, { what: 'the approval request' })
      await shop.end('SIGKILL')
      await lost
      await shop.start()
      await until(async () => titleOf(await client.readOrder(orderId)) === paid, {
        deadline: 120_000,
        what: 'the recovery',
      })
      assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
    })

  test('nothing the shop has printed holds a key, a ticket or a transaction id', () => {
    const { shop } = fixture()
    const printed = shop.output()
    assert.match(printed, /no answer|still open/, 'it does say what stays open')
    assert.doesNotMatch(printed, /M6AywGL98l3k|ssptest01m\d{10}|[0-9a-f]{64}|홍길동/)
  })
}
