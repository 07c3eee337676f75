import type { QuickGatewayOptions } from '../../support/quick-payment.ts'
import type { RecordedCall } from './call-checker.ts'

/** Stands between a gateway and its socket and keeps every call of a shop. */
export function createRecorder() {
  const calls: RecordedCall[] = []
  const wrapFetch: QuickGatewayOptions['wrapFetch'] = (fetch) => async (request, caller) => {
    const { method, url, headers } = request
    const body = new Uint8Array(await request.clone().arrayBuffer())
    const answered = await fetch(request, caller)
    calls.push({
      method,
      path: new URL(url).pathname,
      contentType: headers.get('content-type') ?? '',
      body,
      status: answered.status,
      answer: answered.status === 303 ? '' : await answered.clone().text(),
      answerHeaders: answered.headers,
    })
    return answered
  }
  return { calls, wrapFetch }
}
