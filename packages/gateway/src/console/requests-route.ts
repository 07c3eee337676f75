import { Hono } from 'hono'
import { requireSameOrigin } from '../browser-safety/same-origin.ts'
import type { Context } from '../context.ts'
import type { RecordedCall } from '../request-log/model.ts'
import { callsOf, findCall, listCalls } from '../request-log/store.ts'
import { writeCurl } from '../request-log/write-curl.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { jsonAnswer, messagePage, pageOf, readLimit } from './parts.ts'
import { callCss, copyScript, requestsCallPage } from './requests-call-page.ts'
import { exportCalls } from './requests-export.ts'
import { addressWith, filterOf, isChoosing, readAskedFilter, readCallId } from './requests-filter.ts'
import { requestsCss, requestsPage } from './requests-page.ts'
import { timelineCss } from './requests-timeline.ts'

const pageSize = 50
const dayMs = 24 * 60 * 60_000

/** Limit per payment: a window that is reloaded for an hour makes more calls. */
export const mostCallsShown = 300

export type RequestsContext = Pick<Context, 'storage' | 'settings' | 'log' | 'keyRing'>

interface RequestJson extends RecordedCall {
  readonly curl?: string | undefined
}

/**
 * The pages of the request log, and the same as JSON for the command line:
 *
 * `GET /api/requests?after=<id>&limit=&direction=&kind=&result=&merchantId=&transactionId=&text=&from=&until=` answers
 * `{"requests": [RecordedCall, …]}`. Without `after` the newest, newest first; with it the first ones that ended after
 * that call, newest last, so that the last `id` is the next `after`. `limit` is 50 when absent and 500 at most; `from`
 * and `until` are Korean times (`2025-01-02` or `2025-01-02T03:04`). Unreadable values are ignored.
 *
 * `GET /api/requests/<id>` answers one {@link RecordedCall} with its `curl` command, or 404 and `{"result":
 * "unknown"}`.
 */
export const requestRoutes = (gateway: RequestsContext, links: readonly ConsoleLink[]): Hono =>
  new Hono()
    .get('/requests', async ({ req }) => {
      const asked = readAskedFilter(req.query())
      const before = readCallId(req.query('before'))
      const steps = isChoosing(asked) || req.query('steps') === 'shown' ? 'shown' : 'hidden'
      const filter = { ...filterOf(asked), hidesSteps: steps === 'hidden' }
      const found = await listCalls(gateway, { filter, before, limit: pageSize + 1 })
      const { shown: calls, older } = pageOf(found, pageSize, ({ id }) =>
        addressWith('/requests', asked, { before: String(id), steps: req.query('steps') }),
      )
      const isFirst = before === undefined
      const body = requestsPage({ calls, asked, isFirst, older, keptDays: keptDays(gateway), steps })
      const live = isFirst ? ('atTop' as const) : false
      return consolePage({ title: '요청 로그', active: '/requests', body, links, css: requestsCss, isLive: live })
    })
    .get('/requests.csv', requireSameOrigin, ({ req }) => {
      recordSecurityEvent(gateway, exported)
      return exportCalls(gateway, filterOf(readAskedFilter(req.query())), 'csv')
    })
    .get('/requests.json', requireSameOrigin, ({ req }) => {
      recordSecurityEvent(gateway, exported)
      return exportCalls(gateway, filterOf(readAskedFilter(req.query())), 'json')
    })
    .get('/requests/:id', async ({ req }) => {
      const call = await callWith(gateway, req.param('id'))
      if (call === undefined) return unknownCall(links)
      const { transactionId } = call
      const calls = transactionId === undefined ? [] : await callsOf(gateway, transactionId, mostCallsShown)
      const body = requestsCallPage(call, calls)
      const css = requestsCss + callCss + timelineCss
      return consolePage({ title: '요청', active: '/requests', body, links, css, script: copyScript })
    })
    .get('/api/requests', async ({ req }) => {
      const after = readCallId(req.query('after'))
      const search = { filter: filterOf(readAskedFilter(req.query())), limit: readLimit(req.query('limit')) }
      return jsonAnswer(200, { requests: await listCalls(gateway, { ...search, after }) })
    })
    .get('/api/requests/:id', async ({ req }) => {
      const call = await callWith(gateway, req.param('id'))
      if (call === undefined) return jsonAnswer(404, { result: 'unknown' })
      const found: RequestJson = { ...call, curl: writeCurl(call) }
      return jsonAnswer(200, found)
    })

const exported = { name: 'console_action', action: 'export_requests' } as const

async function callWith(gateway: RequestsContext, text: string): Promise<RecordedCall | undefined> {
  const id = readCallId(text)
  return id === undefined ? undefined : findCall(gateway, id)
}

const keptDays = ({ settings }: RequestsContext): number | undefined =>
  settings.requestLog === 'off' ? undefined : Math.max(1, Math.round(settings.requestLog.keepMs / dayMs))

const unknownCall = (links: readonly ConsoleLink[]): Promise<Response> =>
  messagePage({
    status: 404,
    title: '요청',
    heading: '없는 요청입니다',
    text: '보관 기간이 지나 지워졌을 수 있습니다.',
    links,
    back: { href: '/requests', ko: '요청 로그' },
  })
