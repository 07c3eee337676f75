import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { approvedAnswer } from '../../packages/merchant/test/samples.ts'

/**
 * Answers every SDK at once with bytes that it takes for a payment that went through, and nothing else. It runs in a process of its own, so
 * that a client's CPU is the client's.
 */
const answers: readonly (readonly [RegExp, string])[] = [
  [/urlCallApproval\.do$/, approvedAnswer()],
  [/approvalInquiry\.do$/, approvedAnswer({ ResultCode: 'S203' })],
  [
    /\/capture$/,
    JSON.stringify({ id: 'pi_1', object: 'payment_intent', amount: 1004, currency: 'krw', status: 'succeeded' }),
  ],
  [/\/confirm$/, JSON.stringify({ payment: { pgTxId: 'pg-1', paidAt: '2025-01-02T03:05:06Z' } })],
]

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const answer = answers.find(([pattern]) => pattern.test(path))?.[1]
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())
