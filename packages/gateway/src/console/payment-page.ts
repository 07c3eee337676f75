import {
  approvalResult,
  type FieldTable,
  findResultReason,
  maskMessage,
  paymentRequest,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import { isGeneral, type Payment, type PaymentEvent } from '../approval/model.ts'
import { type Cancellation, readCancellationNote } from '../cancellation/model.ts'
import { isChainIntact } from '../event-chain.ts'
import type { RecordedCall } from '../request-log/model.ts'
import type { SafeHtml } from './frame.ts'
import { notificationsCard, type ShownNotification } from './notifications-page.ts'
import { code, fact, memberMark } from './parts.ts'
import { stateBadge } from './payments-page.ts'
import { requestsTimeline } from './requests-timeline.ts'
import { eventText, formatElapsed, formatInstallment, formatWon, type StateText, stateText } from './wording.ts'

export interface PaymentRecords {
  readonly cancellations: readonly Cancellation[]
  readonly notifications: readonly ShownNotification[]
  /** In and out, as far as the request log keeps them. */
  readonly calls: readonly RecordedCall[]
  readonly now: Date
  /** The form of a refund, where one is possible. */
  readonly cancelForm: SafeHtml
}

export const paymentPage = (
  payment: Payment,
  events: readonly PaymentEvent[],
  { cancellations, notifications, calls, now, cancelForm }: PaymentRecords,
): SafeHtml => html`<a class="crumb" href="/">← 결제 목록</a>
<div class="page-head"><div><h1 class="number">${formatWon(payment.amount)}</h1>
<p class="soft">${payment.request.goodsName} · <span class="code">${payment.orderId}</span></p></div>
${stateBadge(payment.state, 'big')}</div>
<div class="columns">
<div>
<section class="card"><h2 class="card-title">결제 정보</h2><dl class="facts">${factsOf(payment)}</dl></section>
${cancellationsSection(cancellations)}
${cancelForm}
${maskedCard('결제 요청', paymentRequest, writeRequest(payment))}
${payment.answer === undefined ? '' : maskedCard('승인 응답', approvalResult, readAnswer(payment.answer))}
</div>
<section class="card"><h2 class="card-title">처리 이력</h2>
<ol class="timeline">${events.map((event, index) => step(event, events[index - 1]))}</ol>
${chainNote(payment, events)}
</section>
</div>
${requestsTimeline(calls)}
${notificationsCard(notifications, now)}`

const time = (date: Date | undefined): SafeHtml | undefined =>
  date === undefined ? undefined : html`<span class="number">${koreanTime(date)}</span>`

const factsOf = (payment: Payment): readonly SafeHtml[] => [
  fact('거래번호', code(payment.transactionId)),
  fact('상점', code(payment.merchantId)),
  fact('할부', `${formatInstallment(payment.installmentMonths)}${payment.isInterestFree ? ' 무이자' : ''}`),
  fact('승인번호', code(payment.approvalNumber)),
  fact('거절 사유', reasonOf(payment.declineReason)),
  fact('결제 요청', time(payment.requestedAt)),
  fact('구매자 인증', time(payment.authenticatedAt)),
  fact('승인 응답', time(payment.answeredAt)),
  fact('취소한 금액', payment.cancelledAmount === 0 ? undefined : formatWon(payment.cancelledAmount)),
  fact('마지막 취소', time(payment.cancelledAt)),
  fact('빌링키', billKeyLink(payment.billKeyId)),
  isGeneral(payment) ? fact('결제 방식', '일반 카드결제(회원 아님)') : fact('회원', memberMark(payment.memberId)),
]

const billKeyLink = (billKeyId: string | undefined): SafeHtml | undefined =>
  billKeyId === undefined ? undefined : html`<a href="/bill-keys/${billKeyId}" title="${billKeyId}">빌링키 결제</a>`

function reasonOf(reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined
  const known: Readonly<Record<string, { readonly ko: string }>> = resultCodes
  return Object.hasOwn(known, reason) ? known[reason]?.ko : reason
}

/** As it was sent: formats round-trip. The mask decides what is shown. */
function writeRequest({ request }: Payment): WireText {
  const values: Readonly<Record<string, unknown>> = request
  return Object.fromEntries(
    Object.entries(paymentRequest as FieldTable).flatMap(([wireName, { name, format }]) =>
      values[name] === undefined ? [] : [[wireName, format.write(values[name])]],
    ),
  )
}

/** Without fields when it cannot be parsed. */
function readAnswer(answer: string): WireText {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(answer) ?? {}).map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}

