import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PaymentRequest } from '@sspay/protocol'
import { closeThis } from '../../../../test/support/closing.ts'
import type { Authentication } from '../../src/approval/model.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import { recordAuthentication } from '../../src/approval/ticket.ts'
import { createHttpCardNetwork } from '../../src/card-network/http-client.ts'
import type { Merchant } from '../../src/merchants/model.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { randomHex } from '../../src/runtime.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import {
  createTestContext,
  type TestContext,
  type TestContextOptions,
  testMerchant as vectorMerchant,
} from '../support.ts'

type Answer = Readonly<Record<string, unknown>>

export interface TestNetwork extends AsyncDisposable {
  readonly url: string
  /** Every call so far: its verb and what was sent. */
  readonly calls: readonly { readonly verb: string; readonly request: Answer }[]
  /** What the network says from now on; `undefined` hangs up without an answer. */
  answerWith(answers: (verb: string, request: Answer) => Answer | undefined | Promise<Answer | undefined>): void
  close(): Promise<void>
}

export const approved = {
  outcome: 'approved',
  approvalNumber: '30001234',
  approvedAt: '2025-01-02T03:04:06+09:00',
  issuerCode: '04',
  acquirerCode: '04',
  cardKind: 'credit',
}

/** For calls on loopback: silence is a connection that ends, and waits for no time-out. */
export const generousMs = 60_000

/** A card network on loopback. */
export async function startNetwork(): Promise<TestNetwork> {
  const calls: { verb: string; request: Answer }[] = []
  let answers: Parameters<TestNetwork['answerWith']>[0] = () => approved
  const server = createServer(async (incoming, outgoing) => {
    const verb = (incoming.url ?? '/').slice(1)
    const request = JSON.parse(await textOf(incoming)) as Answer
    calls.push({ verb, request })
    // Every card is its owner's: what is tried here comes after that.
    const answer = verb === 'verify-card' ? { outcome: 'verified' } : await answers(verb, request)
    if (answer === undefined) {
      incoming.socket.destroy()
      return
    }
    const { transactionId, amount, verificationId } = request
    const about = verificationId === undefined ? { transactionId, amount } : { verificationId }
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ ...about, ...answer }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answerWith(next) {
      answers = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** The result code of an answer. */
export const codeOf = (answer: string): string => (JSON.parse(answer) as { readonly ResultCode: string }).ResultCode

export const testMerchant: Merchant = { ...vectorMerchant, acquirerMerchantNumber: '00951234567' }

export const testRequest: PaymentRequest = {
  paymentMethod: 'CARD',
  merchantId: 'ssptest01m',
  amount: 1004,
  orderId: 'ORD0001',
  customerId: 'user0001',
  goodsName: '커피 & 케이크',
  goodsCount: 1,
  merchantNote: '7ZWc6riAIOyYiOu5hA==',
  buyerName: '홍길동카나리아',
  buyerPhone: '010-9876-1234',
  buyerEmail: 'canary@buyer.example',
  returnUrl: 'https://shop.example/return',
  abortUrl: 'https://shop.example/stop',
  requestedAt: new Date('2025-01-02T03:04:05+09:00'),
  signature: 'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc=',
  easyPayMerchantId: 'SSPTEST00p',
  asksPopCard: false,
}

export interface ApprovalTest extends TestContext {
  readonly gateway: ApprovalContext
  readonly network: TestNetwork
}

export async function createApprovalTest(
  options: TestContextOptions & { readonly merchant?: Partial<Merchant> } = {},
): Promise<ApprovalTest> {
  const test = await createTestContext(options)
  const network = await startNetwork()
  const { context } = test
  await saveMerchant(context, { ...testMerchant, ...options.merchant })
  const cardNetwork = createHttpCardNetwork(context, network.url, generousMs)
  return {
    ...test,
    gateway: { ...context, cardNetwork },
    network,
    async close() {
      await network.close()
      await test.close()
    },
  }
}

/** A member with a card, as the window would have made them; the member's row itself is the members' business. */
async function addCard({ storage, ...context }: ApprovalContext, memberId: string): Promise<string> {
  await storage.transact((transaction) =>
    transaction.write(
      `insert into members (member_id, easy_pay_merchant_id, customer_id, identity_encrypted, joined_at)
       values (?1, 'SSPTEST00p', ?1, '', 0) on conflict do nothing`,
      [memberId],
    ),
  )
  const added = await registerCard(
    { storage, ...context },
    { memberId, cardNumber: '4111111111111111', expiryMonth: 12, expiryYear: 2030 },
  )
  if (!added.ok) throw new Error(added.reason)
  return added.card.cardId
}

/** A payment whose buyer has authenticated. */
export async function authenticatedPayment(
  gateway: ApprovalContext,
  request: Partial<PaymentRequest> = {},
  chosen: Partial<Authentication> = {},
): Promise<{ readonly transactionId: string; readonly approvalTicket: string }> {
  const memberId = `member-${randomHex(gateway.runtime, 8)}`
  const cardId = await addCard(gateway, memberId)
  const payment = await requestPayment(gateway, { request: { ...testRequest, ...request }, merchant: testMerchant })
  const authentication = { memberId, cardId, installmentMonths: 0, isInterestFree: false, ...chosen }
  const recorded = await recordAuthentication(gateway, payment.transactionId, authentication)
  if (!recorded.ok) throw new Error(recorded.state)
  return { transactionId: payment.transactionId, approvalTicket: recorded.approvalTicket }
}
