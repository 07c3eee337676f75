import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { Hono } from 'hono'
import type { Runtime } from '../../src/runtime.ts'
import { measureCallsOut } from '../../src/telemetry/measure-calls-out.ts'
import { measureRequests } from '../../src/telemetry/measure-requests.ts'
import { measureStorage } from '../../src/telemetry/measure-storage.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { idleSources } from './idle-sources.ts'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const metrics = createMetrics(idleSources)

before(() => provider.register())
after(() => provider.shutdown())
beforeEach(() => exporter.reset())

const unwatched = { onTransactionBegin() {}, onTransactionEnd() {}, onCorruption() {} }

const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a request goes on with its caller’s trace, down to the database and out to the card network, not to a shop', async () => {
  const sent: (Readonly<Record<string, string>> | undefined)[] = []
  const fetch = (async (_url: string, request: { headers?: Record<string, string> }) => {
    sent.push(request.headers)
    return { status: 200, body: new Uint8Array() }
  }) as unknown as Runtime['fetch']
  const toService = (kind: string) =>
    measureCallsOut(metrics, { fetch } as Runtime, { kind, nameAnswer: () => 'approved' })
  const storage = measureStorage(metrics, { transact: async () => 1 } as never, unwatched)
  const app = new Hono()
  app.use(measureRequests(metrics))
  app.post('/payment/approval/urlCallApproval.do', async ({ text }) => {
    await storage.transact(async () => {})
    for (const kind of ['card-network', 'notification'])
      await toService(kind).fetch('http://127.0.0.1/secret', { method: 'POST', headers: {}, timeoutMs: 1 } as never)
    return text('done')
  })
  await app.request('/payment/approval/urlCallApproval.do?card=9406000000000001', {
    method: 'POST',
    headers: { traceparent: caller, baggage: 'customer=TOPSECRET' },
    body: 'TOPSECRET',
  })

  const spans = exporter.getFinishedSpans()
  assert.deepEqual(
    spans.map(({ name }) => name),
    ['transaction', 'call card-network', 'call notification', 'POST approval'],
  )
  for (const span of spans) assert.equal(span.spanContext().traceId, caller.split('-')[1])
  const [, toNetwork, , request] = spans
  assert.equal(toNetwork?.parentSpanContext?.spanId, request?.spanContext().spanId)
  assert.match(sent[0]?.traceparent ?? '', RegExp(`^00-${caller.split('-')[1]}-${toNetwork?.spanContext().spanId}`))
  assert.deepEqual(Object.keys(sent[0] ?? {}), ['traceparent'])
  assert.deepEqual(sent[1], {})
  assert.equal(request?.attributes['http.response.status_code'], 200)
  assert.doesNotMatch(JSON.stringify(spans.map(({ name, attributes }) => [name, attributes])), /9406|SECRET|secret/)
})

test('what fails is a span with an error, without its text', async () => {
  const fails = { transact: () => Promise.reject(new RangeError('9406000000000001')) } as never
  await assert.rejects(measureStorage(metrics, fails, unwatched).transact(async () => {}))
  const [span] = exporter.getFinishedSpans()
  assert.deepEqual([span?.status.code, span?.status.message], [2, 'RangeError'])
})
