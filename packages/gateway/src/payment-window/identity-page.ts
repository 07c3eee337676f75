import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Carrier, carriers, isMobileNumber, nationalPhone } from '../identity/model.ts'
import { identityMessages } from '../identity/read-draft.ts'
import { keepsPassword } from './checks.ts'
import { renderKeepPassword } from './code-page.ts'
import {
  checkedBy,
  describedBy,
  firstToType,
  focused,
  numeric,
  renderError,
  renderInput,
  renderTypedForm,
  typedValue,
} from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

const carrierText: Readonly<Record<Carrier, LocalizedText>> = {
  SKT: { ko: 'SKT', en: 'SKT' },
  KT: { ko: 'KT', en: 'KT' },
  'LGU+': { ko: 'LG U+', en: 'LG U+' },
  SKT알뜰: { ko: 'SKT 알뜰폰', en: 'SKT MVNO' },
  KT알뜰: { ko: 'KT 알뜰폰', en: 'KT MVNO' },
  'LGU+알뜰': { ko: 'LG U+ 알뜰폰', en: 'LG U+ MVNO' },
}

const firstTimeText: LocalizedText = { ko: '처음 가입할 때만 확인해요.', en: 'We check this only when you sign up.' }
const newPasswordText: LocalizedText = {
  ko: '확인되면 결제 비밀번호를 새로 정해요. 안전을 위해 등록한 카드와 패스키는 삭제되니 다시 등록해 주세요.',
  en: 'Then you choose a new payment password. For your safety your cards and passkeys are deleted, and you add them again.',
}

const unfinishedText: LocalizedText = {
  ko: '확인되면 결제 비밀번호를 새로 정해요.',
  en: 'Then you choose a new payment password.',
}

const lockedText: LocalizedText = {
  ko: `비밀번호를 5번 잘못 입력해 잠겼어요. ${newPasswordText.ko}`,
  en: `Your password was wrong 5 times and is locked. ${newPasswordText.en}`,
}

const confirmText: LocalizedText = {
  ko: '결제 수단을 바꾸기 전에 본인인지 확인해요. 결제 비밀번호는 그대로예요. 휴대폰 번호가 바뀌었으면 등록한 카드와 패스키는 삭제되니 다시 등록해 주세요.',
  en: 'We check that it is you before anything that pays is changed. Your password stays as it is. If your phone number has changed, your cards and passkeys are deleted, and you add them again.',
}

function leadOf(session: WindowSession): LocalizedText {
  const { member } = session
  if (member === undefined) return firstTimeText
  // The rejection of the fifth password says on the same page that it is locked.
  if (member.isLocked) return session.state.problems?.[''] === undefined ? lockedText : newPasswordText
  // An unfinished reset has deleted cards and passkeys already.
  if (!member.hasPassword) return unfinishedText
  return keepsPassword(session) ? confirmText : newPasswordText
}

/** What the buyer has typed before; in the first place what the shop knows of them. */
function valuesOf({ typed, state, payment }: WindowSession): Readonly<Record<string, string | undefined>> {
  const { buyerName, buyerPhone = '' } = payment.request
  const phone = nationalPhone(buyerPhone)
  const known = {
    name: [...buyerName].length > 30 ? '' : buyerName,
    phone: isMobileNumber(phone) ? phone : '',
  }
  return { ...(typed ?? state.draft ?? known) }
}

export function renderIdentityPage(parts: PageParts, session: WindowSession): Html {
  const { problems } = session.state
  const { t } = parts
  const values = valuesOf(session)
  const first = firstToType(['name', 'birthDate', 'genderDigit', 'carrier', 'phone'], problems, values)
  const input = (name: 'name' | 'phone') => ({
    name,
    problems,
    value: values[name],
    hasFocus: first === name,
  })
  return renderStep(parts, session, {
    page: 'identity',
    title: { ko: '본인인증', en: 'Identity verification' },
    content: html`<h1>${t({ ko: '휴대폰으로 본인인증을 해 주세요', en: 'Verify your identity by phone' })}</h1>
<p class="lead">${t(leadOf(session))}</p>
${renderTypedForm(
  'identity',
  html`${renderInput(parts, { ...input('name'), label: { ko: '이름', en: 'Name' }, attributes: html`maxlength="60" autocomplete="name"`, check: { right: '.+', wrong: identityMessages.name } })}
${renderResidentNumber(parts, { problems, values, first })}
${renderCarriers(parts, { problems, values, first })}
${renderInput(parts, { ...input('phone'), label: { ko: '휴대폰 번호', en: 'Mobile number' }, attributes: html`inputmode="tel" maxlength="20" autocomplete="tel-national" data-group="phone" placeholder="010-0000-0000"`, check: { right: '(\\+?82|0082)?0?1[016789][0-9]{7,8}', wrong: identityMessages.phone } })}
<div class="actions"><button class="button block">${t({ ko: '인증번호 받기', en: 'Get a code' })}</button></div>`,
)}
<div class="aside">${renderKeepPassword(parts, session)}</div>`,
  })
}

