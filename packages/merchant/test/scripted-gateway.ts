import { createDecipheriv } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import { answering, bodyOf, httpAnswer } from './loopback.ts'
import { approvedAnswer, merchantKey, transactionId } from './samples.ts'

/** What the service says to one request: a body, nothing before it hangs up, or nothing ever. */
export type Reply = string | 'hang_up' | 'silence'

export interface Script {
  readonly approval?: (call: number) => Reply
  readonly inquiry?: (call: number) => Reply
  /** Gets the opened request. */
  readonly cancel?: (request: WireText, call: number) => Reply
}

export interface ScriptedGateway {
  readonly origin: string
  /** Names of the calls in their order: approval, inquiry, cancel. */
  readonly calls: readonly string[]
  readonly cancellations: readonly WireText[]
}

/** A service on loopback that follows a script; what the script leaves out gets no answer. */
export async function startScriptedGateway(t: TestContext, script: Script): Promise<ScriptedGateway> {
  const calls: string[] = []
  const cancellations: WireText[] = []
  const callsOf = (name: string): number => calls.filter((call) => call === name).length
  const origin = await answering(t, (socket, request) => {
    const name = nameOf(request)
    calls.push(name)
    const reply = replyOf(name, request)
    if (reply === 'hang_up') socket.destroy()
    else if (reply !== 'silence') socket.end(httpAnswer({ body: reply }))
  })

  function replyOf(name: string, request: string): Reply {
    if (name === 'approval') return script.approval?.(callsOf(name)) ?? 'hang_up'
    if (name === 'inquiry') return script.inquiry?.(callsOf(name)) ?? 'hang_up'
    const cancellation = openEnvelope(request)
    cancellations.push(cancellation)
    return script.cancel?.(cancellation, callsOf(name)) ?? 'hang_up'
  }
  return { origin, calls, cancellations }
}

function nameOf(request: string): string {
  if (request.includes('/urlCallApproval.do ')) return 'approval'
  return request.includes('/approvalInquiry.do ') ? 'inquiry' : 'cancel'
}

/** As the service opens it, written here once more. */
function openEnvelope(request: string): WireText {
  const { EncData } = JSON.parse(bodyOf(request))
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(merchantKey.slice(0, 32)), Buffer.alloc(16))
  return JSON.parse(Buffer.concat([decipher.update(EncData, 'base64'), decipher.final()]).toString('utf8'))
}

export const saying = (reason: ResultReason, added: WireText = {}): string => {
  const { code, ko } = resultCodes[reason]
  return JSON.stringify({
    ResultCode: code,
    ResultMsg: ko,
    Tid: transactionId,
    SignValue: signResult({ transactionId, resultCode: code }, merchantKey),
    ...added,
  })
}

export const approved = (): string => approvedAnswer()

export const cancelled = (request: WireText): string =>
  saying('cancelled', { CancelAmt: request.CancelAmt, CancelDate: '20250102', CancelTime: '030405', CancelNum: '1' })
