import { SpanKind } from '@opentelemetry/api'
import { approvalResult, findResultReason } from '@sspay/protocol'
import type { MiddlewareHandler } from 'hono'
import { bodyOfJsonAnswer } from '../http/answer.ts'
import { routeOf } from '../http/route-name.ts'
import type { Metrics } from './metrics.ts'
import { asPartOf, inSpan } from './spans.ts'

const codeName = Object.entries(approvalResult).find(([, { name }]) => name === 'resultCode')?.[0] ?? ''
const codeIn = new RegExp(`"${codeName}":"(\\w{1,10})"`)

/** Middleware: metrics and a span for each request of the public listener. */
export function measureRequests({ requests, requestsInProgress, results }: Metrics): MiddlewareHandler {
  return async (call, next) => {
    const { method, path } = call.req
    const route = routeOf(method, path)
    if (route === 'probe') return next()
    const stop = requests.startTimer({ route })
    const attributes = { 'http.request.method': method, 'http.route': route }
    requestsInProgress.inc({ route })
    await asPartOf(call.req.raw.headers, () =>
      inSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, async (span) => {
        await next()
        span.setAttribute('http.response.status_code', call.res.status)
      }),
    )
    requestsInProgress.dec({ route })
    stop({ status: call.res.status })
    const body = bodyOfJsonAnswer(call.res)
    if (body === undefined) return
    const code = codeIn.exec(body)?.[1] ?? ''
    results.inc({ route, reason: findResultReason(code) ?? 'other' })
  }
}
