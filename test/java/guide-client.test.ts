import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import {
  approve,
  chargeBillKey,
  defineMerchant,
  deleteMember,
  memoryJournal,
  nodeTransport,
  readAuthenticationFields,
  registerBillKey,
} from '@sspay/merchant'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { readCommand } from '../../packages/sandbox/src/command-line/read-command.ts'
import { payCommand } from '../../packages/sandbox/src/pay/command.ts'
import { payOptionsOf } from '../../packages/sandbox/src/pay/options.ts'
import { pay } from '../../packages/sandbox/src/pay/pay.ts'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/sandbox.ts'
import { testMerchant, testMerchantConfig } from '../../packages/sandbox/src/test-merchant.ts'
import { callApi, deletionBody } from './guide-client.ts'
import { runJavaClient, whyNoJava } from './run-java.ts'

/** The guide's client sends no encrypted order note. */
const orderSignature = 'off_and_orders_can_be_tampered_with' as const

interface Ticket {
  readonly Tid: string
  readonly TrAuthKey: string
}

interface GuideClient {
  approve(ticket: Ticket): Promise<string>
  deleteMember(customerId: string): Promise<string>
}

const { merchantId, easyPayMerchantId } = testMerchant
const merchantKey = testMerchant.merchantKey.expose()

let folder: string
let sandbox: Sandbox

const urlOf = (name: string): string => `${sandbox.urls.gatewayTls}/payment/approval/${name}`

const nodeTwin: GuideClient = {
  approve: async (ticket) => sendByNode('urlCallApproval.do', { ...ticket }),
  deleteMember: async (customerId) =>
    sendByNode('ssbMemberDel.do', deletionBody({ merchantId, easyPayMerchantId, customerId, merchantKey })),
}

async function sendByNode(name: string, body: Readonly<Record<string, string>>): Promise<string> {
  const certificateAuthority = readFileSync(sandbox.caFile, 'utf8')
  const { text, tlsVersion } = await callApi({ url: urlOf(name), body, certificateAuthority })
  assert.equal(tlsVersion, 'TLSv1.2')
  return text
}

const javaClient: GuideClient = {
  approve: ({ Tid, TrAuthKey }) =>
    runJavaClient(sandbox.caFile, urlOf('urlCallApproval.do'), 'approve', Tid, TrAuthKey),
  deleteMember: (customerId) =>
    runJavaClient(
      sandbox.caFile,
      urlOf('ssbMemberDel.do'),
      'delete',
      merchantId,
      easyPayMerchantId,
      customerId,
      merchantKey,
    ),
}

async function authenticate(customerId: string): Promise<Ticket> {
  const command = readCommand(payCommand, ['--until', 'authenticated', '--customer', customerId], {})
  assert.ok(command.kind === 'call')
  const options = payOptionsOf(command.values)
  const { gateway: gatewayUrl, console: consoleUrl } = sandbox.urls
  const result = await pay({ runtime: realRuntime, options, gatewayUrl, consoleUrl, report: () => {} })
  const { Tid, TrAuthKey } = result.wire ?? {}
  assert.ok(Tid !== undefined && TrAuthKey !== undefined, result.sentence.en)
  return { Tid, TrAuthKey }
}

async function authenticateAndApprove(customerId: string): Promise<void> {
  assert.equal(JSON.parse(await nodeTwin.approve(await authenticate(customerId))).ResultCode, '3001')
}

/** A key for the card with which a generated buyer has joined. */
async function issueBillKey(customer: string): Promise<string> {
  const buyer = newBuyer(realRuntime, { installmentMonths: 0 })
  const issued = await registerBillKey(defineMerchant(testMerchantConfig(sandbox.urls.gateway)), {
    orderId: customer,
    customerId: customer,
    cardNumber: buyer.cardNumber,
    cardExpiry: `${buyer.expiryYear.slice(2)}${buyer.expiryMonth}`,
    birthDateOrBusinessNumber: buyer.birthDate,
    cardPasswordPrefix: buyer.cardPassword,
  })
  assert.ok(issued.outcome === 'issued', JSON.stringify(issued))
  return issued.exposeBillKey()
}

const charge = ({
  customer,
  ...due
}: {
  readonly billKey: string
  readonly customer: string
  readonly orderId: string
}) =>
  chargeBillKey(
    defineMerchant(testMerchantConfig(sandbox.urls.gateway)),
    { ...due, customerId: customer, amount: 9_900, goodsName: '월간 구독', buyerName: '홍길동' },
    { journal: memoryJournal() },
  )

