import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abortPayment, expireForgotten } from '../../src/approval/close-payment.ts'
import { inquire } from '../../src/approval/inquire.ts'
import { removeUnauthenticated } from '../../src/approval/remove-unauthenticated.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { findPayment } from '../../src/approval/store.ts'
import { readWatermark } from '../../src/archive/store.ts'
import { consoleRoutes } from '../../src/console/route.ts'
import { startSession } from '../../src/payment-window/session.ts'
import { days, everyEnd, rowCounts, withArchiveTest } from '../archive/support.ts'
import { codeOf, testMerchant, testRequest } from './support.ts'

const noRows = { payments: 0, payment_events: 0, notifications: 0, cancellations: 0, window_sessions: 0 }

test(
  'what ended without an authentication is deleted after its days with all its rows, and everything else stays',
  withArchiveTest(async (test) => {
    const { gateway, clock } = test
    const ids = await everyEnd(test)
    const [, , , requested = ''] = ids
    const aborted = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
    await abortPayment(gateway, aborted.transactionId)
    const kept = ids.filter((id) => id !== requested)
    const left = async () => {
      const found = await Promise.all([...ids, aborted.transactionId].map((id) => findPayment(gateway, id)))
      return found.flatMap((payment) => payment?.transactionId ?? [])
    }
    clock.advance(days(6))
    await removeUnauthenticated(gateway)
    assert.deepEqual(await left(), [...ids, aborted.transactionId])
    clock.advance(days(1) + 1)
    await removeUnauthenticated(gateway)
    assert.deepEqual(await left(), kept)
  }),
)

test(
  'one that nobody came back to is expired first, and leaves no row; more than one step takes is taken by the round',
  withArchiveTest(async ({ gateway, clock }) => {
    for (let opened = 0; opened < 150; opened++) {
      const { transactionId } = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
      await startSession(gateway, { transactionId, state: { channel: { by: 'post' }, language: 'ko' } })
    }
    clock.advance(days(30))
    await removeUnauthenticated(gateway)
    assert.equal((await rowCounts(gateway)).payments, 150, 'still requested')
    await expireForgotten(gateway)
    clock.advance(days(8))
    await removeUnauthenticated(gateway)
    assert.deepEqual(await rowCounts(gateway), noRows)
  }),
)

test(
  'a round ends after a bounded number',
  withArchiveTest(async ({ gateway, clock, context }) => {
    for (let opened = 0; opened < 600; opened++) {
      const { transactionId } = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
      await abortPayment(gateway, transactionId)
    }
    clock.advance(days(8))
    await removeUnauthenticated(gateway)
    assert.equal((await rowCounts(context)).payments, 100)
  }),
)

test(
  'the inquiry answers as before, the archive watermark stays, and the console explains why the payment is gone',
  withArchiveTest(async ({ gateway, clock }) => {
    const console = consoleRoutes(gateway, { links: [] })
    const { transactionId } = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
    await abortPayment(gateway, transactionId)
    const approvalTicket = '0'.repeat(64)
    const before = codeOf(await inquire(gateway, { transactionId, approvalTicket }))
    clock.advance(days(8))
    const later = await requestPayment(gateway, { request: testRequest, merchant: testMerchant })
    await removeUnauthenticated(gateway)
    assert.equal(codeOf(await inquire(gateway, { transactionId, approvalTicket })), before)
    assert.equal((await readWatermark(gateway)).archivedBefore.getTime(), 0)
    const look = async (id: string) => (await console.request(`http://localhost/payments/${id}`)).text()
    assert.match(await look(transactionId), /구매자가 인증하지 않고 끝난 것은 지워졌습니다/)
    const neverThere = later.transactionId.replace(/....$/, '9999')
    for (const id of ['none', neverThere]) assert.doesNotMatch(await look(id), /지워졌습니다/)
  }),
)

test(
  'an archive that takes the same payments at the same time loses and doubles none of the others',
  withArchiveTest(async (test) => {
    const ids = await everyEnd(test)
    test.clock.advance(days(500))
    const [files] = await Promise.all([test.archive(), removeUnauthenticated(test.gateway)])
    const archived = files.reduce((sum, { payments }) => sum + payments, 0)
    assert.ok(archived === ids.length || archived === ids.length - 1, `${archived}`)
    await removeUnauthenticated(test.gateway)
    assert.equal((await rowCounts(test.context)).payments, 0)
  }),
)
