import { Hono } from 'hono'
import { html } from 'hono/html'
import { type CsrfScope, createCsrfToken, verifyCsrfToken } from '../browser-safety/csrf-token.ts'
import type { SessionVariables } from '../browser-safety/session-cookie.ts'
import { lockedMerchants, unlockCancelling } from '../cancellation/cancel-password.ts'
import type { Context } from '../context.ts'
import { readForm } from '../http/read-body.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { ConsoleLink, SafeHtml } from './frame.ts'
import { messagePage } from './parts.ts'

type LocksContext = Pick<Context, 'storage' | 'keyRing' | 'log' | 'runtime'>

const bodyLimitBytes = 4_096

const unlockForm = (merchantId: string, session: string): CsrfScope => ({
  action: 'unlock-cancelling',
  subject: merchantId,
  session,
})

/** Merchants whose cancel password is locked after five wrong tries, each with a button that unlocks it. */
export async function locksSection(context: LocksContext, session: string): Promise<SafeHtml> {
  const locked = await lockedMerchants(context)
  return locked.length === 0
    ? html``
    : html`<section class="card" data-locks><h2 class="card-title" title="Five wrong cancel passwords in a row">취소가 잠긴 상점</h2>
<p class="small soft">취소 비밀번호가 연속으로 다섯 번 틀렸습니다. 상점에 확인한 뒤에 풀어 주세요.</p>
<table class="table"><tbody>${locked.map((merchantId) => row(merchantId, createCsrfToken(context, unlockForm(merchantId, session))))}</tbody></table></section>`
}

const row = (merchantId: string, token: string): SafeHtml =>
  html`<tr><td><span class="code">${merchantId}</span></td><td class="right"><form method="post" action="/locks/unlock"><input type="hidden" name="merchantId" value="${merchantId}"><input type="hidden" name="token" value="${token}"><button class="button secondary small-button" type="submit" aria-label="${merchantId} 취소 잠금 풀기">잠금 풀기</button></form></td></tr>`

export const lockRoutes = (gateway: LocksContext, links: readonly ConsoleLink[]): Hono<SessionVariables> =>
  new Hono<SessionVariables>().post('/locks/unlock', async ({ req, var: { session } }) => {
    const form = await readForm(req.raw, bodyLimitBytes)
    const { merchantId = '', token } = form.ok ? form.fields : {}
    if (!verifyCsrfToken(gateway, req.raw, token, unlockForm(merchantId, session))) {
      recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'unlock_cancelling' })
      const text = '이 화면에서 누른 단추가 아닙니다. 목록에서 다시 눌러 주세요.'
      return messagePage({ status: 400, title: '취소 잠금', heading: '풀지 않았습니다', text, links })
    }
    const isUnlocked = await unlockCancelling(gateway, merchantId)
    const reason = isUnlocked ? 'unlocked' : 'not_locked'
    recordSecurityEvent(gateway, { name: 'console_action', action: 'unlock_cancelling', object: merchantId, reason })
    return new Response(null, { status: 303, headers: { location: '/' } })
  })
