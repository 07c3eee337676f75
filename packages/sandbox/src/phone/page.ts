import type { ConsoleLink } from '@sspay/gateway'
import type { LocalizedText } from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import { noteText, toolPage } from '../tool-page.ts'
import type { PhoneMessage } from './inbox.ts'
import { type TestPhone, testPhones } from './test-phones.ts'

const css = `
.message { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; }
.message .grow { flex: 1; min-width: 180px; }
.one-time-code { font-size: 30px; font-weight: 800; letter-spacing: .14em; font-variant-numeric: tabular-nums; user-select: all; -webkit-user-select: all; }
.phone-number { white-space: nowrap; user-select: all; -webkit-user-select: all; }
.spent .one-time-code { color: var(--ink-faint); text-decoration: line-through; }
`

/** The inbox, newest first; reloads itself. */
export const phonePage = (
  links: readonly ConsoleLink[],
  messages: readonly PhoneMessage[],
  now: Date,
): Promise<Response> =>
  toolPage({
    title: '인증번호 수신함',
    active: '/sandbox/phone',
    links,
    css,
    isLive: true,
    intro: {
      ko: '결제창이 휴대폰으로 보낸 인증번호와 안내 문자입니다. 인증번호는 3분 동안 유효합니다.',
      en: 'Text messages sent to any phone. A one-time code is good for three minutes.',
    },
    body: html`${messages.length === 0 ? emptyInbox : messages.map((message) => renderMessage(message, now))}
${phonesSection}`,
  })

const emptyInbox = html`<section class="card empty"><h2>아직 받은 인증번호가 없습니다</h2>
<p class="soft" title="Request a code in the payment window, and it appears here.">결제창의 본인인증에서 인증번호를 요청하면 여기에 나타납니다.</p></section>`

function renderMessage(message: PhoneMessage, now: Date) {
  const { maskedPhone, sentAt } = message
  const isSpent = message.kind === 'code' && now >= message.expiresAt
  return html`<section class="card message ${isSpent ? 'spent' : ''}"><div class="grow"><strong class="number">${maskedPhone}</strong><br>
<span class="small faint">${koreanTime(sentAt)}${isSpent ? ' · 유효시간 지남' : ''}</span></div>
${message.kind === 'code' ? html`<span class="one-time-code" data-code>${message.code}</span>` : html`<span data-message="${message.kind}">${noteText(alerts[message.kind])}</span>`}</section>`
}

const alerts: Readonly<Record<Exclude<PhoneMessage['kind'], 'code'>, LocalizedText>> = {
  password_reset: {
    ko: '간편결제 비밀번호가 재설정되고 등록한 카드가 삭제되었습니다. 본인이 아니면 바로 문의해 주세요.',
    en: 'Your payment password was reset and your cards were deleted. If this was not you, contact us at once.',
  },
  phone_changed: {
    ko: '간편결제 회원의 휴대폰 번호가 바뀌고 등록한 카드가 삭제되었습니다. 본인이 아니면 바로 문의해 주세요.',
    en: 'The phone of your easy payment membership was changed and your cards were deleted. If this was not you, contact us at once.',
  },
}

const renderPhone = ({ phone, note }: TestPhone) => html`<tr>
<td><span class="phone-number number" data-test-phone="${phone}">${phone.replace(/^(...)(....)(....)$/, '$1-$2-$3')}</span></td>
<td>${noteText(note)}</td></tr>`

const phonesSection = html`<section class="card"><h2>테스트 휴대폰 번호</h2>
<p class="small faint" title="Any other number verifies the person as entered. The same name, birth date and gender are the same person (the same CI).">다른 번호는 모두 입력한 사람으로 인증됩니다. 이름, 생년월일, 성별이 같으면 같은 사람(같은 CI)입니다.</p>
<table class="table"><thead><tr><th>번호</th><th>동작</th></tr></thead><tbody>${testPhones.map(renderPhone)}</tbody></table></section>`
