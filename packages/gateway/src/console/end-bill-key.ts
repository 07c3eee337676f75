import { html } from 'hono/html'
import { type CsrfScope, createCsrfToken, verifyCsrfToken } from '../browser-safety/csrf-token.ts'
import type { Context } from '../context.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { BillKey } from '../vault/bill-keys/model.ts'
import { endBillKey, findBillKeyById } from '../vault/bill-keys/store.ts'
import type { SafeHtml } from './frame.ts'

export type EndContext = Pick<Context, 'runtime' | 'storage' | 'keyRing' | 'log'>

const endForm = (billKeyId: string, session: string): CsrfScope => ({
  action: 'end-bill-key',
  subject: billKeyId,
  session,
})

/** Nothing for a key that has ended. */
export const endSection = (context: EndContext, { billKeyId, state }: BillKey, session: string): SafeHtml =>
  state !== 'active'
    ? html``
    : html`<section class="card"><details><summary class="strong">빌링키 종료</summary>
<form method="post" action="/bill-keys/end" data-end><input type="hidden" name="billKeyId" value="${billKeyId}"><input type="hidden" name="token" value="${createCsrfToken(context, endForm(billKeyId, session))}">
<p class="small soft">상점은 이 키로 더 결제할 수 없고, 다음 결제는 S603으로 거절됩니다. 되돌릴 수 없습니다. 이미 승인한 결제는 그대로 남습니다.</p>
<div class="actions"><button class="button danger small-button" type="submit">종료하기</button></div></form></details></section>`

export const isEndForm = (
  context: EndContext,
  request: Request,
  { billKeyId, token, session }: { billKeyId: string; token: string | undefined; session: string },
): boolean => verifyCsrfToken(context, request, token, endForm(billKeyId, session))

export type EndResult = 'ended' | 'unknown' | 'not_active'

export async function endByOperator(context: EndContext, billKeyId: string): Promise<EndResult> {
  const at = context.runtime.now()
  const isEnded = await context.storage.transact((transaction) =>
    endBillKey(transaction, billKeyId, { state: 'ended_by_operator', at }),
  )
  const reason = isEnded ? 'ended' : await whyNot(context, billKeyId)
  recordSecurityEvent(context, { name: 'console_action', action: 'end_bill_key', object: billKeyId, reason })
  return reason
}

const whyNot = async (context: EndContext, billKeyId: string): Promise<EndResult> =>
  (await findBillKeyById(context, billKeyId)) === undefined ? 'unknown' : 'not_active'
