import { approvalRequest, describeProblem, readMessage } from '@sspay/protocol'
import { textOf } from '@sspay/protocol/internal'
import { jsonAnswer, rejection } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { noteExplanation } from '../request-log/notes.ts'
import { approve } from './approve.ts'
import { inquire } from './inquire.ts'
import type { ApprovalContext } from './record-outcome.ts'
import type { ApprovalTicket } from './ticket.ts'
import { writeRejection } from './write-answer.ts'

type AnswerTo = (gateway: ApprovalContext, ticket: ApprovalTicket) => Promise<string>
type Route = (request: Request) => Promise<Response>

/** urlCallApproval.do: guide, STEP 3. */
export const approvalRoute = (gateway: ApprovalContext): Route => ticketRoute(gateway, approve)

/** approvalInquiry.do: the stored answer of an approval. */
export const inquiryRoute = (gateway: ApprovalContext): Route => ticketRoute(gateway, inquire)

const ticketRoute =
  (gateway: ApprovalContext, answerTo: AnswerTo): Route =>
  async (request) => {
    const body = await readJsonOrForm(request, gateway.settings.bodyLimitBytes)
    if (!body.ok) {
      noteExplanation(request, body.explanation)
      return rejection(body.reason, body.explanation?.words.ko)
    }
    const read = readMessage(approvalRequest, body.fields)
    if (!read.ok) {
      const transactionId = textOf(approvalRequest, body.fields, 'transactionId')
      const detail = read.problems.map((problem) => describeProblem(problem).ko).join(' ')
      return jsonAnswer(writeRejection({ transactionId }, 'field_invalid', detail))
    }
    return jsonAnswer(await answerTo(gateway, read.value))
  }
