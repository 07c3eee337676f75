import { type ConsoleLink, consolePage } from '@sspay/gateway'
import { html } from 'hono/html'
import type { PhoneMessage } from './inbox.ts'

const css = `
.message { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; }
.message .grow { flex: 1; min-width: 180px; }
.one-time-code { font-size: 30px; font-weight: 800; letter-spacing: .14em; font-variant-numeric: tabular-nums; user-select: all; -webkit-user-select: all; }
.spent .one-time-code { color: var(--ink-faint); text-decoration: line-through; }
`

/** Every phone of the sandbox: the newest message first, new ones appear by themselves. */
export const phonePage = (
  links: readonly ConsoleLink[],
  messages: readonly PhoneMessage[],
  now: Date,
): Promise<Response> =>
  consolePage({
    title: '인증번호 수신함',
    active: '/sandbox/phone',
    links,
    css,
    isLive: true,
    body: html`<div class="page-head"><div><h1>인증번호 수신함</h1>
<p class="small faint">결제창이 휴대폰으로 보낸 인증번호입니다. 3분 동안 유효합니다.<br><span lang="en">One-time codes sent to any phone. Each is good for three minutes.</span></p></div>
<span class="live">자동으로 새로 고침</span></div>
${messages.length === 0 ? emptyInbox : messages.map((message) => renderMessage(message, now))}`,
  })

const emptyInbox = html`<section class="card empty"><h2>아직 받은 인증번호가 없습니다</h2>
<p class="soft">결제창의 본인인증에서 인증번호를 요청하면 여기에 나타납니다.</p>
<p class="soft" lang="en">Ask for a code in the payment window, and it appears here.</p></section>`

const renderMessage = ({ maskedPhone, code, sentAt, expiresAt }: PhoneMessage, now: Date) =>
  html`<section class="card message ${now < expiresAt ? '' : 'spent'}"><div class="grow"><strong class="number">${maskedPhone}</strong><br>
<span class="small faint">${timeFormat.format(sentAt)}${now < expiresAt ? '' : ' · 유효시간 지남'}</span></div>
<span class="one-time-code" data-code>${code}</span></section>`

const timeFormat = new Intl.DateTimeFormat('ko-KR', {
  timeZone: 'Asia/Seoul',
  dateStyle: 'medium',
  timeStyle: 'medium',
})
