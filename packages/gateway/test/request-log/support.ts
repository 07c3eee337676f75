import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { approvalRequest, memberDeletionRequest, sealedEnvelope, writeMessage } from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { closeThis } from '../../../../test/support/closing.ts'
import { until } from '../../../../test/support/until.ts'
import { createHttpCardNetwork } from '../../src/card-network/http-client.ts'
import type { Context, Settings } from '../../src/context.ts'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { createHttpIdentityVerifier } from '../../src/identity/port.ts'
import type { Merchant } from '../../src/merchants/model.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { saveNotificationTarget } from '../../src/notifications/store.ts'
import type { RecordedCall } from '../../src/request-log/model.ts'
import { cardNetworkCalls, identityCalls, recordCallsOut } from '../../src/request-log/record-calls-out.ts'
import { createRequestLog, type RequestLog } from '../../src/request-log/request-log.ts'
import { listCalls } from '../../src/request-log/store.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { approved, generousMs, startNetwork, type TestNetwork } from '../approval/support.ts'
import { Buyer, returnedFields, rightCode } from '../payment-window/buyer.ts'
import { merchantKey, testMerchant } from '../payment-window/request-form.ts'
import { createTestContext, type TestContext } from '../support.ts'

export interface LoggedGateway extends Omit<TestContext, 'context'> {
  readonly context: Context
  readonly gateway: Gateway
  readonly requestLog: RequestLog
  readonly network: TestNetwork
  readonly shop: Shop
  /** One request to the public half, as a shop's server sends it. */
  ask(path: string, body: string, type?: string): Promise<Response>
  read(path: string): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }>
  newBuyer(): Buyer
  /** Everything that is recorded, in the order in which it ended. */
  calls(): Promise<readonly RecordedCall[]>
  /** Resolves once that many calls of the kind are recorded. */
  waitFor(kind: RecordedCall['kind'], count: number): Promise<void>
}

export interface Shop extends AsyncDisposable {
  readonly url: string
  /** Sets the shop's answer to notifications. */
  says(status: number, text: string): void
  close(): Promise<void>
}

const weekMs = 7 * 24 * 60 * 60_000

export interface LoggedGatewayOptions {
  readonly settings?: Partial<Settings>
  readonly merchant?: Partial<Merchant>
  readonly folder?: string
  readonly wrapStorage?: (storage: Storage) => Storage
}

/** A gateway with a request log, between a card network, an identity agency and a shop on loopback. */
export async function openLoggedGateway(options: LoggedGatewayOptions = {}): Promise<LoggedGateway> {
  const { wrapStorage = (storage: Storage) => storage } = options
  let nowMs = new Date('2025-01-02T03:04:05+09:00').getTime()
  const test = await createTestContext({
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    settings: { requestLog: { keepMs: weekMs, mostRows: 10_000 }, ...options.settings },
    runtime: { now: () => new Date(nowMs++) },
  })
  const context: Context = { ...test.context, storage: wrapStorage(test.context.storage) }
  const { runtime, log } = context
  const [network, agency, shop] = await Promise.all([startNetwork(), startAgency(), startShop()])
  network.answerWith((verb, { cancelSequence, cancelAmount }) =>
    verb === 'cancel'
      ? { outcome: 'cancelled', cancelSequence, cancelAmount, cancelledAt: '2025-01-02T03:05:00+09:00' }
      : approved,
  )
  await saveMerchant(test.context, { ...testMerchant, ...options.merchant })
  const { merchantId } = testMerchant
  const rules = { charset: 'utf-8', intervalMinutes: 1, maxAttempts: 3, webhookKeys: [] } as const
  await saveNotificationTarget(test.context, { merchantId, url: `${shop.url}/notify?order=1`, ...rules })

  const requestLog = createRequestLog(context)
  const toCardNetwork = { log, runtime: recordCallsOut(requestLog, runtime, cardNetworkCalls) }
  const toAgency = recordCallsOut(requestLog, runtime, identityCalls)
  const gateway = createGateway({
    context,
    requestLog,
    cardNetwork: createHttpCardNetwork(
      toCardNetwork,
      network.url,
      options.settings?.cardNetworkTimeoutMs ?? generousMs,
    ),
    identityVerifier: createHttpIdentityVerifier({ log, runtime: toAgency }, agency.url, generousMs),
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
  })
  const send = (path: string, init?: RequestInit) => gateway.fetch(new Request(new URL(path, 'http://localhost'), init))
  const calls = async () => {
    await requestLog.flush()
    return (await listCalls(test.context, { filter: {}, limit: 10_000 })).toReversed()
  }
  return {
    ...test,
    clock: {
      set: (now) => {
        nowMs = now.getTime()
      },
      advance: (durationMs) => {
        nowMs += durationMs
      },
    },
    context,
    gateway,
    requestLog,
    network,
    shop,
    calls,
    ask: (path, body, type = 'application/json') =>
      send(path, { method: 'POST', body, headers: { 'content-type': type } }),
    async read(path) {
      const answer = await gateway.console(new Request(`http://localhost${path}`))
      return { status: answer.status, text: await answer.text(), headers: answer.headers }
    },
    newBuyer: () => new Buyer({ app: { request: send } as unknown as Buyer['app'], context: test.context }),
    async waitFor(kind, count) {
      const recorded = async () => (await calls()).filter((call) => call.kind === kind)
      await until(async () => (await recorded()).length >= count, { what: `${count} calls of ${kind}` })
    },
    async close() {
      await gateway.close()
      await Promise.all([network.close(), agency.close(), shop.close()])
      await test.close()
    },
  }
}

