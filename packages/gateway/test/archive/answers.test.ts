import assert from 'node:assert/strict'
import { test } from 'node:test'
import { approve } from '../../src/approval/approve.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { openedAtOf } from '../../src/approval/transaction-id.ts'
import { authenticatedPayment, codeOf, testMerchant, testRequest } from '../approval/support.ts'
import { part } from '../cancellation/support.ts'
import { days, withArchiveTest } from './support.ts'

test(
  'an archived payment is unknown to approval, inquiry and cancellation, and none of them asks the card network',
  withArchiveTest(async (test) => {
    const { gateway } = test
    const ticket = await authenticatedPayment(gateway, { amount: 10_000 })
    assert.equal(codeOf(await approve(gateway, ticket)), '3001')
    test.clock.advance(days(401))
    await test.archive()
    const { transactionId } = ticket
    const asked = test.network.calls.length
    assert.equal(codeOf(await approve(gateway, ticket)), 'S107')
    assert.equal(codeOf(await inquire(gateway, ticket)), 'S107')
    assert.equal((await test.cancel({ Tid: transactionId })).ResultCode, 'S107')
    assert.equal((await test.cancel(part(transactionId, 1, 2))).ResultCode, 'S107')
    assert.equal(test.network.calls.length, asked)
  }),
)

test(
  'whether an old transaction id ever existed, or still does, makes no difference to who has not its ticket',
  withArchiveTest(async (test) => {
    const { gateway } = test
    const gone = await authenticatedPayment(gateway)
    await approve(gateway, gone)
    const stays = await authenticatedPayment(gateway, { amount: 10_000 })
    await approve(gateway, stays)
    test.clock.advance(days(100))
    await test.cancel(part(stays.transactionId, 1, 1))
    test.clock.advance(days(320))
    await test.archive()
    const never = `${gone.transactionId.slice(0, -4)}${gone.transactionId.endsWith('0000') ? '0001' : '0000'}`
    const wrong = '0'.repeat(64)
    for (const transactionId of [gone.transactionId, stays.transactionId, never])
      for (const ask of [approve, inquire])
        assert.equal(codeOf(await ask(gateway, { transactionId, approvalTicket: wrong })), 'S107')
    assert.equal(codeOf(await inquire(gateway, stays)), '3001')
    assert.equal((await test.cancel(part(stays.transactionId, 1, 2))).ResultCode, '2001')
  }),
)

test(
  'young and impossible transaction ids are unknown as ever',
  withArchiveTest(async (test) => {
    await test.approvedPayment()
    test.clock.advance(days(401))
    await test.archive()
    const approvalTicket = '0'.repeat(64)
    const { transactionId } = await requestPayment(test.gateway, { request: testRequest, merchant: testMerchant })
    for (const unknown of [transactionId, 'x', 'ssptest01m01019913391111110000'])
      assert.equal(codeOf(await inquire(test.gateway, { transactionId: unknown, approvalTicket })), 'S101')
    assert.equal((await test.cancel({ Tid: 'ssptest01m01012602100000000000' })).ResultCode, '2012')
  }),
)

test('the date in a transaction id is read as it was written', () => {
  assert.deepEqual(openedAtOf('ssptest01m01012501020304051234'), new Date('2025-01-02T03:04:05+09:00'))
  for (const text of ['', 'ssptest01m0101250102030405123', 'ssptest01m01012513020304051234'])
    assert.equal(openedAtOf(text), undefined)
})
