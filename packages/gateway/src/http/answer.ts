import { approvalResult, type ResultReason, resultCodes, writeMessage } from '@sspay/protocol'
import { noPageHeaders } from './no-page.ts'

const bodies = new WeakMap<Response, string>()

/** The body of an answer that {@link jsonAnswer} made, without reading it away from whoever gets it. */
export const bodyOfJsonAnswer = (answer: Response): string | undefined => bodies.get(answer)

/** Of every JSON answer. */
export const jsonHeaders = {
  ...noPageHeaders,
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
} as const

/**
 * A JSON answer of the API paths. Always HTTP 200, refusals too: the guide's Java client loses the body of any other status (Q24).
 */
export function jsonAnswer(body: string): Response {
  const answer = new Response(body, { status: 200, headers: jsonHeaders })
  bodies.set(answer, body)
  return answer
}

/** The body that names one reason and nothing else. `detail` is for the reader, at most 100 characters, without values. */
export function rejectionBody(reason: ResultReason, detail: string = resultCodes[reason].ko): string {
  const resultMessage = [...detail].slice(0, 100).join('')
  return JSON.stringify(writeMessage(approvalResult, { resultCode: resultCodes[reason].code, resultMessage }))
}

export const rejection = (reason: ResultReason, detail?: string): Response => jsonAnswer(rejectionBody(reason, detail))
