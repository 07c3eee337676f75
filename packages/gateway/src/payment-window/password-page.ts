import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Keypad } from '../keypad/model.ts'
import type { PasskeyOptions } from '../passkeys/challenge.ts'
import { renderCardChoice, renderHiddenChoice } from './card-choice.ts'
import { whyNoneText } from './card-text.ts'
import { canVerify, hasCardToPay, mayAddPasskey, paysWithPassword, seesCards } from './checks.ts'
import { renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { renderKeypad } from './keypad-view.ts'
import type { PageName, WindowSession } from './model.ts'
import { notConfirmedText, renderPasskeyButton, renderPasskeyLink } from './passkey-page.ts'

type PasswordPage = { readonly title: LocalizedText; readonly lead?: LocalizedText }

const pages: Readonly<Record<'password-set' | 'password-repeat' | 'password', PasswordPage>> = {
  'password-set': {
    title: { ko: '사용할 결제 비밀번호 6자리', en: 'Choose a 6-digit payment password' },
    lead: {
      ko: '생년월일, 전화번호, 반복·연속 숫자는 쓸 수 없어요.',
      en: 'No birth date, no phone number, no repeated or consecutive digits.',
    },
  },
  'password-repeat': {
    title: { ko: '한 번 더 입력해 주세요', en: 'Enter it once more' },
    lead: { ko: '같은 비밀번호를 다시 입력해 주세요.', en: 'The same password again.' },
  },
  password: { title: { ko: '결제 비밀번호 6자리', en: 'Your 6-digit payment password' } },
}

const openingCards: LocalizedText = {
  ko: '카드를 추가하거나 바꾸려면 먼저 결제 비밀번호로 확인해요. 아직 결제되지 않아요.',
  en: 'Before your cards change we ask for your payment password. Nothing is paid yet.',
}

const choosingCard: LocalizedText = {
  ko: '먼저 결제 비밀번호로 확인하고 결제할 카드를 골라요. 아직 결제되지 않아요.',
  en: 'First your payment password, then you choose the card. Nothing is paid yet.',
}

const openingPasskeys: LocalizedText = {
  ko: '패스키를 추가하거나 삭제하려면 결제 비밀번호로도 확인해요. 아직 결제되지 않아요.',
  en: 'Before your passkeys change we ask for your payment password too. Nothing is paid yet.',
}

const registering: LocalizedText = {
  ko: '정기결제에 등록할 카드를 고르기 전에 결제 비밀번호로 확인해요. 지금은 결제하지 않아요.',
  en: 'Before you choose the card for recurring payments we ask for your payment password. Nothing is charged.',
}

/** Explains to a buyer who came to pay, or to register a card, why the cards open first. */
function openingLead(session: WindowSession): LocalizedText {
  const { mode, registration } = session.state
  if (registration !== undefined) return registering
  if (mode === 'choose_card') return choosingCard
  if (mode === 'add_passkey' && hasCardToPay(session)) return openingPasskeys
  const why = hasCardToPay(session) ? undefined : whyNoneText(session)
  return why === undefined ? openingCards : { ko: `${why.ko} ${openingCards.ko}`, en: `${why.en} ${openingCards.en}` }
}

export type PasswordPageName = keyof typeof pages

export const isPasswordPage = (page: PageName): page is PasswordPageName => Object.hasOwn(pages, page)

const payLabel = { ko: '패스키로 결제', en: 'Pay with a passkey' }
const payButton = { step: 'pay-with-passkey', label: payLabel, failed: notConfirmedText }
const registerButton = {
  step: 'open-with-passkey',
  label: { ko: '패스키로 확인', en: 'Confirm with a passkey' },
  failed: notConfirmedText,
}

export function renderPasswordPage(
  parts: PageParts,
  session: WindowSession,
  page: PasswordPageName,
  { keypad, offer }: { readonly keypad: Keypad; readonly offer: PasskeyOptions<object> | undefined },
): Html {
  const isOpening = page === 'password' && !paysWithPassword(session)
  const { title, lead = isOpening ? openingLead(session) : undefined } = pages[page]
  const { t } = parts
  const tapped = session.state.keypad?.taps.length ?? 0
  const paysAtOnce = page === 'password' && !isOpening
  return renderStep(parts, session, {
    page,
    title,
    content: html`<form method="post" data-step="${page}" data-keypad-form><input type="hidden" name="step" value="${page}">
${paysAtOnce ? (seesCards(session) ? renderCardChoice : renderHiddenChoice)(parts, session) : ''}
${offer === undefined ? '' : renderPasskeyButton(parts, offer, isOpening ? registerButton : payButton)}
<h1>${t(title)}</h1>
${lead === undefined ? '' : html`<p class="rule">${t(lead)}</p>`}
${renderKeypad(session.token, keypad, tapped, { t, labelsKeys: session.state.labelsKeys, isPostedAgain: session.pageSecret !== undefined })}
</form>
${page === 'password' ? renderAside(parts, session, offer) : ''}`,
  })
}

const renderAside = (parts: PageParts, session: WindowSession, offer: PasskeyOptions<object> | undefined): Html => {
  const forgotten = canVerify(session)
    ? renderSideStep(parts, 'reset-password', { ko: '비밀번호를 잊으셨나요?', en: 'Forgot your password?' })
    : ''
  if (paysWithPassword(session))
    return html`<details class="more"><summary>${parts.t({ ko: '더보기', en: 'More' })}</summary><div class="aside">${renderSideStep(parts, 'add-card', { ko: '카드 추가', en: 'Add a card' })}${renderSideStep(parts, 'manage-cards', { ko: '카드 관리', en: 'Your cards' })}${forgotten}${mayAddPasskey(session) ? renderPasskeyLink(parts, offer !== undefined) : ''}</div></details>`
  const { registration } = session.state
  const back = { ko: '결제로 돌아가기', en: 'Back to the payment' }
  return html`<div class="aside">${hasCardToPay(session) && registration === undefined ? renderSideStep(parts, 'keep-cards', back) : ''}${forgotten}</div>`
}
