import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { NotificationState } from '../notifications/model.ts'
import { readVersion } from '../version.ts'
import { type GaugeSources, registerGauges } from './gauges.ts'

/** Prometheus metrics. Label values come from closed sets: never a merchant, a person or a key. */
export interface Metrics {
  readonly requests: Histogram<'route' | 'status'>
  readonly requestsInProgress: Gauge<'route'>
  readonly results: Counter<'route' | 'reason'>
  readonly callsOut: Histogram<'to' | 'call' | 'outcome'>
  /** 1 unless the circuit breaker of that service is closed. */
  readonly circuitOpen: Gauge<'to'>
  /** After each delivery attempt. */
  countNotification(state: NotificationState): void
  readonly transactions: Histogram<'result'>
  readonly reads: Histogram<'result'>
  readonly commits: Histogram
  readonly commitSizes: Histogram
  readonly errors: Counter
  /** The Prometheus text format. */
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

/** One registry per gateway. */
export function createMetrics(sources: GaugeSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: number[] = seconds,
  ): Histogram<Label> => new Histogram({ name, help, labelNames, buckets, registers })
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name, help, labelNames, registers })
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers })

  registerGauges(registry, sources)
  const notifications = counter(
    'sspay_notifications_total',
    'Delivery attempts of notifications: delivered, failed with a retry, or exhausted after the last attempt',
    ['outcome'],
  )
  // Start at 0: rate() misses the first event of a counter that appears with it.
  for (const outcome of Object.values(notificationOutcomes)) notifications.inc({ outcome }, 0)
  gauge('sspay_build_info', '1, with the versions of the gateway and of Node.js', ['version', 'node']).set(
    { ...readVersion() },
    1,
  )
  let isProcessMeasured = false
  return {
    requests: histogram('sspay_request_duration_seconds', 'Latency of requests of shops and buyers', [
      'route',
      'status',
    ]),
    requestsInProgress: gauge('sspay_requests_in_progress', 'Requests in flight', ['route']),
    results: counter('sspay_results_total', 'Answers to shops, by result', ['route', 'reason']),
    callsOut: histogram(
      'sspay_outgoing_request_duration_seconds',
      'Latency of calls to card network, identity agency and shops, by call and outcome',
      ['to', 'call', 'outcome'],
    ),
    circuitOpen: gauge('sspay_circuit_open', '1 while the circuit breaker of this service rejects calls', ['to']),
    countNotification: (state) => notifications.inc({ outcome: notificationOutcomes[state] }),
    transactions: histogram(
      'sspay_transaction_duration_seconds',
      'Database transactions until they are durable, waiting included',
      ['result'],
    ),
    reads: histogram('sspay_read_duration_seconds', 'Database reads outside transactions', ['result']),
    commits: histogram('sspay_commit_duration_seconds', 'SQLite commits, including fsync'),
    commitSizes: histogram('sspay_commit_transactions', 'Transactions per SQLite group commit, at most 256', [], sizes),
    errors: counter('sspay_database_errors_total', 'Broken database connections'),
    async text() {
      // Process-wide, so registered only by the gateway that is scraped.
      if (!isProcessMeasured) collectDefaultMetrics({ register: registry })
      isProcessMeasured = true
      return registry.metrics()
    },
  }
}
