import { cancelResult, readMessage, resultCodes } from '@sspay/protocol'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Payment } from '../approval/model.ts'
import { findPayment } from '../approval/store.ts'
import { type CsrfScope, createCsrfToken, verifyCsrfToken } from '../browser-safety/csrf-token.ts'
import type { SessionVariables } from '../browser-safety/session-cookie.ts'
import { cancel } from '../cancellation/cancel.ts'
import { checkCancelPassword } from '../cancellation/cancel-password.ts'
import type { CancelContext, Cancellation } from '../cancellation/model.ts'
import { readForm } from '../http/read-body.ts'
import { findMerchant } from '../merchants/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { ConsoleLink, SafeHtml } from './frame.ts'
import { messagePage } from './parts.ts'
import { formatWon } from './wording.ts'

const bodyLimitBytes = 4_096

/** The operator's sequences count down from here, so that they do not meet those of the shop, which count up. */
const firstSequence = 999
const lastSequence = 900

const cancelForm = (transactionId: string, session: string): CsrfScope => ({
  action: 'cancel-payment',
  subject: transactionId,
  session,
})

/** Of one page, so that the same form sent twice is the same refund. */
const nextSequence = (cancellations: readonly Cancellation[]): number =>
  Math.min(
    firstSequence + 1,
    ...cancellations.map(({ cancelSequence }) => cancelSequence).filter((sequence) => sequence >= lastSequence),
  ) - 1

/** A refund by the operator, with the merchant's cancel password; nothing where there is nothing to refund. */
export function cancelSection(
  context: Pick<CancelContext, 'keyRing' | 'runtime'>,
  payment: Payment,
  cancellations: readonly Cancellation[],
  session: string,
): SafeHtml {
  const { transactionId, state, amount, cancelledAmount } = payment
  const rest = amount - cancelledAmount
  const sequence = nextSequence(cancellations)
  if ((state !== 'approved' && state !== 'partiallyCancelled') || sequence < lastSequence) return html``
  return html`<section class="card"><details><summary class="strong">결제 취소</summary>
<form method="post" action="/payments/cancel" data-cancel><input type="hidden" name="transactionId" value="${transactionId}"><input type="hidden" name="sequence" value="${sequence}"><input type="hidden" name="token" value="${createCsrfToken(context, cancelForm(transactionId, session))}">
<div class="field"><label for="cancel-amount">취소할 금액(원), 최대 ${formatWon(rest)}</label><input type="text" inputmode="numeric" id="cancel-amount" name="amount" value="${rest}" maxlength="12" required autocomplete="off"></div>
<div class="field"><label for="cancel-password">상점의 취소 비밀번호</label><input type="password" inputmode="numeric" id="cancel-password" name="password" maxlength="6" required autocomplete="off"></div>
<div class="actions"><button class="button danger small-button" type="submit">취소하기</button></div></form></details></section>`
}

interface WantedForm {
  readonly transactionId: string
  readonly sequence: number
  /** Undefined when it is no whole number of won. */
  readonly amount: number | undefined
  readonly password: string
  readonly token: string | undefined
}

async function readCancelForm(request: Request): Promise<WantedForm> {
  const form = await readForm(request, bodyLimitBytes)
  const { transactionId = '', sequence = '', amount = '', password = '', token } = form.ok ? form.fields : {}
  const digits = amount.replaceAll(/[,\s원]/g, '')
  return {
    transactionId,
    sequence: /^9[0-9]{2}$/.test(sequence) ? Number(sequence) : 0,
    amount: /^[1-9][0-9]{0,11}$/.test(digits) ? Number(digits) : undefined,
    password,
    token,
  }
}

/** Undefined when the refund happened, or its outcome is open: the page of the payment shows both. */
async function cancelByOperator(gateway: CancelContext, wanted: WantedForm): Promise<string | undefined> {
  const { transactionId, sequence, amount, password } = wanted
  if (amount === undefined) return '취소할 금액을 숫자로 입력하세요.'
  const payment = await findPayment(gateway, transactionId)
  const merchant = payment && (await findMerchant(gateway, payment.merchantId))
  if (payment === undefined || merchant === undefined) return resultCodes.transaction_unknown.ko
  const { merchantId } = merchant
  const checked = await checkCancelPassword(gateway, merchant, password)
  if (checked.outcome !== 'matches') {
    const reason = checked.outcome === 'locked' ? 'cancel_password_locked' : 'cancel_password_wrong'
    recordSecurityEvent(gateway, { name: reason, reason, merchantId })
    return checked.outcome === 'wrong'
      ? `취소 비밀번호가 맞지 않습니다. ${checked.attemptsLeft}번 더 틀리면 잠깁니다.`
      : '취소 비밀번호가 연속으로 다섯 번 틀려 잠겼습니다. 결제 목록 위에서 잠금을 풀 수 있습니다.'
  }
  const scope = amount === payment.amount ? 'full' : 'part'
  const cancellation = { transactionId, merchantId, cancelSequence: sequence, amount, scope } as const
  const answer = readMessage(cancelResult, JSON.parse(await cancel(gateway, cancellation, 'replay')))
  if (!answer.ok) throw new Error('the answer of a cancellation cannot be read')
  const { resultCode, resultMessage } = answer.value
  const isShown = resultCode === resultCodes.cancelled.code || resultCode === resultCodes.cancel_unresolved.code
  return isShown ? undefined : resultMessage
}

export const cancelRoutes = (gateway: CancelContext, links: readonly ConsoleLink[]): Hono<SessionVariables> =>
  new Hono<SessionVariables>().post('/payments/cancel', async ({ req, var: { session } }) => {
    const wanted = await readCancelForm(req.raw)
    const { transactionId, sequence, token } = wanted
    const action = 'cancel_payment'
    const back = { href: `/payments/${transactionId}`, ko: '결제로 돌아가기' }
    const rejected = (text: string, to?: typeof back): Promise<Response> =>
      messagePage({
        status: 400,
        title: '결제 취소',
        heading: '취소하지 않았습니다',
        text,
        links,
        active: '/',
        ...(to && { back: to }),
      })
    const isOwn = verifyCsrfToken(gateway, req.raw, token, cancelForm(transactionId, session))
    if (!isOwn || sequence < lastSequence) {
      recordSecurityEvent(gateway, { name: 'console_action_rejected', action })
      return rejected('이 화면에서 누른 단추가 아닙니다. 결제 화면에서 다시 눌러 주세요.')
    }
    const problem = await cancelByOperator(gateway, wanted)
    const object = `${transactionId} ${sequence}`
    recordSecurityEvent(gateway, {
      name: 'console_action',
      action,
      object,
      reason: problem === undefined ? 'accepted' : 'rejected',
    })
    return problem === undefined
      ? new Response(null, { status: 303, headers: { location: back.href } })
      : rejected(problem, back)
  })
