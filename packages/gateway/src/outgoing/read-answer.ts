import type { IncomingMessage } from 'node:http'
import type { OutgoingAnswer } from './model.ts'

/** How much of an answer is read. */
export interface AnswerLimit {
  readonly bytes: number
  /** What a longer answer does: `reject` with a `RangeError`, or `cut` it there. */
  readonly beyond: 'reject' | 'cut'
}

/** The whole answer, or its first part. Rejects when the connection ends within it. */
export function readAnswer(answer: IncomingMessage, { bytes, beyond }: AnswerLimit): Promise<OutgoingAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OutgoingAnswer>()
  const parts: Buffer[] = []
  let length = 0
  const finish = (): void => {
    const body = new Uint8Array(Buffer.concat(parts).subarray(0, bytes))
    resolve({ status: answer.statusCode ?? 0, body })
  }
  answer.on('data', (part: Buffer) => {
    parts.push(part)
    length += part.byteLength
    // Once enough is there, the rest may take for ever.
    if (beyond === 'cut' && length >= bytes) finish()
    if (length > bytes) answer.destroy(new RangeError(`the answer is larger than ${bytes} bytes`))
  })
  answer.on('end', finish)
  answer.on('error', reject)
  answer.on('close', () => reject(new Error('the connection ended within the answer')))
  return promise
}