const maskedCard = (
  title: string,
  table: FieldTable,
  wire: WireText,
): SafeHtml => html`<section class="card"><details><summary class="strong">${title} <span class="small faint">(개인정보를 가림)</span></summary>
<table class="table masked"><tbody>${Object.entries(maskMessage(table, wire)).map(
  ([wireName, text]) =>
    html`<tr><td><span class="code">${wireName}</span><span class="small faint">${Object.hasOwn(table, wireName) ? (table[wireName]?.label ?? '') : '표에 없는 항목'}</span></td><td class="code">${text}</td></tr>`,
)}</tbody></table></details></section>`

const step = (event: PaymentEvent, previous: PaymentEvent | undefined): SafeHtml => {
  const words = eventText[event.event]
  const state = stateText[event.to]
  return html`<li class="${state.tone}"><p class="strong" title="${words.en}">${words.ko}</p>
<p class="small faint"><span class="number">${koreanTime(event.at)}</span>${previous === undefined ? '' : ` · ${formatElapsed(event.at.getTime() - previous.at.getTime())} 뒤`}</p>
<p>${event.from === undefined ? '' : html`<span class="small faint">${stateText[event.from].ko} →</span> `}${stateBadge(event.to)}</p>
${event.note === '' ? '' : html`<p class="small soft">${noteOf(event.note)}</p>`}
<p class="code" title="SHA-256">${event.sequence} · ${event.hash.slice(0, 16)}…</p></li>`
}

const noteOf = (note: string): string => {
  const cancelled = readCancellationNote(note)
  if (cancelled !== undefined) return `${cancelled.cancelSequence}차 취소 · ${formatWon(cancelled.amount)}`
  const reason = findResultReason(note)
  return reason === undefined ? (reasonOf(note) ?? note) : resultCodes[reason].ko
}

/** Intact: no event of the hash chain was changed or removed, and the last one leads to the payment's state. */
function chainNote(payment: Payment, events: readonly PaymentEvent[]): SafeHtml {
  const isWhole = events.length > 0 && isChainIntact(events) && events.at(-1)?.to === payment.state
  return isWhole
    ? html`<p class="notice success small" data-chain="intact" title="Every event's hash covers the one before">기록이 온전합니다. ${events.length}건의 해시 사슬을 확인했습니다.</p>`
    : html`<p class="notice danger small" data-chain="broken" role="alert" title="The event chain is broken">기록이 바뀌었거나 빠졌습니다. 해시 사슬이 맞지 않습니다.</p>`
}

const cancellationText: Readonly<Record<Cancellation['state'], StateText>> = {
  asking: { ko: '확인 중', en: 'The card network has not answered yet', tone: 'warning' },
  cancelled: { ko: '취소됨', en: 'Cancelled', tone: 'success' },
  declined: { ko: '거절', en: 'Declined by the card network', tone: 'danger' },
}

const cancellationsSection = (cancellations: readonly Cancellation[]): SafeHtml =>
  cancellations.length === 0
    ? html``
    : html`<section class="card cancellations"><h2 class="card-title">취소</h2><table class="table"><tbody>${cancellations.map(cancellationRow)}</tbody></table></section>`

const cancellationRow = ({
  cancelSequence,
  amount,
  state,
  requestedAt,
  partialTransactionId,
}: Cancellation): SafeHtml => html`<tr>
<td><span class="number">${cancelSequence}차 · ${formatWon(amount)}</span><br><span class="small faint number">${koreanTime(requestedAt)}</span>${
  partialTransactionId === undefined ? '' : html`<br><span class="small code">${partialTransactionId}</span>`
}</td>
<td class="right"><span class="badge ${cancellationText[state].tone}" title="${cancellationText[state].en}" data-cancellation="${state}">${cancellationText[state].ko}</span></td></tr>`
