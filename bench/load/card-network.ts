import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A card network in a process of its own that approves everything after the milliseconds of its argument. Sends its
 * address, and answers each message with the charges of every transaction.
 */
const latencyMs = Number(process.argv[2])
const charges = new Map<string, number>()

interface Asked {
  readonly transactionId: string
  readonly amount: number
}

function answerTo(verb: string, { transactionId, amount }: Asked): string {
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

process.on('message', () => process.send?.(charges))
process.once('disconnect', () => process.exit())
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
