import { approvalRequest, describeProblem, readMessage } from '@sspay/protocol'
import { jsonAnswer, refusal, refusalBody } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { createWorkLimit, type WorkLimit } from '../http/work-limit.ts'
import { type ApprovalTicket, approve } from './approve.ts'
import { inquire } from './inquire.ts'
import type { ApprovalContext } from './record-outcome.ts'
import { merchantPartOf } from './transaction-id.ts'

type Route = (request: Request) => Promise<Response>

/** urlCallApproval.do: guide, STEP 3. Refused as overloaded, an approval has not begun and its ticket is as good as before. */
export function approvalRoute(gateway: ApprovalContext): Route {
  const { approvalsAtOnce, approvalsPerMerchantAtOnce } = gateway.settings.limits
  const limit = createWorkLimit({ inAll: approvalsAtOnce, perKey: approvalsPerMerchantAtOnce })
  return ticketRoute(gateway, (_gateway, ticket) => approveWithin(gateway, limit, ticket))
}

async function approveWithin(gateway: ApprovalContext, limit: WorkLimit, ticket: ApprovalTicket): Promise<string> {
  const answer = await limit.run(merchantPartOf(ticket.transactionId), () => approve(gateway, ticket))
  if (answer !== undefined) return answer
  gateway.log.warn('approval_refused', { reason: 'overloaded', transactionId: ticket.transactionId })
  return refusalBody('overloaded')
}

/** approvalInquiry.do: the stored answer of an approval. */
export const inquiryRoute = (gateway: ApprovalContext): Route => ticketRoute(gateway, inquire)

const ticketRoute =
  (gateway: ApprovalContext, answerTo: (gateway: ApprovalContext, ticket: ApprovalTicket) => Promise<string>): Route =>
  async (request) => {
    const body = await readJsonOrForm(request, gateway.settings.bodyLimitBytes)
    if (!body.ok) return refusal(body.reason)
    const read = readMessage(approvalRequest, body.fields)
    if (!read.ok) return refusal('field_invalid', read.problems.map((problem) => describeProblem(problem).ko).join(' '))
    return jsonAnswer(await answerTo(gateway, read.value))
  }
