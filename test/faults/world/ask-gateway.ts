import { unlockCancelling } from '@sspay/gateway/internal'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { signCancelRequest } from '@sspay/protocol/signature'
import type { Ticket } from '../../support/quick-payment.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

type Answer = Readonly<Record<string, string>>

/** One request without the SDK and without faults on its way; undefined when the gateway dies or is down. */
async function ask({ gateway }: World, path: string, body: unknown): Promise<Answer | undefined> {
  const crossing = await gateway.deliver(`/payment/approval/${path}`, JSON.stringify(body), 'application/json')
  if (crossing.result !== 'answered') return undefined
  return JSON.parse(Buffer.from(crossing.answer.body).toString('utf8'))
}

const guessed = new WeakMap<World, Set<string>>()

/** Somebody with the shop's key, but without its cancel password, asks for the money; one at a time, so that five in a row never lock it. */
export async function guessCancelPassword(world: World, plan: Plan, transactionId: string): Promise<void> {
  const guessing = guessed.get(world) ?? new Set()
  guessed.set(world, guessing)
  if (guessing.has(plan.shop)) return
  guessing.add(plan.shop)
  await guess(world, plan, transactionId)
  guessing.delete(plan.shop)
}

async function guess(world: World, plan: Plan, transactionId: string): Promise<void> {
  const { clock, gateway, merchants, bug, tally } = world
  const { merchantId, merchantKey, cancelPassword } = merchants[plan.shop]
  const key = merchantKey.expose()
  const cancelAmount = String(plan.amount)
  const body = {
    SERVICE_MODE: 'CL1',
    Tid: transactionId,
    Mid: merchantId,
    CancelAmt: cancelAmount,
    CancelMsg: 'guess',
    CancelPwd: bug.guessCancelPassword(cancelPassword.expose()),
    CancelSeq: '99',
    PartialCancelCode: '0',
    HashData: signCancelRequest({ transactionId, cancelAmount, scope: '0' }, key),
  }
  const answer = await ask(world, 'cancel.do', { EncData: encryptBody(body, key), Mid: merchantId })
  if (answer === undefined) return
  tally.add('wrong cancel password')
  const isRejected = ['S501', 'S502', 'S901', 'S999'].includes(answer.ResultCode ?? '')
  if (!isRejected) world.report(transactionId, `a guessed cancel password was answered with ${answer.ResultCode}`)
  // The operator, whom the shop has called, so that the shop itself can cancel.
  await Promise.race([unlockCancelling(gateway.context, merchantId), clock.sleep(5_000)])
}

/** The ticket of a payment once more after its refunds: approval and inquiry must say what became of it. */
export async function lookAgain(world: World, plan: Plan, ticket: Ticket): Promise<void> {
  const { clock, shops, tally } = world
  const { books } = shops[plan.shop]
  const { transactionId, approvalTicket } = ticket
  const isAsking = (): boolean =>
    books.refunds().some((refund) => refund.transactionId === transactionId && refund.state === 'asking')
  for (let look = 0; look < 20 && isAsking(); look++) await clock.sleep(10_000)
  const { refunded, amount } = books.find(transactionId)
  if (isAsking() || refunded === 0) return

  const body = { Tid: transactionId, TrAuthKey: approvalTicket }
  for (const path of ['urlCallApproval.do', 'approvalInquiry.do']) {
    const answer = await ask(world, path, body)
    if (answer === undefined || ['S104', 'S901', 'S999'].includes(answer.ResultCode ?? '')) continue
    tally.add('looked again after a refund')
    const expected = `${refunded < amount ? '3001' : '2013'} ${refunded}`
    const told = `${answer.ResultCode} ${answer.CancelAmt}`
    if (told !== expected) world.report(transactionId, `${path} says ${told} after its refunds, not ${expected}`)
  }
}
