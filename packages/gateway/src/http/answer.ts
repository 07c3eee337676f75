import { approvalResult, type ResultReason, resultCodes, writeMessage } from '@sspay/protocol'

/**
 * A JSON answer of the API paths. Always HTTP 200, refusals too: the guide's Java client loses the body of any other status (Q24).
 */
export const jsonAnswer = (body: string): Response =>
  new Response(body, {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  })

/** The body that names one reason and nothing else. `detail` is for the reader, at most 100 characters, without values. */
export function refusalBody(reason: ResultReason, detail: string = resultCodes[reason].ko): string {
  const resultMessage = [...detail].slice(0, 100).join('')
  return JSON.stringify(writeMessage(approvalResult, { resultCode: resultCodes[reason].code, resultMessage }))
}

export const refusal = (reason: ResultReason, detail?: string): Response => jsonAnswer(refusalBody(reason, detail))