suite('clients written like the sample of the guide', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sspay-guide-client-'))
    const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
    sandbox = await startSandbox({ dataFolder: folder, host: '127.0.0.1', ports })
  })
  after(async () => {
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  })

  const clients: readonly (readonly [string, GuideClient, string | undefined])[] = [
    ['Node', nodeTwin, undefined],
    ['Java', javaClient, whyNoJava()],
  ]

  for (const [name, client, whySkipped] of clients) {
    const options = { skip: whySkipped ?? false }
    const customerId = `guide${name}1`

    test(`${name} approves over TLS 1.2, and the same again gets the same bytes`, options, async () => {
      const ticket = await authenticate(customerId)
      const first = await client.approve(ticket)
      const answer = JSON.parse(first)
      assert.equal(answer.ResultCode, '3001')
      assert.match(answer.ResultMsg, /성공/)
      assert.equal(answer.Tid, ticket.Tid)
      assert.equal(answer.Amt, '1004')
      assert.deepEqual(
        Object.values(answer).filter((value) => typeof value !== 'string'),
        [],
      )
      assert.equal(await client.approve(ticket), first)
    })

    test(`${name} sees the body of a rejection`, options, async () => {
      const ticket = await authenticate(`${customerId}b`)
      const answer = JSON.parse(await client.approve({ ...ticket, TrAuthKey: 'f'.repeat(64) }))
      assert.equal(answer.ResultCode, 'S101')
      assert.doesNotMatch(answer.ResultMsg, /성공/)
    })

    test(
      `${name} deletes a member each time they join, may ask again, and cannot delete a missing member`,
      options,
      async () => {
        const customer = `${customerId}c`
        for (const join of [authenticate, authenticate, authenticateAndApprove]) {
          await join(customer)
          const first = await client.deleteMember(customer)
          assert.equal(JSON.parse(first).ResultCode, 'PD00')
          assert.equal(await client.deleteMember(customer), first)
        }
        assert.equal(JSON.parse(await client.deleteMember(`${customer}x`)).ResultCode, 'S301')
      },
    )

    test(`${name} ends the bill keys of a member with the member`, options, async () => {
      const customer = `${customerId}d`
      await authenticateAndApprove(customer)
      const billKey = await issueBillKey(customer)
      assert.equal((await charge({ billKey, customer, orderId: `${customer}-1` })).outcome, 'approved')
      assert.equal(JSON.parse(await client.deleteMember(customer)).ResultCode, 'PD00')
      const next = await charge({ billKey, customer, orderId: `${customer}-2` })
      assert.equal(next.outcome, 'declined')
      assert.deepEqual([next.code, next.reason], ['S603', 'bill_key_ended'])
    })
  }

  test('the package for shops approves over the same TLS address', async () => {
    const ticket = await authenticate('guidePackage1')
    const certificateAuthority = readFileSync(sandbox.caFile, 'utf8')
    const settings = {
      merchantId,
      easyPayMerchantId,
      merchantKey,
      environment: { origin: sandbox.urls.gatewayTls },
      orderSignature,
    }
    const merchant = defineMerchant({ ...settings, transport: nodeTransport({ certificateAuthority }) })
    const otherMerchant = defineMerchant(settings)
    const read = readAuthenticationFields(merchant, { ...ticket })
    assert.ok(read.outcome === 'authenticated')

    const wrongOrder = { amount: 1004, orderId: 'another' }
    const untrusted = await approve(otherMerchant, read.approvalTicket, {
      expected: wrongOrder,
      journal: memoryJournal(),
    })
    assert.equal(untrusted.outcome === 'unknown' && untrusted.cause, 'unreachable')
    const outcome = await approve(merchant, read.approvalTicket, { expected: wrongOrder, journal: memoryJournal() })
    assert.equal(outcome.outcome, 'unknown')
    assert.equal(outcome.cause, 'order_mismatch')
    assert.equal(outcome.raw?.ResultCode, '3001')
    const expected = { amount: 1004, orderId: String(outcome.raw?.Moid) }
    assert.equal(
      (await approve(merchant, read.approvalTicket, { expected, journal: memoryJournal() })).outcome,
      'approved',
    )
  })

  test('the package for shops deletes a customer, and again after the customer has joined again', async () => {
    const settings = {
      merchantId,
      easyPayMerchantId,
      merchantKey,
      environment: { origin: sandbox.urls.gateway },
      orderSignature,
    }
    const merchant = defineMerchant(settings)
    for (let joined = 0; joined < 2; joined++) {
      await authenticate('guidePackage2')
      const outcome = await deleteMember(merchant, 'guidePackage2')
      assert.equal(outcome.outcome === 'deleted' && outcome.hadCard, true)
    }
    const outcome = await deleteMember(merchant, 'guidePackage2')
    assert.equal(outcome.outcome === 'rejected' && outcome.reason, 'member_unknown')
  })
})
