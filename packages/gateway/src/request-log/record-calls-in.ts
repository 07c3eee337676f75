import { textValues } from '@sspay/protocol/sealed-body'
import type { MiddlewareHandler } from 'hono'
import { bodyOfJsonAnswer } from '../http/answer.ts'
import { fieldsReadFrom } from '../http/read-body.ts'
import { isNotOffered, isServerPath, routeOf } from '../http/route-name.ts'
import type { Runtime } from '../runtime.ts'
import type { CallKind, CapturedCall, HandOver } from './model.ts'
import { currentCall, openNotes } from './notes.ts'
import type { RequestLog } from './request-log.ts'

const windowPage = /^\/ssp\/window\/[^/]+$/

/** Undefined for calls that are not recorded: assets, probes and views of pages. */
function kindOf(method: string, path: string): CallKind | undefined {
  const route = routeOf(method, path)
  if (isNotOffered(route)) return 'not-offered'
  switch (route) {
    case 'step':
      return windowPage.test(path) ? route : undefined
    case 'other':
      return isServerPath(path) ? 'unknown' : undefined
    case 'page':
    case 'asset':
    case 'probe':
      return undefined
    default:
      return route
  }
}

/**
 * Middleware that records every call to the public listener, once its answer is ready. The host is kept only when it is
 * trusted: the `Host` header is the client's, and the operator may send the call again with the curl command.
 */
export function recordCallsIn(
  requestLog: RequestLog,
  runtime: Pick<Runtime, 'now'>,
  isTrusted: (hostname: string) => boolean,
): MiddlewareHandler {
  return async (call, next) => {
    const { method, path } = call.req
    const kind = kindOf(method, path)
    if (!requestLog.isOn || (kind === undefined && !windowPage.test(path))) return next()
    const request = call.req.raw
    const notes = openNotes(request)
    const startedAt = runtime.now()
    await currentCall.run(notes, next)
    const durationMs = runtime.now().getTime() - startedAt.getTime()
    const seen = { startedAt, durationMs, notes }
    if (kind !== undefined) requestLog.record(captureCall(request, call.res, { ...seen, kind, path, isTrusted }))
    if (notes.handOver !== undefined) requestLog.record(captureHandOver(notes.handOver, seen))
  }
}

type Seen = Pick<CapturedCall, 'startedAt' | 'durationMs' | 'notes'>

interface Captured extends Seen {
  readonly kind: CallKind
  readonly path: string
  readonly isTrusted: (hostname: string) => boolean
}

function captureCall(request: Request, answer: Response, { kind, path, isTrusted, ...seen }: Captured): CapturedCall {
  const read = fieldsReadFrom(request)
  const body = bodyOfJsonAnswer(answer)
  const { origin, hostname } = new URL(request.url)
  return {
    ...seen,
    kind,
    method: request.method,
    address: kind === 'step' ? '/ssp/window/*' : path,
    origin: isTrusted(hostname) ? origin : undefined,
    contentType: request.headers.get('content-type') ?? undefined,
    charset: read?.charset,
    isFromBrowser: request.headers.has('origin'),
    status: answer.status,
    fields: () => read?.fields ?? {},
    answer: () => (body === undefined ? {} : (textValues(JSON.parse(body)) ?? {})),
    outcome: answer.headers.get('x-sspay-result') ?? undefined,
  }
}

const captureHandOver = ({ kind, by, address, fields, charset }: HandOver, seen: Seen): CapturedCall => ({
  ...seen,
  kind,
  method: by === 'post' ? 'POST' : 'postMessage',
  address: by === 'post' ? withoutQuery(address) : new URL(address).origin,
  charset,
  fields: () => fields,
  answer: () => ({}),
})

export const withoutQuery = (address: string): string => address.replace(/[?#].*$/s, '')
