import { Counter, Gauge, type Registry } from 'prom-client'
import { type LimitedCall, limitedCalls } from '../admission/admit.ts'
import { answerSources, unusableAnswers } from '../card-network/unusable-answers.ts'
import { rejectionCounts } from '../http/rejections.ts'
import { passwordQueue } from '../members/payment-password.ts'
import { securityEventCounts } from '../security-events/record.ts'
import { waitingItems } from '../storage/batch.ts'
import type { StorageLoad } from '../storage/storage.ts'
import type { Backlog } from './backlog.ts'

/** What is not told but asked for, each time somebody reads. */
export interface GaugeSources {
  /** Cheap, however often it is asked. */
  backlog(): Promise<Backlog>
  load(): StorageLoad
  /** How many calls of one kind may be worked on at once; undefined before the gateway is there. */
  limitOf(call: LimitedCall): number | undefined
}

/** Every gateway on one database counts the same rows. */
const shared = 'the same from every gateway on one database: take max, never sum'

const backlogGauges = {
  sspay_indeterminate_payments: [
    'Payments of which nobody knows yet whether they are charged, 10000 stands for more',
    ({ indeterminatePayments }) => indeterminatePayments,
  ],
  sspay_oldest_indeterminate_payment_seconds: [
    'Since when the oldest of the undecided payments has been',
    ({ oldestIndeterminateMs }) => oldestIndeterminateMs / 1_000,
  ],
  sspay_open_cancellations: [
    'Cancellations that the card network has not answered, 10000 stands for more',
    ({ openCancellations }) => openCancellations,
  ],
  sspay_oldest_open_cancellation_seconds: [
    'Age of the oldest cancellation without an answer',
    ({ oldestCancellationMs }) => oldestCancellationMs / 1_000,
  ],
  sspay_pending_notifications: [
    'Notices that shops have not confirmed yet, 10000 stands for more',
    ({ pendingNotifications }) => pendingNotifications,
  ],
  sspay_oldest_pending_notification_seconds: [
    'Age of the oldest notice that waits',
    ({ oldestNotificationMs }) => oldestNotificationMs / 1_000,
  ],
} as const satisfies Record<string, readonly [help: string, value: (backlog: Backlog) => number]>

/** While the database is away the gauges of its rows are NaN, and everything else is there. */
export function registerGauges(registry: Registry, { backlog, load, limitOf }: GaugeSources): void {
  const registers = [registry]
  for (const [name, [help, value]] of Object.entries(backlogGauges)) {
    const gauge: Gauge = new Gauge({
      name,
      help: `${help}; ${shared}`,
      registers,
      collect: async () => gauge.set(await backlog().then(value, () => Number.NaN)),
    })
  }
  const now: readonly (readonly [name: string, help: string, value: () => number])[] = [
    ['sspay_database_connections_used', 'Connections that work; SQLite: 1 while it commits', () => load().used],
    ['sspay_database_connections_max', 'Connections of this process at the most', () => load().most],
    ['sspay_database_waiting', 'Transactions and reads that wait for a connection', () => load().waiting],
    ['sspay_batch_waiting', 'Moves of payments that wait to go into one statement together', waitingItems],
    ['sspay_password_hashes_running', 'Payment passwords that are hashed, two at most', () => passwordQueue.running],
    ['sspay_password_hashes_waiting', 'Payment passwords that wait to be, 64 at most', () => passwordQueue.waiting],
  ]
  for (const [name, help, value] of now) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value()) })
  }
  const limits: Gauge<'call'> = new Gauge({
    name: 'sspay_concurrency_limit',
    help: 'How many calls of a kind this process works on at once, those that wait for another service left out; the others wait shortly or are shed',
    labelNames: ['call'],
    registers,
    collect() {
      for (const call of limitedCalls) limits.set({ call }, limitOf(call) ?? Number.NaN)
    },
  })
  const events: Counter<'event' | 'outcome'> = new Counter({
    name: 'sspay_security_events_total',
    help: 'What somebody who looks for misuse wants to know: identities, passwords, cards, passkeys, signatures, the console',
    labelNames: ['event', 'outcome'],
    registers,
    collect() {
      events.reset()
      for (const { event, outcome, count } of securityEventCounts()) events.inc({ event, outcome }, count)
    },
  })
  const unusable: Counter<'from'> = new Counter({
    name: 'sspay_unusable_answers_total',
    help: 'Answers that could not be used: of the card network, which count as silence; of the gateway, whose payment is rejected or reversed',
    labelNames: ['from'],
    registers,
    collect() {
      unusable.reset()
      for (const from of answerSources) unusable.inc({ from }, unusableAnswers(from))
    },
  })
  const rejections: Counter<'what' | 'bound'> = new Counter({
    name: 'sspay_rejections_total',
    help: 'What was refused because there was too much of it, by the bound that was reached',
    labelNames: ['what', 'bound'],
    registers,
    collect() {
      rejections.reset()
      for (const { what, bound, count } of rejectionCounts()) rejections.inc({ what, bound }, count)
    },
  })
}
