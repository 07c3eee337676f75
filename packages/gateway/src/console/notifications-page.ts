import type { LocalizedText } from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import type { Payment } from '../approval/model.ts'
import type { ResendResult } from '../notifications/deliver.ts'
import {
  type AttemptResult,
  type NotificationState,
  type NotificationSummary,
  type NotificationTarget,
  notificationStates,
} from '../notifications/model.ts'
import { callOutcomes } from '../request-log/call-outcome.ts'
import type { SafeHtml } from './frame.ts'
import { pager } from './parts.ts'
import { formatElapsed, formatWon, type StateText, stateText } from './wording.ts'

export interface ShownNotification extends NotificationSummary {
  /** CSRF token of its button. */
  readonly token: string
  /** Undefined when it was archived. */
  readonly payment: Pick<Payment, 'orderId' | 'amount'> | undefined
  /** Undefined when the merchant has no notification URL. */
  readonly target: Pick<NotificationTarget, 'url' | 'maxAttempts'> | undefined
}

const notificationText: Readonly<Record<NotificationState, StateText>> = {
  pending: { ko: '대기', en: 'Pending: waits for its next attempt', tone: 'info' },
  delivered: { ko: '전달됨', en: 'Delivered: the shop answered OK', tone: 'success' },
  exhausted: { ko: '실패', en: 'Exhausted: every attempt failed', tone: 'danger' },
  no_endpoint: { ko: '주소 없음', en: 'No endpoint: no notification URL is set for this payment', tone: '' },
}

const formUnwritable: LocalizedText = { ko: '통보 내용을 열 수 없음', en: 'The form could not be decrypted' }

const isHttp = (result: AttemptResult): result is `http_${number}` => result.startsWith('http_')

const describeResult = (result: AttemptResult): LocalizedText =>
  isHttp(result)
    ? { ko: `HTTP ${result.slice('http_'.length)}`, en: 'The shop answered with a status other than 200' }
    : { ...callOutcomes, form_unwritable: formUnwritable }[result]

export const resendText: Readonly<Record<ResendResult, LocalizedText>> = {
  pending: { ko: '지금 다시 통보합니다.', en: 'It is being sent again.' },
  unknown: { ko: '없는 통보입니다.', en: 'There is no such notification.' },
  no_endpoint: {
    ko: '상점에 통보 URL이 없습니다. 샌드박스에서는 sspay merchants set MID --notify-url URL 로 정합니다.',
    en: 'The merchant has no notification URL. In a sandbox sspay merchants set MID --notify-url URL sets it.',
  },
  in_flight: { ko: '지금 보내는 중입니다. 잠시 뒤에 확인해 주세요.', en: 'A delivery attempt is in flight.' },
}

export interface NotificationsPage {
  readonly notifications: readonly ShownNotification[]
  readonly state: NotificationState | undefined
  readonly older: string | undefined
  readonly now: Date
}

export const notificationsPage = ({
  notifications,
  state,
  older,
  now,
}: NotificationsPage): SafeHtml => html`<div class="page-head">
<div><h1>재통보</h1><p class="small faint">상점 서버에 결제 결과를 알린 기록입니다. HTTP 200 응답에 OK가 있으면 전달된 것으로 봅니다.</p></div></div>
<nav class="filters" aria-label="상태">${filter(undefined, state, '전체')}${notificationStates.map((one) => filter(one, state, notificationText[one].ko))}</nav>
${notifications.length === 0 ? emptyState(state) : ledger(notifications, now)}
${pager({ older, olderText: '이전 통보 보기' })}`

const filter = (state: NotificationState | undefined, current: NotificationState | undefined, text: string): SafeHtml =>
  html`<a href="${state === undefined ? '/notifications' : `/notifications?state=${state}`}"${state === current ? html` aria-current="true"` : ''}>${text}</a> `

const emptyState = (state: NotificationState | undefined): SafeHtml =>
  state === undefined
    ? html`<section class="card empty"><h2>아직 통보가 없습니다</h2><p class="soft">결제가 승인되거나 취소되면 상점에 보낸 통보가 여기에 나타납니다.</p></section>`
    : html`<section class="card empty"><p class="soft">${notificationText[state].ko} 상태인 통보가 없습니다.</p></section>`

