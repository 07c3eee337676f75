import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CardNetwork } from '../packages/gateway/src/card-network/port.ts'
import { realRuntime } from '../packages/gateway/src/runtime.ts'
import { openPostgres } from '../packages/gateway/src/storage/postgres.ts'
import { approvedAnswer } from '../packages/merchant/test/samples.ts'
import { billKeyPolicy, chargesAt } from './approvals/calls.ts'
import { tellError } from './command.ts'
import { approvalOf, type Call } from './http-client.ts'
import { countOwnCpu } from './usage.ts'

/**
 * One server under load, in a process of its own. Its argument is a {@link ServerOptions} as JSON; it is asked by
 * messages.
 */
export type Question = { readonly ask: 'calls'; readonly count: number } | { readonly ask: 'cpu' }

export interface ServerOptions {
  readonly kind: string
  /** The database of the kinds on PostgreSQL. */
  readonly databaseUrl?: string | undefined
  /** Asked over HTTP. Without it the card network answers inside the process. */
  readonly cardNetworkUrl?: string | undefined
  /** The folder of another checkout, whose gateway is measured instead. */
  readonly checkout?: string | undefined
}

export interface Cpu {
  readonly micros: number
  readonly residentBytes: number
}

interface Served {
  readonly url: string
  makeCalls(count: number): Promise<readonly Call[]>
  close(): Promise<void>
}

const approving: CardNetwork = {
  authorize: async () => ({
    outcome: 'approved',
    approvalNumber: '30001234',
    approvedAt: new Date(),
    issuerCode: '01',
    acquirerCode: '01',
    cardKind: 'credit',
  }),
  inquire: async () => ({ outcome: 'silent' }),
  reverse: async () => ({ outcome: 'silent' }),
  cancel: async () => ({ outcome: 'silent' }),
  verifyCard: async () => ({ outcome: 'verified' }),
}

async function serveEcho(): Promise<Served> {
  const answer = approvedAnswer()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response
        .writeHead(Buffer.concat(parts).length > 0 ? 200 : 400, { 'content-type': 'application/json' })
        .end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const ticket = { transactionId: 'ssptest01m01012501020304104338', approvalTicket: '0123456789abcdef'.repeat(4) }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    makeCalls: async (count) => Array.from({ length: count }, () => approvalOf(ticket)),
    close: async () => void server.close(),
  }
}

type QuickPayment = typeof import('../test/support/quick-payment.ts')
type Payments = typeof import('../test/durability/payments.ts')

/** Tickets come from the same checkout as the gateway, whose tables may differ from these. */
async function importGateway(
  checkout: string | undefined,
): Promise<Pick<QuickPayment & Payments, 'createQuickGateway' | 'makeTickets'>> {
  const root = checkout === undefined ? new URL('..', import.meta.url) : pathToFileURL(`${checkout}/`)
  const quickPayment: QuickPayment = await import(new URL('test/support/quick-payment.ts', root).href)
  const payments: Payments = await import(new URL('test/durability/payments.ts', root).href)
  return { createQuickGateway: quickPayment.createQuickGateway, makeTickets: payments.makeTickets }
}

async function serveGateway(
  parent: string,
  { kind, databaseUrl, cardNetworkUrl, checkout }: ServerOptions,
): Promise<Served> {
  const { createQuickGateway, makeTickets } = await importGateway(checkout)
  const folder = await mkdtemp(join(parent, 'sspay-bench-'))
  const options = { runtime: realRuntime, connections: 10, retryBudgetMs: 5_000, onError: tellError }
  const gateway = await createQuickGateway({
    folder,
    ...(kind === 'charges' ? { merchant: { billKeys: billKeyPolicy } } : {}),
    ...(cardNetworkUrl === undefined ? { cardNetwork: approving } : { cardNetworkUrl }),
    ...(databaseUrl === undefined ? {} : { wrapStorage: () => openPostgres({ ...options, url: databaseUrl }) }),
  })
  return {
    url: gateway.url,
    makeCalls:
      kind === 'charges'
        ? chargesAt(gateway)
        : async (count) => (await makeTickets(gateway.context, count)).map(approvalOf),
    async close() {
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const options: ServerOptions = JSON.parse(process.argv[2] ?? '{}')
const placeOf: Readonly<Record<string, string>> = {
  'in RAM': '/dev/shm',
  sqlite: tmpdir(),
  postgres: tmpdir(),
  charges: tmpdir(),
}
const [engine = ''] = options.kind.split(' + ')
const place = placeOf[engine]
if (place === undefined && options.kind !== 'echo') throw new Error(`there is no server ${options.kind}`)
const served = await (place === undefined ? serveEcho() : serveGateway(place, options))

const ownMicros = countOwnCpu()
process.on('message', async (question: Question) => {
  if (question.ask === 'calls') process.send?.(await served.makeCalls(question.count))
  else process.send?.({ micros: ownMicros(), residentBytes: process.memoryUsage.rss() } satisfies Cpu)
})
process.once('disconnect', () => void served.close())
process.send?.(served.url)