interface Typed {
  readonly problems: WindowSession['state']['problems']
  readonly values: Readonly<Record<string, string | undefined>>
  /** Name of the field with the focus. */
  readonly first: string | undefined
}

/** Birth date and first digit of the other seven, as Korean forms ask for the resident number. */
function renderResidentNumber(parts: PageParts, { problems, values, first }: Typed): Html {
  const { t } = parts
  const birthDateText = t({ ko: '생년월일 6자리', en: 'Birth date, 6 digits (YYMMDD)' })
  const birthCheck = { right: '[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])', wrong: identityMessages.birthDate }
  const digitCheck = { right: '[1-8]', wrong: identityMessages.genderDigit }
  // Two digits more than a date with its century, so that too long a date is rejected and not cut.
  return html`<fieldset class="field"><legend>${t({ ko: '생년월일과 주민등록번호 뒷자리 첫 숫자', en: 'Birth date and 7th digit of your resident number' })}</legend>
<div class="row"><div class="grow"><label class="visually-hidden" for="birthDate">${birthDateText}</label><input type="text" id="birthDate" name="birthDate"${typedValue(values.birthDate)} required ${numeric(12)} data-group="date" data-most="6" data-full="${birthThatEnds}" data-next="genderDigit" placeholder="${t({ ko: '예: 90 01 01', en: 'e.g. 90 01 01' })}" ${checkedBy(parts, birthCheck)}${describedBy('birthDate', problems?.birthDate)}${focused(parts, first === 'birthDate')}></div>
<span class="dash" aria-hidden="true">-</span>
<div class="gender"><label class="visually-hidden" for="genderDigit">${t({ ko: '뒷자리 첫 숫자', en: '7th digit' })}</label><input type="text" id="genderDigit" name="genderDigit"${typedValue(values.genderDigit)} required ${numeric(1)} data-full="[1-8]" data-next="${carrierId(0)}" ${checkedBy(parts, digitCheck)}${describedBy('genderDigit', problems?.genderDigit)}${focused(parts, first === 'genderDigit')}></div>
<span class="masked" aria-hidden="true">●●●●●●</span></div>
${renderError(parts, 'birthDate', problems?.birthDate)}${renderError(parts, 'genderDigit', problems?.genderDigit)}</fieldset>`
}

/** Six digits after which nobody goes on to type. After 19 and 20 they may be the begin of a year: 1990 01 01. */
const birthThatEnds = '(?!19|20)[0-9]{6}'

const carrierId = (index: number): string => `carrier-${index}`

function renderCarriers(parts: PageParts, { problems, values, first }: Typed): Html {
  const { t } = parts
  const check = checkedBy(parts, { right: '', wrong: identityMessages.carrier })
  const tiles = carriers.map(
    (carrier, index) =>
      html`<label class="tile"><input type="radio" id="${carrierId(index)}" name="carrier" value="${carrier}" required data-next="phone"${index === 0 ? html` ${check}${focused(parts, first === 'carrier')}` : ''}${describedBy('carrier', problems?.carrier)}${values.carrier === carrier ? html` checked` : ''}><span>${t(carrierText[carrier])}</span></label>`,
  )
  return html`<fieldset class="field" data-radio><legend>${t({ ko: '통신사', en: 'Carrier' })}</legend>
<div class="tiles">${tiles}</div>
${renderError(parts, 'carrier', problems?.carrier)}</fieldset>`
}

const boundText: LocalizedText = {
  ko: '본인인증으로 확인된 정보가 없는 회원이라 여기에서 잠금을 풀 수 없어요. 쇼핑몰에 간편결제 회원 삭제를 요청하면 다시 가입해 결제할 수 있어요.',
  en: 'Your membership has no verified identity, so the lock cannot be lifted here. Ask the shop to delete your easy payment membership; then you can sign up again and pay.',
}

const pendingText: LocalizedText = {
  ko: '여기에서 중단하고 쇼핑몰에서 처음부터 다시 시도해 주세요.',
  en: 'Cancel here and start again in the shop.',
}

/** A lockout that no identity verification can end: only the shop can delete the member. */
export const renderLockedPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'locked',
    title: { ko: '결제 비밀번호 잠김', en: 'Password locked' },
    content: html`<h1>${parts.t({ ko: '결제 비밀번호가 잠겼어요', en: 'Your payment password is locked' })}</h1>
<p class="lead">${parts.t(session.member?.isPending === true ? pendingText : boundText)}</p>`,
  })
