import type { Transport } from '@sspay/merchant'
import {
  type ApprovalName,
  approvalAnswers,
  type InquiryName,
  inquiryAnswers,
  type RefundName,
  refundAnswers,
  type ScriptedAnswer,
} from './answers.ts'
import type { Call } from './model.ts'

export interface Script {
  readonly inquiry: InquiryName
  readonly approval: ApprovalName
  readonly refund?: RefundName
}

/** A service that follows a script, without a socket, and the calls it got. */
export function createScriptedTransport({ inquiry, approval, refund = 'silence' }: Script): {
  readonly transport: Transport
  readonly calls: readonly Call[]
} {
  const calls: Call[] = []
  const answerTo = (call: Call): ScriptedAnswer => {
    if (call === 'refund') return refundAnswers[refund]
    if (call === 'approval') return approvalAnswers[approval]
    const isAfterSpent = calls.includes('approval') && approval.startsWith('spent:')
    return inquiryAnswers[isAfterSpent ? (approval.slice('spent:'.length) as InquiryName) : inquiry]
  }
  return {
    calls,
    async transport({ url }) {
      const call = callOf(url)
      const { body } = answerTo(call)
      calls.push(call)
      return body === undefined
        ? { outcome: 'interrupted' }
        : { outcome: 'answered', status: 200, body: new TextEncoder().encode(body) }
    },
  }
}

function callOf(url: string): Call {
  if (url.endsWith('/urlCallApproval.do')) return 'approval'
  return url.endsWith('/approvalInquiry.do') ? 'inquiry' : 'refund'
}
