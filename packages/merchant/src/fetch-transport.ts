import { jsonHeaders, type Transport } from './transport.ts'

/**
 * Requests through `fetch`, for places without `node:https`. `fetch` cannot time the connection apart from the answer, nor say whether a
 * request has left: one deadline of both times together holds, and every failure before it counts as `interrupted`.
 */
export function fetchTransport(fetch: typeof globalThis.fetch = globalThis.fetch): Transport {
  return async ({ url, body, connectTimeoutMs, readTimeoutMs, maxAnswerBytes }) => {
    const deadline = AbortSignal.timeout(connectTimeoutMs + readTimeoutMs)
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: jsonHeaders,
        body,
        redirect: 'manual',
        signal: deadline,
      })
      const read = await readAtMost(answer, maxAnswerBytes)
      return read === undefined ? { result: 'too_large' } : { result: 'answered', status: answer.status, body: read }
    } catch (error) {
      return { result: deadline.aborted ? 'timeout' : 'interrupted', error }
    }
  }
}

async function readAtMost(answer: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > maxBytes) return undefined
    parts.push(part)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
