import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { authenticatedPayment, quickRootKey } from '../../../../test/support/quick-payment.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { scrub } from '../../src/logging/scrub.ts'
import { type OpenedGateway, openGateway } from '../../src/open-gateway.ts'
import { Secret } from '../../src/secret.ts'
import { defaultSettings } from '../../src/settings.ts'
import { testPlace } from '../test-storage.ts'

interface Line {
  readonly event: string
  readonly trace_id?: string
  readonly span_id?: string
  readonly requestId?: string
}

const traceId = '0af7651916cd43dd8448eb211c80319c'

const cardNetworkToken = 'canary-token-of-the-card-network'
const identityToken = 'canary-token-of-the-agency'

describe('lines of the log', () => {
  let folder: string
  let gateway: OpenedGateway
  let lines: Line[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sspay-lines-'))
    gateway = await openGateway({
      place: await testPlace(folder),
      rootKey: quickRootKey,
      settings: { ...defaultSettings, isSandbox: true },
      // Nobody listens: each approval logs that the card network is silent.
      cardNetworkUrl: 'http://127.0.0.1:1',
      identityUrl: 'http://127.0.0.1:1',
      cardNetworkCredentials: { token: new Secret(cardNetworkToken) },
      identityCredentials: { token: new Secret(identityToken) },
      logDestination: { write: (line) => lines.push(JSON.parse(line)) },
      hasWorkers: false,
    })
    await gateway.saveMerchant(testMerchant)
  })
  beforeEach(() => {
    lines = []
  })
  after(async () => {
    await gateway.close()
    await rm(folder, { recursive: true, force: true })
  })

  const approve = async (orderId: string): Promise<readonly Line[]> => {
    const ticket = await authenticatedPayment(gateway.context, testMerchant, { amount: 1004, orderId })
    lines = []
    await gateway.fetch(
      new Request('http://127.0.0.1/payment/approval/urlCallApproval.do', {
        method: 'POST',
        headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
        body: JSON.stringify({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket }),
      }),
    )
    assert.ok(lines.length >= 2, 'the silent network and the request')
    return lines
  }

  test('the tokens of the called services are not shown, even by a mistake', async () => {
    const { log } = gateway.context
    log.error('mistake', { cause: new Error(`Bearer ${cardNetworkToken} and ${identityToken}`) })
    const written = JSON.stringify([...lines, ...(await approve('TOKEN1'))])
    assert.match(written, /Bearer \*\*\* and \*\*\*/)
    assert.doesNotMatch(written, /canary/)
  })

  test('without an SDK all lines of a request have its id, and another request has another', async () => {
    const [first, second] = [await approve('LINE1'), await approve('LINE2')]
    const ids = [first, second].map((of) => new Set(of.map(({ requestId }) => requestId)))
    for (const id of ids) assert.equal(id.size, 1)
    const [one, other] = ids.flatMap((id) => [...id])
    assert.match(one ?? '', /^[0-9a-z]+-[0-9a-z]+$/)
    assert.notEqual(one, other)
    gateway.context.log.info('on_its_own')
    assert.equal(lines.at(-1)?.requestId, undefined)
  })

  test('with an SDK they have the trace of the caller and the span in which they were written', async () => {
    const exporter = new InMemorySpanExporter()
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    provider.register()
    try {
      const written = await approve('LINE3')
      const spans = new Set(exporter.getFinishedSpans().map((span) => span.spanContext().spanId))
      for (const line of written) {
        assert.equal(line.trace_id, traceId)
        assert.ok(spans.has(line.span_id ?? ''), JSON.stringify(line))
        assert.equal(line.requestId, undefined)
      }
      const server = exporter.getFinishedSpans().find(({ name }) => name === 'POST approval')
      assert.equal(written.find(({ event }) => event === 'request')?.span_id, server?.spanContext().spanId)
    } finally {
      await provider.shutdown()
    }
  })

  test('a span of digits stays whole, and a card number beside it does not', () => {
    const line =
      '{"span_id":"4111111111111111","path":"/4111111111111111","note":"\\"span_id\\":\\"4111111111111111\\""}'
    assert.equal(scrub(line, []), '{"span_id":"4111111111111111","path":"/***","note":"\\"span_id\\":\\"***\\""}')
  })
})
