import { Counter, Gauge, type Registry } from 'prom-client'
import { type LimitedCall, limitedCalls } from '../admission/admit.ts'
import { rejectionCounts } from '../admission/rejections.ts'
import { answerSources, unusableAnswers } from '../card-network/unusable-answers.ts'
import { passwordQueue } from '../members/payment-password.ts'
import { securityEventCounts } from '../security-events/record.ts'
import { waitingItems } from '../storage/batching.ts'
import type { StorageLoad } from '../storage/storage.ts'
import type { Backlog } from './backlog.ts'
import { type MachineSources, registerMachineGauges } from './machine-gauges.ts'

/** Sources of metrics that are collected at scrape time. */
export interface GaugeSources {
  /** Cached: cheap, however often it is called. */
  backlog(): Promise<Backlog>
  load(): StorageLoad
  /** The concurrency limit of one kind of call; undefined before the gateway exists. */
  limitOf(call: LimitedCall): number | undefined
  readonly machine: MachineSources
}

/** Every gateway on one database counts the same rows. */
const shared = 'the same from every gateway on one database: take max, never sum'

const backlogGauges: readonly (readonly [work: keyof Backlog, name: string, help: string])[] = [
  ['payments', 'indeterminate_payment', 'Payments whose outcome is unknown'],
  ['cancellations', 'indeterminate_cancellation', 'Cancellations whose outcome is unknown'],
  ['notifications', 'pending_notification', 'Notifications not yet delivered'],
]

/** While the database is unavailable the backlog gauges are NaN; all other metrics are there. */
export function registerGauges(registry: Registry, { backlog, load, limitOf, machine }: GaugeSources): void {
  registerMachineGauges(registry, machine)
  const registers = [registry]
  const register = (name: string, help: string, read: () => number | Promise<number>): void => {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: async () => gauge.set(await read()) })
  }
  for (const [work, name, help] of backlogGauges) {
    const read = async (field: 'count' | 'oldestSeconds') =>
      (await backlog().catch(() => undefined))?.[work][field] ?? Number.NaN
    register(`sspay_${name}s`, `${help}, counted up to 10000; ${shared}`, () => read('count'))
    const oldest = `Age of the oldest of these ${work}; ${shared}`
    register(`sspay_oldest_${name}_seconds`, oldest, () => read('oldestSeconds'))
  }
  register(
    'sspay_database_connections_used',
    'Database connections in use; SQLite: 1 during a commit',
    () => load().used,
  )
  register('sspay_database_connections_max', 'Size of the connection pool of this process', () => load().most)
  register('sspay_database_waiting', 'Transactions and reads waiting for a connection', () => load().waiting)
  register('sspay_batch_waiting', 'State transitions waiting for the next batched statement', waitingItems)
  const hashes = 'sspay_password_hashes'
  register(`${hashes}_running`, 'Payment passwords being hashed, at most 2', () => passwordQueue.running)
  register(`${hashes}_waiting`, 'Payment passwords waiting to be hashed, at most 64', () => passwordQueue.waiting)
  const limits: Gauge<'call'> = new Gauge({
    name: 'sspay_concurrency_limit',
    help: 'Adaptive concurrency limit, by kind of call; calls waiting for another service do not count against it',
    labelNames: ['call'],
    registers,
    collect() {
      for (const call of limitedCalls) limits.set({ call }, limitOf(call) ?? Number.NaN)
    },
  })
  registerCounter(
    registry,
    'sspay_security_events_total',
    'Security events: identities, passwords, cards, passkeys, signatures, the console',
    ['event', 'outcome'],
    securityEventCounts,
  )
  registerCounter(
    registry,
    'sspay_unusable_answers_total',
    'Unusable answers: of the card network, treated as no answer; of the gateway, whose payment is rejected or reversed',
    ['from'],
    () => answerSources.map((from) => ({ from, count: unusableAnswers(from) })),
  )
  registerCounter(
    registry,
    'sspay_rejections_total',
    'Requests rejected by a limiter, by resource and limiter',
    ['resource', 'limiter'],
    rejectionCounts,
  )
}

/** A counter whose values are kept elsewhere in the process and read at scrape time. */
function registerCounter<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
  read: () => readonly (Readonly<Record<Label, string>> & { readonly count: number })[],
): void {
  const counter: Counter<Label> = new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      counter.reset()
      for (const { count, ...labels } of read()) counter.inc(labels as object, count)
    },
  })
}
