/** One JSON request to the service and how long it may take. */
export interface TransportRequest {
  readonly url: string
  readonly body: string
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  readonly maxAnswerBytes: number
}

/**
 * What came of it, as a value.
 *
 * `unreachable`: nothing was sent, so nothing was done. `interrupted`: the connection broke after the request may have left.
 * `timeout`: sent, but no whole answer in time. `too_large`: the answer passed `maxAnswerBytes`.
 */
export type TransportResult =
  | { readonly result: 'answered'; readonly status: number; readonly body: Uint8Array }
  | { readonly result: 'unreachable' | 'interrupted' | 'timeout' | 'too_large'; readonly error?: unknown }

/** POSTs JSON and never rejects. It follows no redirect and repeats nothing by itself: a request may be money. */
export type Transport = (request: TransportRequest) => Promise<TransportResult>

export const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json' } as const
