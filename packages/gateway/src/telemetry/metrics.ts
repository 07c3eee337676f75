import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the operator's Prometheus reads. Labels are words of the program: never a merchant, a person or a key. */
export interface Metrics {
  readonly requests: Histogram<'route' | 'status'>
  readonly results: Counter<'route' | 'reason'>
  readonly callsOut: Histogram<'to' | 'outcome'>
  readonly transactions: Histogram<'result'>
  readonly reads: Histogram<'result'>
  readonly troubles: Counter
  /** In the text format of Prometheus. */
  text(): Promise<string>
}

/** What waits for somebody: counted when it is asked for. */
export interface Backlog {
  readonly undecidedPayments: number
  readonly waitingNotices: number
  readonly oldestNoticeMs: number
}

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** `countBacklog` runs once for each reading; while the database is away its gauges are NaN, and everything else is there. */
export function createMetrics(countBacklog: () => Promise<Backlog>): Metrics {
  const registers = [new Registry()]
  const [registry = new Registry()] = registers
  let isProcessWatched = false
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers })
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers })
  const undecided = gauge('sspay_undecided_payments', 'Payments of which nobody knows yet whether they are charged')
  const waiting = gauge('sspay_waiting_notices', 'Notices that shops have not confirmed yet; 10000 stands for more')
  const oldest = gauge('sspay_oldest_notice_seconds', 'Age of the oldest notice that waits')
  return {
    requests: histogram('sspay_request_seconds', 'Requests of shops and buyers until their answer', [
      'route',
      'status',
    ]),
    results: new Counter({
      name: 'sspay_results_total',
      help: 'Answers to shops by their reason',
      labelNames: ['route', 'reason'],
      registers,
    }),
    callsOut: histogram('sspay_call_out_seconds', 'Calls to card network, identity agency and shops', [
      'to',
      'outcome',
    ]),
    transactions: histogram('sspay_transaction_seconds', 'Database transactions until they are durable', ['result']),
    reads: histogram('sspay_read_seconds', 'Database reads outside transactions', ['result']),
    troubles: new Counter({
      name: 'sspay_database_troubles_total',
      help: 'Database connections that broke',
      registers,
    }),
    async text() {
      // It watches the whole process, so only where somebody reads.
      if (!isProcessWatched) collectDefaultMetrics({ register: registry })
      isProcessWatched = true
      const backlog = await countBacklog().catch(() => undefined)
      undecided.set(backlog?.undecidedPayments ?? Number.NaN)
      waiting.set(backlog?.waitingNotices ?? Number.NaN)
      oldest.set((backlog?.oldestNoticeMs ?? Number.NaN) / 1_000)
      return registry.metrics()
    },
  }
}
