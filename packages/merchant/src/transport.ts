/** One JSON request to the payment service, with its limits. */
export interface TransportRequest {
  readonly url: string
  readonly body: string
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  readonly maxAnswerBytes: number
}

/**
 * Result of a request.
 *
 * `unreachable`: nothing was sent. `interrupted`: the connection broke after the request may have been sent. `timeout`:
 * sent, but no complete answer in time. `too_large`: the answer exceeded `maxAnswerBytes`.
 */
export type TransportResult =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: Uint8Array }
  | { readonly outcome: 'unreachable' | 'interrupted' | 'timeout' | 'too_large'; readonly error?: unknown }

/** POSTs JSON. Must never reject, follow redirects or retry: a request may move money. */
export type Transport = (request: TransportRequest) => Promise<TransportResult>

export const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json' } as const

/**
 * Sends requests by `fetch`, for runtimes without `node:https`.
 *
 * `fetch` cannot limit connecting and answering separately, nor say whether a request was sent: one deadline covers
 * both, and every earlier failure counts as `interrupted`.
 *
 * @param fetch - Default: the global `fetch`.
 * @returns The `transport` for `defineMerchant`.
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
      const read = await readAtMost(answer.body, maxAnswerBytes)
      return read === undefined ? { outcome: 'too_large' } : { outcome: 'answered', status: answer.status, body: read }
    } catch (error) {
      return { outcome: deadline.aborted ? 'timeout' : 'interrupted', error }
    }
  }
}

/** Undefined if the body has more bytes. */
export async function readAtMost(body: Request['body'], maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.length
    if (length > maxBytes) return undefined
    parts.push(part)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
