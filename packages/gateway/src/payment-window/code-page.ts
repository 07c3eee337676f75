import { koreanTimestamp, type LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { hasUsablePassword } from './checks.ts'
import { renderError, renderForm, renderInput, renderSideStep, renderTestInput, renderTypedForm } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { Verification, WindowSession } from './model.ts'

const getNewCode: LocalizedText = { ko: '인증번호 다시 받기', en: 'Send a new code' }

export function renderCodePage(parts: PageParts, session: WindowSession): Html {
  const { verification } = session.state
  const timeLeft = verification === undefined ? 0 : codeTimeLeft(verification, parts.now, parts.codeLifeMs)
  const waysBack = html`${renderSideStep(parts, 'edit-identity', { ko: '정보 수정하기', en: 'Change my details' })}${renderKeepPassword(parts, session)}`
  return verification === undefined || timeLeft === 0
    ? renderCodeOver(parts, session, waysBack)
    : renderCodeInput(parts, session, verification, timeLeft, waysBack)
}

const payText: LocalizedText = { ko: '비밀번호로 결제하기', en: 'Pay with my password' }
const goOnText: LocalizedText = { ko: '비밀번호로 계속하기', en: 'Go on with my password' }

/** Back from a password reset, or from adding a passkey. */
export const renderKeepPassword = (parts: PageParts, session: WindowSession): Html =>
  hasUsablePassword(session)
    ? renderSideStep(parts, 'keep-password', session.state.registration === undefined ? payText : goOnText)
    : html``

const renderCodeOver = (parts: PageParts, session: WindowSession, waysBack: Html): Html =>
  renderStep(parts, session, {
    page: 'identity-code',
    title: { ko: '인증번호 시간 종료', en: 'Code expired' },
    content: html`<h1>${parts.t({ ko: '인증번호의 유효시간이 지났어요', en: 'This code has expired' })}</h1>
<p class="lead">${parts.t({ ko: '인증번호를 다시 받아 계속해 주세요. 이전 번호는 쓸 수 없어요.', en: 'Get a new code to go on. The old one is no longer valid.' })}</p>
${renderForm('resend-code', html`<div class="actions"><button class="button block">${parts.t(getNewCode)}</button></div>`)}
${renderError(parts, 'resend', session.state.problems?.resend)}
<div class="aside">${waysBack}</div>`,
  })

function renderCodeInput(
  parts: PageParts,
  session: WindowSession,
  verification: Verification,
  timeLeft: number,
  waysBack: Html,
): Html {
  const { t } = parts
  const { problems } = session.state
  return renderStep(parts, session, {
    page: 'identity-code',
    title: { ko: '인증번호 입력', en: 'Enter the code' },
    content: html`<h1>${t({ ko: '문자로 받은 인증번호를 입력해 주세요', en: 'Enter the code we sent by text message' })}</h1>
<p class="lead">${t(sentText(verification))}</p>
${renderTestCode(parts, verification)}
${renderTypedForm(
  'identity-code',
  html`<div class="code">${renderInput(parts, { name: 'code', label: { ko: '인증번호 6자리', en: '6-digit code' }, attributes: html`inputmode="numeric" maxlength="6" autocomplete="one-time-code" data-full="[0-9]{6}" data-send`, hint: { ko: '6자리를 모두 입력하면 바로 확인해요.', en: 'It is checked as soon as you have entered six digits.' }, problems, hasFocus: true, check: { right: '[0-9]{6}', wrong: codeFormatText } })}</div>
${renderCountdown(parts, timeLeft)}
<div class="actions"><button class="button block">${t({ ko: '인증하기', en: 'Verify' })}</button></div>`,
)}
<div class="aside">${renderResend(parts, verification)}${renderError(parts, 'resend', problems?.resend)}${waysBack}</div>`,
  })
}

export const codeFormatText: LocalizedText = {
  ko: '인증번호 6자리를 입력해 주세요.',
  en: 'Enter the six digits of the code.',
}

const renderTestCode = (parts: PageParts, { testCode }: Verification): Html =>
  testCode === undefined
    ? html``
    : renderTestInput(parts, {
        fields: { step: 'identity-code', code: testCode },
        text: { ko: `테스트 인증번호 ${testCode}`, en: `Test code ${testCode}` },
        button: { ko: '바로 입력', en: 'Use it' },
      })

function sentText({ draft, isResent }: Verification): LocalizedText {
  const end = draft.phone.slice(-2)
  return isResent === true
    ? {
        ko: `끝자리 ${end}번 휴대폰으로 새 인증번호를 보냈어요. 이전 번호는 쓸 수 없어요.`,
        en: `A new code went to the phone ending in ${end}. The old one is no longer valid.`,
      }
    : { ko: `끝자리 ${end}번 휴대폰으로 보냈어요.`, en: `It went to the phone ending in ${end}.` }
}

const timeIsOver: LocalizedText = {
  ko: '유효시간이 지났어요. 인증번호를 다시 받아 주세요.',
  en: 'This code has expired. Get a new code.',
}

/** Expiry in Korean time. The script counts down, and announces it to screen readers only twice. */
function renderCountdown({ t, now }: PageParts, timeLeft: number): Html {
  const stamp = koreanTimestamp(new Date(now.getTime() + timeLeft))
  const clock = stamp.slice(8).replace(/(..)(?=.)/g, '$1:')
  const left = t({ ko: '남은 시간 #', en: 'Time left #' })
  return html`<p class="hint countdown" data-countdown="${timeLeft}" data-left="${left}" data-over="${t(timeIsOver)}">${t({ ko: `${clock}까지 입력해 주세요.`, en: `Enter it by ${clock} (Korean time).` })}</p>
<p class="visually-hidden" aria-live="polite" data-countdown-said="${t({ ko: '남은 시간이 1분 이하예요.', en: 'One minute or less is left.' })}"></p>`
}

/** Without script the button stays on: the time stands beside it, and in the answer to those who press too early. */
function renderResend({ t, now, codeLifeMs }: PageParts, verification: Verification): Html {
  const wait = resendWait(verification, now, codeLifeMs)
  const seconds = Math.ceil(wait / 1000)
  const later = t({ ko: `${seconds}초 뒤에 다시 받을 수 있어요.`, en: `You can get a new code in ${seconds} seconds.` })
  return html`<p class="hint">${t({ ko: '문자가 오지 않았나요?', en: 'No message yet?' })}${wait === 0 ? '' : html` <noscript>${later}</noscript>`}</p>
<form method="post" data-step="resend-code"><button class="link" name="step" value="resend-code"${wait === 0 ? '' : html` data-wait="${wait}"`}>${t({ ko: '다시 받기', en: 'Send a new code' })}</button></form>`
}

/** A text message may be slow, and a new code invalidates the last one. */
const resendAfterMs = 30_000

/** Milliseconds until the code expires, at least 0. */
export const codeTimeLeft = ({ sentAt, isOver }: Verification, now: Date, codeLifeMs: number): number =>
  isOver === true ? 0 : Math.max(0, sentAt + codeLifeMs - now.getTime())

/** Milliseconds until another code may be sent; 0 once the last one has expired. */
export const resendWait = (verification: Verification, now: Date, codeLifeMs: number): number =>
  codeTimeLeft(verification, now, codeLifeMs) === 0
    ? 0
    : Math.max(0, verification.sentAt + resendAfterMs - now.getTime())
