import type { WireText } from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { signCancelRequest } from '@sspay/protocol/signature'
import { approve } from '../../src/approval/approve.ts'
import { cancelRoute } from '../../src/cancellation/route.ts'
import type { Merchant } from '../../src/merchants/model.ts'
import {
  type ApprovalTest,
  approved,
  authenticatedPayment,
  createApprovalTest,
  testMerchant,
} from '../approval/support.ts'

export type Answer = Readonly<Record<string, string>>

type Asked = Readonly<Record<string, unknown>>

/** What the network does with a cancellation that it was asked for. */
export type NetworkWord = 'cancels' | 'silent' | 'rejects_part' | 'cancels_and_is_silent'

export interface CancelTest extends ApprovalTest {
  /** The amounts that the network took back, by transaction id and sequence: once each, as an issuer's ledger. */
  readonly takenBack: Map<string, number>
  networkSays(word: NetworkWord): void
  /** What the network answers to authorizations from now on. */
  approvesWith(answer: typeof approved): void
  /** The next call waits until the returned function is called. */
  holdNetwork(): () => void
  approvedPayment(amount?: number): Promise<string>
  cancel(changes: Asked & { readonly Tid: string }, options?: EncryptOptions): Promise<Answer>
  /** The same, as the bytes of the answer. */
  cancelText(changes: Asked & { readonly Tid: string }, options?: EncryptOptions): Promise<string>
  post(body: string): Promise<string>
}

export interface EncryptOptions {
  readonly merchant?: Merchant
  /** Signs what is sent; another text is sent as it is. */
  readonly hashData?: string
  readonly clearMerchantId?: string
}

const stillOpen = new Set<ApprovalTest>()

export async function createCancelTest(
  options: Parameters<typeof createApprovalTest>[0] = {},
  takenBack = new Map<string, number>(),
): Promise<CancelTest> {
  const test = await createApprovalTest(options)
  stillOpen.add(test)
  const { gateway, network } = test
  const issuers = playIssuers(test, takenBack)
  const route = cancelRoute(gateway)
  const post = async (body: string): Promise<string> => {
    const answered = await route(
      new Request('https://gateway.test/payment/approval/cancel.do', { method: 'POST', body }),
    )
    if (answered.status !== 200) throw new Error(`HTTP ${answered.status}`)
    return answered.text()
  }
  const cancelText: CancelTest['cancelText'] = (changes, encryption) => post(encryptedRequest(changes, encryption))
  return {
    ...test,
    network,
    takenBack,
    ...issuers,
    async approvedPayment(amount = 10_000) {
      const ticket = await authenticatedPayment(gateway, { amount })
      await approve(gateway, ticket)
      return ticket.transactionId
    },
    post,
    cancelText,
    cancel: async (changes, encryption) => JSON.parse(await cancelText(changes, encryption)) as Answer,
  }
}

function playIssuers({ network, gateway }: ApprovalTest, takenBack: Map<string, number>) {
  let word: NetworkWord = 'cancels'
  let authorization = approved
  let held: Promise<void> | undefined
  network.answerWith(async (verb, asked) => {
    if (verb !== 'cancel') return authorization
    await held
    const { transactionId, cancelSequence, cancelAmount } = asked as Readonly<Record<string, string | number>>
    const about = { cancelSequence, cancelAmount }
    if (word === 'silent') return undefined
    if (word === 'rejects_part') return { ...about, outcome: 'declined', reason: 'partial_cancel_impossible' }
    takenBack.set(`${transactionId} ${cancelSequence}`, Number(cancelAmount))
    if (word === 'cancels_and_is_silent') return undefined
    return { ...about, outcome: 'cancelled', cancelledAt: gateway.runtime.now().toISOString() }
  })
  return {
    networkSays(next: NetworkWord) {
      word = next
    },
    approvesWith(answer: typeof approved) {
      authorization = answer
    },
    holdNetwork() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
}

/** The envelope as a shop encrypts it; a full cancellation of 10,000 won unless `changes` say otherwise. */
export function encryptedRequest(changes: Asked, { merchant = testMerchant, ...options }: EncryptOptions = {}): string {
  const merchantKey = merchant.merchantKey.expose()
  const request: Record<string, unknown> = {
    SERVICE_MODE: 'CL1',
    Mid: merchant.merchantId,
    CancelPwd: '123456',
    CancelAmt: '10000',
    CancelMsg: '고객 요청',
    CancelSeq: '1',
    PartialCancelCode: '0',
    ...changes,
  }
  const signed = {
    transactionId: String(request.Tid),
    cancelAmount: String(request.CancelAmt),
    scope: (request.PartialCancelCode || '0') as '0' | '1',
  }
  const body = { ...request, HashData: options.hashData ?? signCancelRequest(signed, merchantKey) } as WireText
  return JSON.stringify({
    EncData: encryptBody(body, merchantKey),
    Mid: options.clearMerchantId ?? merchant.merchantId,
  })
}

export const part = (Tid: string, amount: number, sequence: number) => ({
  Tid,
  CancelAmt: String(amount),
  CancelSeq: String(sequence),
  PartialCancelCode: '1',
})

export const sum = (amounts: Iterable<number>): number => [...amounts].reduce((total, amount) => total + amount, 0)

export const withCancelTest =
  (work: (test: CancelTest) => Promise<void>, options: Parameters<typeof createApprovalTest>[0] = {}) =>
  async () => {
    const opened = await createCancelTest(options)
    try {
      await work(opened)
    } finally {
      // A test that fails leaves its other gateways open, and the process would wait for them.
      await Promise.all([...stillOpen].reverse().map((test) => test.close()))
      stillOpen.clear()
    }
  }
