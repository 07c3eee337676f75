import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Carrier, carriers } from '../identity/model.ts'
import { keepsPassword } from './checks.ts'
import { renderKeepPassword } from './code-page.ts'
import { describedBy, numeric, renderError, renderForm, renderInput, renderSelect } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

const carrierText: Readonly<Record<Carrier, LocalizedText>> = {
  SKT: { ko: 'SKT', en: 'SKT' },
  KT: { ko: 'KT', en: 'KT' },
  'LGU+': { ko: 'LGU+', en: 'LGU+' },
  SKT알뜰: { ko: 'SKT알뜰', en: 'SKT budget (MVNO)' },
  KT알뜰: { ko: 'KT알뜰', en: 'KT budget (MVNO)' },
  'LGU+알뜰': { ko: 'LGU+알뜰', en: 'LGU+ budget (MVNO)' },
}

const firstTimeText: LocalizedText = { ko: '처음 가입할 때만 확인합니다.', en: 'We check this only when you sign up.' }
const newPasswordText: LocalizedText = {
  ko: '확인되면 결제 비밀번호를 새로 정합니다. 안전을 위해 등록한 카드와 패스키는 삭제되며 다시 등록해야 합니다.',
  en: 'Then you choose a new payment password. For your safety your cards and passkeys are deleted, and you add them again.',
}

const unfinishedText: LocalizedText = {
  ko: '확인되면 결제 비밀번호를 새로 정합니다.',
  en: 'Then you choose a new payment password.',
}

const lockedText: LocalizedText = {
  ko: `비밀번호를 5번 잘못 입력해 잠겼습니다. ${newPasswordText.ko}`,
  en: `Your password was wrong 5 times and is locked. ${newPasswordText.en}`,
}

const confirmText: LocalizedText = {
  ko: '결제 수단을 바꾸기 전에 본인인지 확인합니다. 결제 비밀번호는 그대로입니다. 휴대폰 번호가 바뀌었으면 등록한 카드와 패스키는 삭제되며 다시 등록해야 합니다.',
  en: 'We check that it is you before anything that pays is changed. Your password stays as it is. If your phone number has changed, your cards and passkeys are deleted, and you add them again.',
}

function leadOf(session: WindowSession): LocalizedText {
  const { member } = session
  if (member === undefined) return firstTimeText
  if (member.isLocked) return lockedText
  // An unfinished reset has deleted cards and passkeys already.
  if (!member.hasPassword) return unfinishedText
  return keepsPassword(session) ? confirmText : newPasswordText
}

export function renderIdentityPage(parts: PageParts, session: WindowSession): Html {
  const { problems } = session.state
  const { t } = parts
  return renderStep(parts, session, {
    page: 'identity',
    title: { ko: '본인인증', en: 'Identity verification' },
    content: html`<h1>${t({ ko: '휴대폰으로 본인인증을 해주세요', en: 'Verify your identity by phone' })}</h1>
<p class="lead">${t(leadOf(session))}</p>
${renderForm(
  'identity',
  html`${renderInput(parts, { name: 'name', label: { ko: '이름', en: 'Name' }, attributes: html`maxlength="30" autocomplete="name"`, problems })}
${renderResidentNumber(parts, problems)}
${renderSelect(parts, { name: 'carrier', label: { ko: '통신사', en: 'Carrier' }, placeholder: { ko: '선택하세요', en: 'Choose' }, attributes: html`required${describedBy('carrier', problems?.carrier)}`, options: carriers.map((carrier) => ({ value: carrier, text: t(carrierText[carrier]) })) })}
${renderError(parts, 'carrier', problems?.carrier)}
${renderInput(parts, { name: 'phone', label: { ko: '휴대폰 번호', en: 'Mobile number' }, attributes: html`inputmode="tel" maxlength="20" autocomplete="tel-national"`, hint: { ko: "'-' 없이 숫자만 입력해도 됩니다.", en: 'Digits are enough, without dashes.' }, problems })}
<div class="actions"><button class="button block">${t({ ko: '인증번호 받기', en: 'Get a code' })}</button></div>`,
)}
<div class="aside">${renderKeepPassword(parts, session)}</div>`,
  })
}

/** Birth date and first digit of the other seven, as Korean forms ask for the resident number. */
function renderResidentNumber(parts: PageParts, problems: WindowSession['state']['problems']): Html {
  const birthProblem = problems?.birthDate
  const genderProblem = problems?.genderDigit
  const { t } = parts
  const birthDateText = t({ ko: '생년월일 6자리', en: 'Birth date, 6 digits (YYMMDD)' })
  return html`<fieldset class="field"><legend>${t({ ko: '생년월일과 주민등록번호 뒷자리 첫 숫자', en: 'Birth date and 7th digit of your resident number' })}</legend>
<div class="row"><div class="grow"><label class="visually-hidden" for="birthDate">${birthDateText}</label><input type="text" id="birthDate" name="birthDate" required ${numeric(6)} pattern="[0-9]{6}" placeholder="${t({ ko: '예: 900101', en: 'e.g. 900101' })}" title="${birthDateText}"${describedBy('birthDate', birthProblem)}></div>
<span class="dash" aria-hidden="true">-</span>
<div class="gender"><label class="visually-hidden" for="genderDigit">${t({ ko: '뒷자리 첫 숫자', en: '7th digit' })}</label><input type="text" id="genderDigit" name="genderDigit" required ${numeric(1)} pattern="[1-8]" title="${t({ ko: '1부터 8까지의 숫자', en: 'A digit from 1 to 8' })}"${describedBy('genderDigit', genderProblem)}></div>
<span class="masked" aria-hidden="true">●●●●●●</span></div>
${renderError(parts, 'birthDate', birthProblem)}${renderError(parts, 'genderDigit', genderProblem)}</fieldset>`
}

const boundText: LocalizedText = {
  ko: '본인인증으로 확인된 정보가 없는 회원이라 여기에서 잠금을 풀 수 없습니다. 쇼핑몰에 간편결제 회원 삭제를 요청하면 다시 가입해 결제할 수 있습니다.',
  en: 'Your membership has no verified identity, so the lock cannot be lifted here. Ask the shop to delete your easy payment membership; then you can sign up again and pay.',
}

const pendingText: LocalizedText = {
  ko: '결제를 중단하고 쇼핑몰에서 처음부터 다시 시도해 주세요.',
  en: 'Cancel this payment and start again in the shop.',
}

/** A lockout that no identity verification can end: only the shop can delete the member. */
export const renderLockedPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'locked',
    title: { ko: '결제 비밀번호 잠김', en: 'Password locked' },
    content: html`<h1>${parts.t({ ko: '결제 비밀번호가 잠겼습니다', en: 'Your payment password is locked' })}</h1>
<p class="lead">${parts.t(session.member?.isPending === true ? pendingText : boundText)}</p>`,
  })
