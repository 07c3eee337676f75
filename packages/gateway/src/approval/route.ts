import { approvalRequest, describeProblem, readMessage } from '@sspay/protocol'
import { jsonAnswer, refusal } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { createCallLimit } from '../http/work-limit.ts'
import { type ApprovalTicket, approve } from './approve.ts'
import { inquire } from './inquire.ts'
import type { ApprovalContext } from './record-outcome.ts'
import { merchantPartOf } from './transaction-id.ts'

type Route = (request: Request) => Promise<Response>

interface TicketCall {
  readonly answerTo: (gateway: ApprovalContext, ticket: ApprovalTicket) => Promise<string>
  readonly refusedAs: string
  readonly kind: 'approval' | 'inquiry'
}

/** urlCallApproval.do: guide, STEP 3. Refused as overloaded, an approval has not begun and its ticket is as good as before. */
export const approvalRoute = (gateway: ApprovalContext): Route =>
  ticketRoute(gateway, { answerTo: approve, refusedAs: 'approval_refused', kind: 'approval' })

/** approvalInquiry.do: the stored answer of an approval. It waits for no card network, and who has lost an answer needs it most. */
export const inquiryRoute = (gateway: ApprovalContext): Route =>
  ticketRoute(gateway, { answerTo: inquire, refusedAs: 'inquiry_refused', kind: 'inquiry' })

function ticketRoute(gateway: ApprovalContext, { answerTo, refusedAs, kind }: TicketCall): Route {
  const limit = createCallLimit(gateway.settings.limits, kind)
  return async (request) => {
    const body = await readJsonOrForm(request, gateway.settings.bodyLimitBytes)
    if (!body.ok) return refusal(body.reason)
    const read = readMessage(approvalRequest, body.fields)
    if (!read.ok) return refusal('field_invalid', read.problems.map((problem) => describeProblem(problem).ko).join(' '))
    const { transactionId } = read.value
    const answer = await limit.run(merchantPartOf(transactionId), () => answerTo(gateway, read.value))
    if (answer !== undefined) return jsonAnswer(answer)
    gateway.log.warn(refusedAs, { reason: 'overloaded', transactionId })
    return refusal('overloaded')
  }
}
