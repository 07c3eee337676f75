import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WireText } from '@sspay/protocol'
import { closeThis } from '../../../../test/support/closing.ts'
import { formOfAnswer } from '../../src/approval/write-notification.ts'
import type { Context } from '../../src/context.ts'
import type { DeliveryContext } from '../../src/notifications/deliver.ts'
import type { Notification, NotificationTarget, NotifiedState } from '../../src/notifications/model.ts'
import { type NotificationRow, openFields, referenceOf } from '../../src/notifications/row.ts'
import { type DeliveryOptions, defaultDelivery, startDelivery } from '../../src/notifications/start-delivery.ts'
import { saveNotificationTarget } from '../../src/notifications/store.ts'
import { wakeDelivery } from '../../src/notifications/wake.ts'
import { createGuardedFetch } from '../../src/outgoing/guarded-fetch.ts'
import type { Runtime } from '../../src/runtime.ts'
import { createTestContext, type TestContext } from '../support.ts'
import { statementsUnderWay } from '../test-storage.ts'
import { enqueueWithoutMove } from './enqueue.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** Canary values of the buyer, which must not show anywhere. */
export const buyer = { name: '홍길동카나리아', phone: '01098761234', email: 'canary@buyer.example' }

export const notificationFields = {
  ResultCode: '3001',
  ResultMsg: '정상승인',
  Tid: 'ssptest01m01012501020304050001',
  Amt: '1004',
  BuyerName: buyer.name,
  BuyerTel: buyer.phone,
  BuyerEmail: buyer.email,
  StateCd: '0',
  SignValue: 'c2lnbmVk',
}

export interface Clock {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  /** Runs timer after timer; the work of each finishes before the next. */
  advance(durationMs: number): Promise<void>
}

function createClock(start: Date): Clock {
  let nowMs = start.getTime()
  const timers = new Set<{ readonly dueMs: number; readonly work: () => void }>()
  return {
    runtime: {
      now: () => new Date(nowMs),
      schedule(delayMs, work) {
        const timer = { dueMs: nowMs + delayMs, work }
        timers.add(timer)
        return () => void timers.delete(timer)
      },
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs
      for (;;) {
        await untilIdle()
        const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs)
        if (next === undefined || next.dueMs > untilMs) break
        timers.delete(next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.work()
      }
      nowMs = untilMs
      await untilIdle()
    },
  }
}

/**
 * Loopback sockets need a few turns of the event loop in which nothing is under way: no request but those that are to
 * hang, and no statement of the database, however long it takes.
 */
async function untilIdle(): Promise<void> {
  for (let quiet = 0; quiet < 4; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    await new Promise(setImmediate)
    while (isBusy()) {
      quiet = 0
      await new Promise(setImmediate)
    }
  }
}

const isBusy = (): boolean => inFlight.size > hanging.size || statementsUnderWay() > 0

const inFlight = new Set<object>()
const hanging = new Set<object>()

export interface Received {
  readonly at: Date
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The payment that the `webhook-id` names, and its event. */
  readonly transactionId: string
  readonly sequence: number
}

type Answer = (response: ServerResponse, received: Received) => void

export interface Shop extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
  answerWith(answer: Answer): void
  close(): Promise<void>
}

export const sayOk: Answer = (response) => void response.end('OK')

/** Accepts the request and never answers. */
export const sayNothing: Answer = (response) => {
  hanging.add(response)
  response.once('close', () => hanging.delete(response))
}

/** A shop on loopback. */
export async function startShop(now: () => Date = () => new Date()): Promise<Shop> {
  const received: Received[] = []
  let answer = sayOk
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const [, transactionId = '', sequence = ''] = /^(.+)-(\d+)$/.exec(String(request.headers['webhook-id'])) ?? []
    const one = {
      at: now(),
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('latin1'),
      transactionId,
      sequence: Number(sequence),
    }
    received.push(one)
    answer(response, one)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pay/notify`,
    received,
    answerWith(next) {
      answer = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

export interface NotificationFixture extends TestContext {
  readonly shop: Shop
  readonly clockwork: Clock
  save(target?: Partial<NotificationTarget>): Promise<void>
  enqueue(...notifications: readonly Partial<Notification>[]): Promise<void>
  deliver(options?: Partial<DeliveryOptions>): void
}

/** A database, a shop on loopback and a manual clock, which the timeouts of real sockets use too. */
export async function createNotificationFixture(runtime: Partial<Runtime> = {}): Promise<NotificationFixture> {
  const clockwork = createClock(new Date('2025-01-02T03:04:05+09:00'))
  const fetchGuarded = createGuardedFetch({ schedule: clockwork.runtime.schedule })
  const test = await createTestContext({
    runtime: {
      ...clockwork.runtime,
      async fetch(url, { guard, ...request }) {
        assert.ok(guard, 'a shop chooses that address: the request must be guarded')
        const one = {}
        inFlight.add(one)
        return fetchGuarded(url, { ...request, guard }).finally(() => inFlight.delete(one))
      },
      ...runtime,
    },
  })
  const { context } = test
  const shop = await startShop(context.runtime.now)
  const stops: (() => Promise<void>)[] = []
  return {
    ...test,
    shop,
    clockwork,
    save: (target) => saveNotificationTarget(context, { ...targetOf(shop), ...target }),
    enqueue: (...notifications) => enqueue(context, notifications),
    deliver(options) {
      stops.push(startDelivery(delivering(context), { ...defaultDelivery, pollEveryMs: 10 * minuteMs, ...options }))
    },
    async close() {
      await shop.close()
      await Promise.all(stops.map((stop) => stop()))
      await test.close()
    },
  }
}

const targetOf = ({ url }: Shop): NotificationTarget => ({
  merchantId: 'ssptest01m',
  url,
  charset: 'utf-8',
  intervalMinutes: 10,
  maxAttempts: 3,
  webhookKeys: [],
})

export const delivering = (context: Context): DeliveryContext => ({
  ...context,
  formOfAnswer: (notification) => formOfAnswer(context, notification),
})

/** The states and forms of a payment's notifications, in order. */
export async function formsOf(
  context: Context,
  transactionId: string,
): Promise<readonly { readonly state: NotifiedState; readonly fields: WireText }[]> {
  const rows = await context.storage.read<NotificationRow>(
    'select * from notifications where transaction_id = ?1 order by sequence',
    [transactionId],
  )
  return Promise.all(
    rows.map(async (row) => ({
      state: row.payment_state,
      fields:
        row.body_encrypted === null
          ? ((await formOfAnswer(context, { transactionId, paymentState: row.payment_state })) ?? {})
          : openFields(context.keyRing, referenceOf(row), row.body_encrypted),
    })),
  )
}

export async function enqueue(context: Context, notifications: readonly Partial<Notification>[]): Promise<void> {
  const enqueued = notifications.map((notification) => ({
    transactionId: 'PAYMENT1',
    sequence: 4,
    merchantId: 'ssptest01m',
    paymentState: 'approved' as const,
    fields: notificationFields,
    enqueuedAt: context.runtime.now(),
    ...notification,
  }))
  await context.storage.transact((transaction) => enqueueWithoutMove(transaction, context.keyRing, enqueued))
  wakeDelivery(context.storage)
}
