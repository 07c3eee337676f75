import { approvalResult, type ResultReason, resultCodes, writeMessage } from '@sspay/protocol'

/** Headers of answers that are not pages: a browser that opens one shows it sandboxed, and never in a frame. */
export const noPageHeaders = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const

const uncached = { ...noPageHeaders, 'cache-control': 'no-store' } as const

export const jsonHeaders = { ...uncached, 'content-type': 'application/json; charset=utf-8' } as const

export const plainTextHeaders = { ...uncached, 'content-type': 'text/plain; charset=utf-8' } as const

const bodies = new WeakMap<Response, string>()

/** The body of a {@link jsonAnswer}, without consuming the response. */
export const bodyOfJsonAnswer = (answer: Response): string | undefined => bodies.get(answer)

/**
 * A JSON answer of the API. Always HTTP 200, rejections too: the guide's Java client drops the body otherwise (Q24).
 */
export function jsonAnswer(body: string): Response {
  const answer = new Response(body, { status: 200, headers: jsonHeaders })
  bodies.set(answer, body)
  return answer
}

/** `detail` is for a human reader, in place of the code's own sentence: cut to what the message may have, no values. */
export const codeAndMessage = (
  reason: ResultReason,
  detail: string = resultCodes[reason].ko,
  mostCharacters = 100,
) => ({
  resultCode: resultCodes[reason].code,
  resultMessage: cutAtWord(detail, mostCharacters),
})

/** Ends with `…` behind the last whole word that fits. */
function cutAtWord(text: string, mostCharacters: number): string {
  const characters = [...text]
  if (characters.length <= mostCharacters) return text
  const kept = characters.slice(0, mostCharacters - 1)
  const lastBlank = characters[kept.length] === ' ' ? kept.length : kept.lastIndexOf(' ')
  return `${kept.slice(0, lastBlank > 0 ? lastBlank : undefined).join('')}…`
}

/** Result code and message only. */
export const rejectionFields = (reason: ResultReason, detail?: string) =>
  writeMessage(approvalResult, codeAndMessage(reason, detail))

/** {@link rejectionFields} as JSON. */
export const rejectionBody = (reason: ResultReason, detail?: string): string =>
  JSON.stringify(rejectionFields(reason, detail))

export const rejection = (reason: ResultReason, detail?: string): Response => jsonAnswer(rejectionBody(reason, detail))
