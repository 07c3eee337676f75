import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { NotificationState } from '../notifications/model.ts'
import { type GaugeSources, registerGauges } from './gauges.ts'

/** What the operator's Prometheus reads. Labels are words of the program: never a merchant, a person or a key. */
export interface Metrics {
  readonly requests: Histogram<'route' | 'status'>
  readonly requestsInProgress: Gauge<'route'>
  readonly results: Counter<'route' | 'reason'>
  readonly callsOut: Histogram<'to' | 'call' | 'outcome'>
  /** 1 while the circuit breaker of that service is not closed. */
  readonly circuitOpen: Gauge<'to'>
  /** After each delivery attempt. */
  countNotification(state: NotificationState): void
  readonly transactions: Histogram<'result'>
  readonly reads: Histogram<'result'>
  readonly commits: Histogram
  readonly commitSizes: Histogram
  readonly errors: Counter
  /** In the text format of Prometheus. */
  text(): Promise<string>
}

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]

const notificationOutcomes: Readonly<Record<NotificationState, string>> = {
  delivered: 'delivered',
  pending: 'failed',
  exhausted: 'exhausted',
  no_endpoint: 'no_endpoint',
}

/** One registry for one gateway; what the gauges show is asked for at each reading. */
export function createMetrics(sources: GaugeSources): Metrics {
  const registry = new Registry()
  let isProcessWatched = false
  registerGauges(registry, sources)
  return {
    ...requestMetrics(registry),
    ...databaseMetrics(registry),
    async text() {
      // It watches the whole process, so only where somebody reads.
      if (!isProcessWatched) collectDefaultMetrics({ register: registry })
      isProcessWatched = true
      return registry.metrics()
    },
  }
}

function requestMetrics(registry: Registry) {
  const registers = [registry]
  const notifications = new Counter({
    name: 'sspay_notifications_total',
    help: 'Delivery attempts of notifications: delivered, failed and retried later, exhausted, or without an endpoint',
    labelNames: ['outcome'],
    registers,
  })
  // A counter that appears with its first event hides that event from rate().
  for (const outcome of Object.values(notificationOutcomes)) notifications.inc({ outcome }, 0)
  return {
    countNotification: (state: NotificationState) => notifications.inc({ outcome: notificationOutcomes[state] }),
    requests: new Histogram({
      name: 'sspay_request_seconds',
      help: 'Requests of shops and buyers until their answer',
      labelNames: ['route', 'status'] as const,
      buckets: seconds,
      registers,
    }),
    requestsInProgress: new Gauge({
      name: 'sspay_requests_in_progress',
      help: 'Requests that have no answer yet',
      labelNames: ['route'] as const,
      registers,
    }),
    results: new Counter({
      name: 'sspay_results_total',
      help: 'Answers to shops by their reason',
      labelNames: ['route', 'reason'] as const,
      registers,
    }),
    callsOut: new Histogram({
      name: 'sspay_call_out_seconds',
      help: 'Calls to card network, identity agency and shops, by what was asked and what came of it',
      labelNames: ['to', 'call', 'outcome'] as const,
      buckets: seconds,
      registers,
    }),
    circuitOpen: new Gauge({
      name: 'sspay_circuit_open',
      help: '1 while calls to this service are rejected, because it has not answered several in a row',
      labelNames: ['to'] as const,
      registers,
    }),
  }
}

function databaseMetrics(registry: Registry) {
  const registers = [registry]
  return {
    transactions: new Histogram({
      name: 'sspay_transaction_seconds',
      help: 'Database transactions until they are durable, waiting included',
      labelNames: ['result'] as const,
      buckets: seconds,
      registers,
    }),
    reads: new Histogram({
      name: 'sspay_read_seconds',
      help: 'Database reads outside transactions',
      labelNames: ['result'] as const,
      buckets: seconds,
      registers,
    }),
    commits: new Histogram({
      name: 'sspay_commit_seconds',
      help: 'Commits of SQLite with the flush to disk',
      buckets: seconds,
      registers,
    }),
    commitSizes: new Histogram({
      name: 'sspay_commit_transactions',
      help: 'Transactions that share one commit of SQLite, 256 at most',
      buckets: sizes,
      registers,
    }),
    errors: new Counter({
      name: 'sspay_database_errors_total',
      help: 'Database connections that broke',
      registers,
    }),
  }
}
