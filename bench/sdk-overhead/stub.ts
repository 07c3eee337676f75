import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { approvedAnswer } from '../../packages/merchant/test/samples.ts'

/**
 * A payment intent with every field of its documented shape, most of them empty as in a plain payment by card: the
 * answer of the peer's confirmation call.
 */
const emptyFields = [
  'application',
  'application_fee_amount',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',

  'customer',
  'description',
  'last_payment_error',
  'next_action',
  'on_behalf_of',
  'payment_method_configuration_details',
  'processing',
  'receipt_email',
  'review',
  'setup_future_usage',
  'shipping',
  'source',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
  'transfer_group',
]
const capturedIntent = JSON.stringify({
  ...Object.fromEntries(emptyFields.map((name) => [name, null])),
  id: 'pi_1',
  object: 'payment_intent',
  amount: 1004,
  amount_capturable: 0,
  amount_details: { tip: {} },

  amount_received: 1004,
  capture_method: 'manual',
  client_secret: 'pi_1_secret_example',
  confirmation_method: 'automatic',

  created: 1735783506,
  currency: 'krw',
  latest_charge: 'ch_1',
  livemode: false,
  metadata: {},
  payment_method: 'pm_1',
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  status: 'succeeded',
})

/**
 * Answers every SDK at once with bytes that it takes for a payment that went through, and nothing else. It runs in a
 * process of its own, so that a client's CPU is the client's.
 */
const answers: readonly (readonly [RegExp, string])[] = [
  [/urlCallApproval\.do$/, approvedAnswer()],
  [/approvalInquiry\.do$/, approvedAnswer({ ResultCode: 'S202' })],
  [/\/capture$/, capturedIntent],
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