const ledger = (
  notifications: readonly ShownNotification[],
  now: Date,
): SafeHtml => html`<section class="card stacked"><div class="table-scroll">
<table class="table" data-notifications><thead><tr><th>결제</th><th>내용</th><th>상태</th><th>마지막 결과</th><th>시각</th><th><span class="visually-hidden">다시 보내기</span></th></tr></thead>
<tbody>${notifications.map((notification) => row(notification, now, paymentOf(notification)))}</tbody></table></div></section>`

const paymentOf = ({ transactionId, merchantId, payment }: ShownNotification): SafeHtml =>
  html`<a class="strong" href="/payments/${transactionId}"><span class="code">${payment?.orderId ?? transactionId}</span></a><br><span class="small faint">${
    payment === undefined ? '' : html`<span class="number">${formatWon(payment.amount)}</span> · `
  }<span class="code">${merchantId}</span></span>`

export const notificationsCard = (notifications: readonly ShownNotification[], now: Date): SafeHtml =>
  notifications.length === 0
    ? html``
    : html`<section class="card stacked"><h2 class="card-title">재통보</h2><div class="table-scroll">
<table class="table" data-notifications><thead><tr><th>내용</th><th>상태</th><th>마지막 결과</th><th>시각</th><th><span class="visually-hidden">다시 보내기</span></th></tr></thead>
<tbody>${notifications.map((notification) => row(notification, now))}</tbody></table></div></section>`

const row = (
  notification: ShownNotification,
  now: Date,
  payment?: SafeHtml,
): SafeHtml => html`<tr data-notification="${notification.state}">
${payment === undefined ? '' : html`<td class="whole">${payment}</td>`}
<td title="${stateText[notification.paymentState].en}">${stateText[notification.paymentState].ko}</td>
<td class="tag">${badge(notification.state)}</td>
<td>${resultOf(notification)}</td>
<td class="line number small">${timeOf(notification, now)}</td>
<td class="closing">${resendForm(notification)}</td>
</tr>`

function resultOf({ state, attempts, lastResult, shopAnswer, target }: ShownNotification): SafeHtml {
  const most = target === undefined ? '' : ` / 최대 ${target.maxAttempts}번`
  const address =
    target === undefined || state === 'no_endpoint'
      ? ''
      : html`<span class="shop-answer small faint code">${addressOf(target)}</span>`
  const tries = html`<span class="small faint">${attempts === 0 ? '아직 보내지 않음' : `${attempts}번 시도${most}`}</span>`
  if (lastResult === undefined) return html`${tries}${address}`
  const { ko, en } = describeResult(lastResult)
  const answer =
    shopAnswer === undefined ? '' : html`<span class="shop-answer small soft">상점의 응답: ${shopAnswer}</span>`
  return html`<span title="${en}">${ko}</span> ${tries}${address}${answer}`
}

const badge = (state: NotificationState): SafeHtml =>
  html`<span class="badge ${notificationText[state].tone}" title="${notificationText[state].en}">${notificationText[state].ko}</span>`

/** Without a query, which may hold a secret of the shop. */
const addressOf = ({ url }: Pick<NotificationTarget, 'url'>): string => {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

function timeOf({ enqueuedAt, nextAttemptAt, deliveredAt }: NotificationSummary, now: Date): SafeHtml {
  if (deliveredAt !== undefined) return html`${koreanTime(deliveredAt)} 전달`
  if (nextAttemptAt === undefined) return html`${koreanTime(enqueuedAt)} 등록`
  const waitMs = nextAttemptAt.getTime() - now.getTime()
  const wait = waitMs < 1_000 ? '곧' : `${formatElapsed(waitMs)} 뒤`
  return html`<span class="strong">${wait} 보냄</span><br><span class="faint">${koreanTime(nextAttemptAt)} 예정</span>`
}

const resendForm = ({ transactionId, sequence, token }: ShownNotification): SafeHtml =>
  html`<form method="post" action="/notifications/resend"><input type="hidden" name="transactionId" value="${transactionId}"><input type="hidden" name="sequence" value="${sequence}"><input type="hidden" name="token" value="${token}"><button class="button secondary small-button" type="submit" aria-label="${transactionId} ${sequence}번 통보 다시 보내기">다시 보내기</button></form>`
