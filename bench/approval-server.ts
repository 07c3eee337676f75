import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CardNetwork } from '../packages/gateway/src/card-network/port.ts'
import { realRuntime } from '../packages/gateway/src/runtime.ts'
import { openPostgres } from '../packages/gateway/src/storage/postgres.ts'
import { approvedAnswer } from '../packages/merchant/test/samples.ts'
import { makeTickets } from '../test/durability/payments.ts'
import { createQuickGateway, type Ticket } from '../test/support/quick-payment.ts'
import { tellTrouble } from './command.ts'
import { countOwnCpu } from './usage.ts'

/** One server under load, in a process of its own, so that its CPU is its own. Asked by messages. */
export type Question =
  | { readonly ask: 'tickets'; readonly count: number }
  | { readonly ask: 'cpu' }
  | { readonly ask: 'end' }

export interface Cpu {
  readonly micros: number
  readonly residentBytes: number
}

interface Served {
  readonly url: string
  makeTickets(count: number): Promise<readonly Ticket[]>
  close(): Promise<void>
}

/** The network answers inside the process: what is measured is the gateway. */
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
    makeTickets: async (count) => Array.from({ length: count }, () => ticket),
    close: async () => void server.close(),
  }
}

async function serveGateway(parent: string, databaseUrl?: string): Promise<Served> {
  const folder = await mkdtemp(join(parent, 'sspay-bench-'))
  const options = { runtime: realRuntime, connections: 10, patienceMs: 5_000, onTrouble: tellTrouble }
  const gateway = await createQuickGateway({
    folder,
    cardNetwork: approving,
    ...(databaseUrl === undefined ? {} : { wrapStorage: () => openPostgres({ ...options, url: databaseUrl }) }),
  })
  return {
    url: gateway.url,
    makeTickets: (count) => makeTickets(gateway.context, count),
    async close() {
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const [kind = '', databaseUrl] = process.argv.slice(2)
const kinds: Readonly<Record<string, () => Promise<Served>>> = {
  echo: serveEcho,
  'in RAM': () => serveGateway('/dev/shm'),
  sqlite: () => serveGateway(tmpdir()),
  postgres: () => serveGateway(tmpdir(), databaseUrl),
}
const served = await kinds[kind]?.()
if (served === undefined) throw new Error(`there is no server ${kind}`)

const ownMicros = countOwnCpu()
process.on('message', async (question: Question) => {
  if (question.ask === 'tickets') process.send?.(await served.makeTickets(question.count))
  else if (question.ask === 'cpu')
    process.send?.({ micros: ownMicros(), residentBytes: process.memoryUsage.rss() } satisfies Cpu)
  else {
    await served.close()
    process.disconnect()
  }
})
process.send?.(served.url)
