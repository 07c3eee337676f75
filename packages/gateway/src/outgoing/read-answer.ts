import type { IncomingMessage } from 'node:http'
import type { OutgoingAnswer } from './model.ts'

/** The answer, or its first `bytes` bytes. Rejects when the connection ends before. */
export function readAnswer(answer: IncomingMessage, bytes: number): Promise<OutgoingAnswer> {
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
    if (length >= bytes) finish()
  })
  answer.on('end', finish)
  answer.on('error', reject)
  answer.on('close', () => reject(new Error('the connection ended within the answer')))
  return promise
}
