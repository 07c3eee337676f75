import type { WireText } from '@sspay/protocol'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../context.ts'
import { jsonHeaders } from '../http/answer.ts'
import { isOwnForm, type OwnForm, writeFormToken } from '../http/own-form.ts'
import { isFromOwnPage, isJson } from '../http/own-page.ts'
import { readForm, readJson } from '../http/read-body.ts'
import type { VisitorVariables } from '../http/visitor.ts'
import { type NoticeReference, type NoticeState, type NoticeSummary, noticeStates } from '../notifications/model.ts'
import { type ResendResult, resendNotice } from '../notifications/resend.ts'
import { listNotices, noticesOf } from '../notifications/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { noticesPage, resendWords, type ShownNotice } from './notices-page.ts'

const pageSize = 30
const bodyLimitBytes = 4_096

type NoticesContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>

const resendForm = ({ transactionId, sequence }: NoticeReference, visitor: string): OwnForm => ({
  action: 'resend-notice',
  subject: `${transactionId} ${sequence}`,
  visitor,
})

/** The notices of one payment, ready for its page. */
export const shownNoticesOf = async (
  context: NoticesContext,
  transactionId: string,
  visitor: string,
): Promise<readonly ShownNotice[]> =>
  (await noticesOf(context, transactionId)).map((notice) => withToken(context, notice, visitor))

const withToken = (context: NoticesContext, notice: NoticeSummary, visitor: string): ShownNotice => ({
  ...notice,
  token: writeFormToken(context, resendForm(notice, visitor)),
})

/** The pages of the notices, and the same as JSON for the command line. */
export const noticeRoutes = (gateway: NoticesContext, links: readonly ConsoleLink[]): Hono<VisitorVariables> =>
  new Hono<VisitorVariables>()
    .get('/notifications', async ({ req, var: { visitor } }) => {
      const state = readState(req.query('state'))
      const before = readCursor(req.query('before'))
      const found = await listNotices(gateway, { limit: pageSize + 1, state, before })
      const shown = found.slice(0, pageSize)
      const last = shown.at(-1)
      const older = found.length > pageSize && last !== undefined ? addressOf(state, last) : undefined
      const notices = shown.map((notice) => withToken(gateway, notice, visitor))
      const body = noticesPage({ notices, state, older })
      return consolePage({ title: '재통보', active: '/notifications', body, links, isLive: before === undefined })
    })
    .post('/notifications/resend', async ({ req, var: { visitor } }) => {
      const form = await readForm(req.raw, bodyLimitBytes)
      const fields: WireText = form.ok ? form.fields : {}
      const reference = readReference(fields)
      if (reference === undefined || !isOwnForm(gateway, req.raw, fields.token, resendForm(reference, visitor))) {
        recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'resend_notification' })
        return sentence(400, '이 화면에서 누른 단추가 아닙니다. 목록에서 다시 눌러 주세요.', links)
      }
      const result = await resend(gateway, reference)
      if (result !== 'due') return sentence(400, resendWords[result].ko, links)
      return new Response(null, { status: 303, headers: { location: `/payments/${reference.transactionId}` } })
    })
    .get('/api/notifications', async ({ req }) => {
      const transactionId = req.query('transactionId')
      const limit = Math.min(Number(/^[1-9][0-9]{0,3}$/.exec(req.query('limit') ?? '')?.[0] ?? 50), 500)
      const state = readState(req.query('state'))
      const notices =
        transactionId === undefined
          ? await listNotices(gateway, { limit, state })
          : (await noticesOf(gateway, transactionId)).filter((one) => state === undefined || one.state === state)
      return json(200, { notices })
    })
    .post('/api/notifications/resend', async ({ req }) => {
      const body = await readJson(req.raw, bodyLimitBytes)
      const reference = body.ok ? readReference(body.fields) : undefined
      if (!isJson(req.raw) || !isFromOwnPage(req.raw) || reference === undefined) {
        recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'resend_notification' })
        return json(400, { result: 'unreadable' })
      }
      const result = await resend(gateway, reference)
      return json(statusOf[result], { result, message: resendWords[result].ko })
    })

async function resend(gateway: NoticesContext, reference: NoticeReference): Promise<ResendResult> {
  const reason = await resendNotice(gateway, reference)
  const object = `${reference.transactionId} ${reference.sequence}`
  recordSecurityEvent(gateway, { name: 'console_action', action: 'resend_notification', object, reason })
  return reason
}

const statusOf: Readonly<Record<ResendResult, number>> = { due: 200, unknown: 404, unaddressed: 409, under_way: 409 }

const json = (status: number, content: unknown): Response =>
  new Response(JSON.stringify(content), { status, headers: jsonHeaders })

const sentence = (status: 400, text: string, links: readonly ConsoleLink[]): Promise<Response> =>
  consolePage({
    ...{ status, title: '재통보', links, active: '/notifications' },
    body: html`<section class="card empty"><h1>다시 보내지 않았습니다</h1><p class="soft">${text}</p><div class="actions"><a class="button small-button" href="/notifications">재통보 목록</a></div></section>`,
  })

function readReference({ transactionId = '', sequence = '' }: WireText): NoticeReference | undefined {
  const isReference = /^[A-Za-z0-9]{1,30}$/.test(transactionId) && /^[1-9][0-9]{0,8}$/.test(sequence)
  return isReference ? { transactionId, sequence: Number(sequence) } : undefined
}

const readState = (text: string | undefined): NoticeState | undefined => noticeStates.find((state) => state === text)

type Cursor = NoticeReference & Pick<NoticeSummary, 'enqueuedAt'>

const addressOf = (state: NoticeState | undefined, { enqueuedAt, transactionId, sequence }: Cursor): string =>
  `/notifications?${state === undefined ? '' : `state=${state}&`}before=${enqueuedAt.getTime()}-${transactionId}-${sequence}`

function readCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([A-Za-z0-9]{1,30})-([0-9]{1,9})$/.exec(text ?? '')
  if (parts === null) return undefined
  return { enqueuedAt: new Date(Number(parts[1])), transactionId: parts[2] ?? '', sequence: Number(parts[3]) }
}