export interface Ticket {
  readonly transactionId: string
  readonly approvalTicket: string
}

/** A new customer from the form to the ticket. */
export async function authenticate(logged: LoggedGateway, form?: Readonly<Record<string, string>>): Promise<Ticket> {
  const buyer = logged.newBuyer()
  await buyer.open(form)
  await buyer.join()
  const { text } = await buyer.submit('confirm')
  const [transactionId = '', approvalTicket = ''] = Object.values(returnedFields(text))
  return { transactionId, approvalTicket }
}

/** What a shop encrypts to delete a member. */
export function deletionBody(customerId: string): string {
  const { merchantId, easyPayMerchantId } = testMerchant
  const request = { merchantId, easyPayMerchantId, customerId, serviceType: 'MD' } as const
  const checksum = deletionChecksum(request)
  const body = writeMessage(memberDeletionRequest, { ...request, deletionChecksum: checksum })
  const encrypted = { merchantId, sealedBody: encryptBody(body, merchantKey) }
  return JSON.stringify(writeMessage(sealedEnvelope, encrypted))
}

export const ticketBody = (ticket: Ticket): string => JSON.stringify(writeMessage(approvalRequest, ticket))

/** A call in one line: kind, step or way, result and code. */
export const named = ({ kind, detail, result, code }: RecordedCall): string =>
  [kind, detail, result, code].filter((part) => part !== undefined).join(' ')

export const approvalPath = '/payment/approval/urlCallApproval.do'
export const inquiryPath = '/payment/approval/approvalInquiry.do'
export const cancelPath = '/payment/approval/cancel.do'
export const deletionPath = '/payment/approval/ssbMemberDel.do'

type Answer = (incoming: IncomingMessage, body: string, outgoing: ServerResponse) => void

async function listen(answer: Answer): Promise<Omit<Shop, 'says'>> {
  const server: Server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    answer(incoming, Buffer.concat(chunks).toString('utf8'), outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

const startAgency = () =>
  listen((incoming, body, outgoing) => {
    const { code } = JSON.parse(body)
    const answer = incoming.url === '/codes' ? { verificationId: 'verification-7f3a' } : resultOf(code)
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })

const verifiedPerson = {
  name: '홍길동',
  birthDate: '19910203',
  gender: 'male',
  phone: '01099991111',
  ci: 'connecting-information-7f3a',
}

const resultOf = (code: string) =>
  code === rightCode ? { result: 'verified', ...verifiedPerson } : { result: 'wrong' }

async function startShop(): Promise<Shop> {
  let said = { status: 200, text: '<html>OK</html>' }
  const server = await listen((_incoming, _body, outgoing) => {
    outgoing.writeHead(said.status).end(said.text)
  })
  return {
    ...server,
    says(status, text) {
      said = { status, text }
    },
  }
}
