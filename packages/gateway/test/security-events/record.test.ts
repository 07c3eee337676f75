import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asRequest } from '../../src/logging/current-request.ts'
import { scrub } from '../../src/logging/scrub.ts'
import { maskSubject, recordSecurityEvent } from '../../src/security-events/record.ts'
import { createTestContext } from '../support.ts'

const member = { easyPayMerchantId: 'SSPTEST00p', customerId: 'user0001' }
const client = { slot: undefined, address: '203.0.113.7', user: 'kim' }

test('an event names its client, the merchant and the payment, and masks the member', async () => {
  await using world = await createTestContext()
  const event = {
    name: 'password_wrong',
    member,
    merchantId: 'ssptest01m',
    transactionId: 'T1',
    reason: 'word',
  } as const
  await asRequest(new Date(0), client, async () => recordSecurityEvent(world.context, event))
  const { member: masked, ...line } = JSON.parse(world.lines.at(-1) ?? '')
  assert.deepEqual(line, {
    level: 'info',
    event: 'security_event',
    name: 'password_wrong',
    outcome: 'failure',
    reason: 'word',
    merchantId: 'ssptest01m',
    transactionId: 'T1',
    address: '203.0.113.7',
    user: 'kim',
  })
  assert.match(masked, /^[a-p]{12}$/)
})

test('an event of a background job has no client', async () => {
  await using world = await createTestContext()
  recordSecurityEvent(world.context, { name: 'member_removed' })
  const line = { level: 'info', event: 'security_event', name: 'member_removed', outcome: 'success' }
  assert.deepEqual(JSON.parse(world.lines.at(-1) ?? ''), line)
})

test('a masked member is the same in each event, differs between members, and passes the scrubber', async () => {
  await using world = await createTestContext()
  const { keyRing } = world.context
  assert.equal(maskSubject(keyRing, member), maskSubject(keyRing, { ...member }))
  const masked = Array.from({ length: 2_000 }, (_, number) =>
    maskSubject(keyRing, { ...member, customerId: `user${number}` }),
  )
  assert.equal(new Set(masked).size, masked.length)
  for (const text of masked) assert.equal(scrub(`"${text}"`, []), `"${text}"`)
  assert.notEqual(maskSubject(keyRing, member), maskSubject(keyRing, { ...member, easyPayMerchantId: 'OTHER' }))
})
