import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Issuers that say yes after a while and cost next to nothing: what is measured is the gateway. */
export interface SlowCardNetwork {
  readonly url: string
  /** How often each transaction was charged, by its id. */
  readonly charges: ReadonlyMap<string, number>
  close(): void
}

interface Asked {
  readonly transactionId: string
  readonly amount: number
}

export async function startSlowCardNetwork(latencyMs: number): Promise<SlowCardNetwork> {
  const charges = new Map<string, number>()
  const answerTo = (verb: string, { transactionId, amount }: Asked): string => {
    const about = { transactionId, amount }
    if (verb !== 'authorize') return JSON.stringify({ ...about, outcome: 'silent' })
    charges.set(transactionId, (charges.get(transactionId) ?? 0) + 1)
    const approval = { approvalNumber: '30001234', issuerCode: '01', acquirerCode: '01', cardKind: 'credit' }
    return JSON.stringify({ ...about, outcome: 'approved', approvedAt: new Date().toISOString(), ...approval })
  }
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const answer = answerTo((request.url ?? '').slice(1), JSON.parse(Buffer.concat(parts).toString()))
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }
      setTimeout(() => response.writeHead(200, headers).end(answer), latencyMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    charges,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
