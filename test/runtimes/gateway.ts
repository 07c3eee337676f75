import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { resultCodes } from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import { approvedAnswer } from '../../packages/merchant/test/samples.ts'
import { saying } from '../../packages/merchant/test/scripted-gateway.ts'
import { merchantKey } from './shop.ts'

/** A payment service that approves every transaction, and counts how often it did. */
export interface ApprovingGateway {
  readonly origin: string
  timesApproved(transactionId: string): number
  /** The answer to the approval of this transaction bears another's signature. */
  forge(transactionId: string): void
  close(): Promise<void>
}

export const transactionOf = (orderNumber: number): string =>
  `ssptest01m0101250102030410${String(orderNumber).padStart(4, '0')}`

const orderOf = (transactionId: string): string => `ORDER${Number(transactionId.slice(-4))}`

const notApprovedYet = resultCodes.not_approved_yet.code

const sign = (transactionId: string, resultCode: string): string =>
  signResult({ transactionId, resultCode }, merchantKey)

/** Long enough for returns that were sent together to meet. */
const approvalMs = 30

export async function openApprovingGateway(): Promise<ApprovingGateway> {
  const approvals = new Map<string, number>()
  const forged = new Set<string>()
  const timesApproved = (transactionId: string): number => approvals.get(transactionId) ?? 0

  const answerTo = async (path: string, transactionId: string): Promise<string> => {
    if (path.endsWith('/urlCallApproval.do')) {
      approvals.set(transactionId, timesApproved(transactionId) + 1)
      await wait(approvalMs)
    } else if (timesApproved(transactionId) === 0)
      return saying('not_approved_yet', { Tid: transactionId, SignValue: sign(transactionId, notApprovedYet) })
    const signed = forged.has(transactionId) ? transactionOf(9999) : transactionId
    return approvedAnswer({
      Tid: transactionId,
      Moid: orderOf(transactionId),
      SignValue: sign(signed, '3001'),
    })
  }

  const server = createServer(async (incoming, outgoing) => {
    const [transactionId = ''] = /ssptest01m\d{20}/.exec(await text(incoming)) ?? []
    const body = await answerTo(incoming.url ?? '', transactionId)
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timesApproved,
    forge: (transactionId) => void forged.add(transactionId),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
