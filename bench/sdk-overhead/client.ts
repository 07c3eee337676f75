import { createRequire } from 'node:module'
import { approve, memoryJournal, readAuthenticationFields } from '../../packages/merchant/src/index.ts'
import {
  approvalTicket,
  approvedAnswer,
  expected,
  merchantAt,
  transactionId,
} from '../../packages/merchant/test/samples.ts'
import { load } from '../stats.ts'

/** One SDK that takes payments from the stub, one after another; sends what a call cost this process. */
const [name = '', origin = '', calls = '0'] = process.argv.slice(2)

const warmUpCalls = 8_000
const requirePeer = createRequire(import.meta.url)
const approvalUrl = `${origin}/payment/approval/urlCallApproval.do`
const ticketBody = JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket })
const amount = expected.amount

interface StripeClient {
  readonly paymentIntents: { capture(id: string): Promise<{ readonly amount: number }> }
}

interface PortOneClient {
  readonly payment: { confirmPayment(options: object): Promise<{ readonly payment: { readonly pgTxId: string } }> }
}

function requireThat(isSo: boolean): void {
  if (!isSo) throw new Error(`${name} took the answer for something else`)
}

function approveAgain(): () => Promise<void> {
  const merchant = merchantAt(origin, { connectTimeoutMs: 1_000, readTimeoutMs: 10_000 })
  return async () => {
    const read = readAuthenticationFields(merchant, { Tid: transactionId, TrAuthKey: approvalTicket })
    if (read.outcome === 'rejected') throw new Error('the sample is wrong')
    // Every call is a payment of its own: what a journal knows would be inquired first.
    const outcome = await approve(merchant, read.approvalTicket, { expected, journal: memoryJournal() })
    requireThat(outcome.outcome === 'approved' && outcome.payment.amount === amount)
  }
}

const bareFetch = () => async (): Promise<void> => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await fetch(approvalUrl, { method: 'POST', headers, body: ticketBody })
  requireThat((await answer.text()).length === approvedAnswer().length)
}

function stripe(): () => Promise<void> {
  const { hostname: host, port } = new URL(origin)
  const Stripe: new (key: string, options: object) => StripeClient = requirePeer('stripe')
  const client = new Stripe('sk_test_example', { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  return async () => requireThat((await client.paymentIntents.capture('pi_1')).amount === amount)
}

function portOne(): () => Promise<void> {
  const { PortOneClient }: { PortOneClient(options: object): PortOneClient } = requirePeer('@portone/server-sdk')
  const { payment } = PortOneClient({ secret: 'example', baseUrl: origin })
  const request = { paymentId: 'ORD0001', paymentToken: approvalTicket, totalAmount: amount, currency: 'KRW' }
  return async () => requireThat((await payment.confirmPayment(request)).payment.pgTxId === 'pg-1')
}

const clients: Readonly<Record<string, () => () => Promise<void>>> = {
  fetch: bareFetch,
  'sspay approve()': approveAgain,
  stripe,
  '@portone/server-sdk': portOne,
}

const call = clients[name]?.()
if (call === undefined) throw new Error(`there is no client ${name}`)
// Node takes seconds to compile what it runs often.
await load(warmUpCalls, 1, call)
process.send?.(await load(Number(calls), 1, call))
