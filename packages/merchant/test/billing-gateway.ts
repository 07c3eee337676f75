import { billKeySuccesses, type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { openBody } from '@sspay/protocol/sealed-body'
import { signResult } from '@sspay/protocol/signature'
import type { Transport, TransportResult } from '../src/index.ts'
import { approvedAnswer, merchantKey } from './samples.ts'

/** What happens to one request. `answer_lost`: it has its effect, and the shop does not learn it. */
export type Fault = 'none' | 'request_lost' | 'answer_lost'

/** A payment service that charges bill keys: one payment per key and order number, its first answer repeated. */
export interface BillingGateway {
  readonly transport: Transport
  /** Opened requests, refunds too. */
  readonly requests: WireText[]
  /** Won on the card, by order number. */
  readonly charged: Map<string, number>
  /** Of the next requests; afterwards none. */
  readonly faults: Fault[]
  /** Declines the next new charges. */
  declines?: ResultReason | undefined
  transactionIdOf(orderId: string): string
  /** In full, by another system of the shop. */
  refund(orderId: string): void
}

export function createBillingGateway(): BillingGateway {
  const answers = new Map<string, string>()
  const transactions = new Map<string, string>()
  const gateway: BillingGateway = {
    requests: [],
    charged: new Map(),
    faults: [],
    transactionIdOf: (orderId) => transactions.get(orderId) ?? '',
    refund: (orderId) =>
      void refund({ Tid: transactions.get(orderId), CancelAmt: String(gateway.charged.get(orderId)) }),
    async transport({ url, body }): Promise<TransportResult> {
      const fault = gateway.faults.shift() ?? 'none'
      if (fault === 'request_lost') return { outcome: 'unreachable' }
      const request = openBody(JSON.parse(body).EncData, merchantKey) ?? {}
      gateway.requests.push(request)
      const answer = answerTo(new URL(url).pathname.split('/').at(-1) ?? '', request)
      return fault === 'answer_lost'
        ? { outcome: 'timeout' }
        : { outcome: 'answered', status: 200, body: new TextEncoder().encode(answer) }
    },
  }

  function answerTo(path: string, request: WireText): string {
    if (path === 'cancel.do') return refund(request)
    const { code, ko } = billKeySuccesses.deleted
    return path === 'ssbdel.do' ? JSON.stringify({ ResultCode: code, ResultMsg: ko }) : charge(request)
  }

  function charge({ BillTokenKey, Moid = '', Amt = '' }: WireText): string {
    const id = `${BillTokenKey} ${Moid}`
    const known = answers.get(id)
    if (known !== undefined) return known
    const tid = `ssptest01m0101250102030405${String(1000 + answers.size)}`
    transactions.set(Moid, tid)
    const reason = gateway.declines ?? 'approved'
    const { code, ko } = resultCodes[reason]
    const answer = approvedAnswer({
      ...{ Moid, Amt, Tid: tid, ResultCode: code, ResultMsg: ko, MallReserved: undefined },
      SignValue: signResult({ transactionId: tid, resultCode: code }, merchantKey),
    })
    answers.set(id, answer)
    if (reason === 'approved') gateway.charged.set(Moid, (gateway.charged.get(Moid) ?? 0) + Number(Amt))
    return answer
  }

  function refund({ Tid, CancelAmt }: WireText): string {
    const [orderId = ''] = [...transactions].find(([, one]) => one === Tid) ?? []
    gateway.charged.set(orderId, (gateway.charged.get(orderId) ?? 0) - Number(CancelAmt))
    for (const [id, answer] of answers) if (id.endsWith(` ${orderId}`)) answers.set(id, cancelled(answer))
    const { code, ko } = resultCodes.cancelled
    return JSON.stringify({ ResultCode: code, ResultMsg: ko, Tid, CancelAmt })
  }

  function cancelled(answer: string): string {
    const { code, ko } = resultCodes.already_cancelled
    const known = JSON.parse(answer) as WireText
    const signature = signResult({ transactionId: known.Tid ?? '', resultCode: code }, merchantKey)
    const refunded = { ResultCode: code, ResultMsg: ko, SignValue: signature, StateCd: '1', CancelAmt: known.Amt }
    return JSON.stringify({ ...known, ...refunded })
  }
  return gateway
}
