import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newApprovalTicket } from '../src/approval/ticket.ts'
import { createKeyRing } from '../src/keyring.ts'
import { findMerchant } from '../src/merchants/store.ts'
import { realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { shareOfCall } from '../src/share-of-call.ts'
import { createApprovalTest, testMerchant } from './approval/support.ts'

const transactionId = 'ssptest01m01012501020304050001'
const runtime = realRuntime
const keyRing = createKeyRing(runtime, new Secret('ab'.repeat(32)))
const shareOf = shareOfCall(keyRing)

const forms = (fields: Readonly<Record<string, string>>): readonly string[] => [
  JSON.stringify(fields),
  JSON.stringify(fields, undefined, 2),
  String(new URLSearchParams(fields)),
]

test('a ticket of this gateway takes the share of its merchant, in JSON and in a form', () => {
  const approvalTicket = newApprovalTicket({ runtime, keyRing }, transactionId)
  assert.match(approvalTicket, /^[0-9a-f]{64}$/)
  for (const body of forms({ Tid: transactionId, TrAuthKey: approvalTicket })) {
    assert.equal(shareOf('approval', body), 'ssptest01m')
    assert.equal(shareOf('inquiry', body), 'ssptest01m')
  }
})

test('an invented ticket takes the shared key of unknown callers, and so does one of another payment or of another root key', () => {
  const own = newApprovalTicket({ runtime, keyRing }, transactionId)
  const otherKeyRing = createKeyRing(runtime, new Secret('cd'.repeat(32)))
  const invented = [
    '',
    'a'.repeat(64),
    `${own.slice(0, 63)}${own.endsWith('0') ? '1' : '0'}`,
    own.slice(0, 63),
    `${own}0`,
    'é'.repeat(64),
    newApprovalTicket({ runtime, keyRing }, transactionId.replace('0001', '0002')),
    newApprovalTicket({ runtime, keyRing: otherKeyRing }, transactionId),
  ]
  for (const approvalTicket of invented)
    for (const body of forms({ Tid: transactionId, TrAuthKey: approvalTicket }))
      assert.equal(shareOf('approval', body), 'unknown', body)
  assert.equal(shareOf('approval', 'neither JSON nor a form'), 'unknown')
})

test('a merchant that this process has read takes its own share, any other the shared one', async () => {
  await using world = await createApprovalTest()
  const share = shareOfCall(world.gateway.keyRing)
  const { merchantId } = testMerchant
  const ask = (id: string) => [
    ...forms({ EncData: 'x', Mid: id }).map((body) => share('cancellation', body)),
    ...forms({ EncData: 'x', Mid: id }).map((body) => share('member-deletion', body)),
    share('window', `PayMethod=CARD&Mid=${id}&Amt=1004`),
  ]
  await findMerchant(world.gateway, merchantId)
  assert.deepEqual([...new Set(ask(merchantId))], [merchantId])
  assert.deepEqual([...new Set(ask('stranger01'))], ['unknown'])
})

test('pages and the steps of a window are shared by address', () => {
  for (const call of ['step', 'page', 'console'] as const) assert.equal(shareOf(call, 'Mid=ssptest01m'), undefined)
})
