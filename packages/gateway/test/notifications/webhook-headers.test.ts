import assert from 'node:assert/strict'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { test } from 'node:test'
import { bySize } from '../../../../test/support/proof-size.ts'
import { until } from '../../../../test/support/until.ts'
import { webhookHeaders } from '../../src/notifications/deliver.ts'
import { findTargetProblems, type NotificationTarget } from '../../src/notifications/model.ts'
import { listNotifications, saveNotificationTarget } from '../../src/notifications/store.ts'
import type { OutgoingRequest } from '../../src/outgoing/model.ts'
import { Secret } from '../../src/secret.ts'
import { createNotificationFixture, notificationFields } from './support.ts'

const keyOf = (byte: string): string => `whsec_${Buffer.from(byte.repeat(32), 'hex').toString('base64')}`
const oldKey = keyOf('a1')
const newKey = keyOf('b2')

/** Standard Webhooks as its text has it, written without our own code: any one of the signatures may match. */
function isSigned(headers: Readonly<Record<string, string>>, body: string, key: string, now: Date): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp = '', 'webhook-signature': given = '' } = headers
  if (!/^\d+$/.test(timestamp) || Math.abs(now.getTime() / 1000 - Number(timestamp)) > 300) return false
  const secret = Buffer.from(key.slice('whsec_'.length), 'base64')
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest()
  return given.split(' ').some((one) => {
    const [version, text = ''] = one.split(',')
    const bytes = Buffer.from(text, 'base64')
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected)
  })
}

test("the check of this test accepts Standard Webhooks' published example", () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  assert.ok(isSigned(headers, '{"test": 2432232314}', key, new Date(1_614_265_330_000)))
})

test('without a key there are an id and a timestamp, but no signature', () => {
  const headers = webhookHeaders({ transactionId: 'A', sequence: 2 }, { body: '', keys: [], now: new Date(1_999) })
  assert.deepEqual(headers, { 'webhook-id': 'A-2', 'webhook-timestamp': '1' })
})

test('keys are stored encrypted, and a malformed key is rejected', async (t) => {
  const world = await createNotificationFixture()
  t.after(world.close)
  await world.save({ webhookKeys: [new Secret(oldKey)] })
  assert.equal((await world.readStoredBytes()).includes(oldKey.slice(6, 40)), false)
  for (const key of ['', 'whsec_', oldKey.slice(6), 'whsec_c2hvcnQ=', `whsec_${'!'.repeat(40)}`]) {
    await assert.rejects(world.save({ webhookKeys: [new Secret(key)] }), /webhook_keys$/, key)
  }
})

const target: NotificationTarget = {
  merchantId: 'ssptest01m',
  url: 'https://shop.example/notify',
  charset: 'utf-8',
  intervalMinutes: 1,
  maxAttempts: 1,
  webhookKeys: [],
}

const faults: readonly (readonly [Partial<Record<keyof NotificationTarget, unknown>>, string])[] = [
  [{ url: 'ftp://shop.example/' }, 'url'],
  [{ url: 'shop.example/notify' }, 'url'],
  [{ url: 'https://user:secret@shop.example/' }, 'url'],
  [{ charset: 'utf-16' }, 'charset'],
  [{ intervalMinutes: 0 }, 'interval_minutes'],
  [{ intervalMinutes: 61 }, 'interval_minutes'],
  [{ intervalMinutes: 1.5 }, 'interval_minutes'],
  [{ maxAttempts: 0 }, 'max_attempts'],
  [{ maxAttempts: 11 }, 'max_attempts'],
]

for (const [fault, problem] of faults) {
  test(`a target with ${JSON.stringify(fault)} is rejected`, () =>
    assert.deepEqual(findTargetProblems({ ...target, ...fault } as NotificationTarget), [problem]))
}

const deliveries = bySize({ short: 1_000, medium: 3_000, thorough: 10_000 })

test(`${deliveries} deliveries while the key is rotated, and the shop can verify each`, async (t) => {
  let shopKey = oldKey
  let delivered = 0
  const rejected: string[] = []
  const changes = new Map<number, () => void | Promise<void>>([
    [deliveries * 0.25, () => save([newKey, oldKey])],
    [
      deliveries * 0.5,
      () => {
        shopKey = newKey
      },
    ],
    [deliveries * 0.75, () => save([newKey])],
  ])
  const world = await createNotificationFixture({
    async fetch(_url, { headers = {}, body = '' }: OutgoingRequest) {
      const text = String(body)
      if (!isSigned(headers, text, shopKey, world.context.runtime.now())) rejected.push(headers['webhook-id'] ?? '')
      await changes.get(++delivered)?.()
      return { status: 200, body: Buffer.from('OK') }
    },
  })
  t.after(world.close)
  const save = (keys: readonly string[]) =>
    saveNotificationTarget(world.context, { ...target, webhookKeys: keys.map((key) => new Secret(key)) })
  await save([oldKey])
  await world.enqueue(
    ...Array.from({ length: deliveries }, (_, index) => ({
      transactionId: `PAYMENT${index}`,
      fields: { ...notificationFields, Moid: String(index) },
    })),
  )
  world.deliver()
  const areDelivered = async (): Promise<boolean> => {
    await world.clockwork.advance(0)
    return delivered >= deliveries
  }
  await until(areDelivered, { deadline: 300_000, every: 0, what: 'all deliveries' })
  assert.deepEqual(rejected, [])
  await world.clockwork.advance(0)
  assert.deepEqual(await listNotifications(world.context, { limit: 1, state: 'pending' }), [])
})

test('the timestamp is the real time, where the clock of the gateway is shifted', async (t) => {
  const timestamps: (string | undefined)[] = []
  const world = await createNotificationFixture({
    wallClock: () => new Date(5_000),
    async fetch(_url, { headers = {} }: OutgoingRequest) {
      timestamps.push(headers['webhook-timestamp'])
      return { status: 200, body: Buffer.from('OK') }
    },
  })
  t.after(world.close)
  await world.save()
  await world.enqueue({})
  world.deliver()
  await world.clockwork.advance(1_000)
  assert.deepEqual(timestamps, ['5'])
})

test('the verification rejects a changed body, another key and an old timestamp', () => {
  const now = new Date('2025-01-02T03:04:05+09:00')
  const headers = webhookHeaders({ transactionId: 'A', sequence: 1 }, { body: 'a=1', keys: [new Secret(oldKey)], now })
  const later = new Date(now.getTime() + 301_000)
  assert.deepEqual(
    [
      isSigned(headers, 'a=1', oldKey, now),
      isSigned(headers, 'a=2', oldKey, now),
      isSigned(headers, 'a=1', newKey, now),
      isSigned(headers, 'a=1', oldKey, later),
    ],
    [true, false, false, false],
  )
})
