import { expirePayment } from '../approval/close-payment.ts'
import { isGeneral } from '../approval/model.ts'
import type { Context } from '../context.ts'
import { createKeypad, findKeypad } from '../keypad/create-keypad.ts'
import type { Keypad } from '../keypad/model.ts'
import { findMemberIdentity } from '../members/store.ts'
import { noteCall } from '../request-log/notes.ts'
import { renderAddCardPage } from './add-card-page.ts'
import { answerPage } from './answer.ts'
import { nextPage, opensRegistration, paysWithPassword } from './checks.ts'
import { renderIssuerPage } from './choose-issuer.ts'
import { renderCodePage } from './code-page.ts'
import { renderConfirmPage } from './confirm-page.ts'
import { renderCardsPage } from './edit-cards.ts'
import { renderFinishedPage } from './endings.ts'
import type { Html, PageParts } from './frame.ts'
import { renderIdentityPage, renderLockedPage } from './identity-page.ts'
import { renderAppPage } from './issuer-app.ts'
import type { PageName, WindowContext, WindowSession } from './model.ts'
import { knownPasskeys, offerAuthentication, offerRegistration } from './passkey-offer.ts'
import { renderPasskeyPage } from './passkey-page.ts'
import { isPasswordPage, type PasswordPageName, renderPasswordPage } from './password-page.ts'
import { renderPopCardPage } from './pop-card.ts'
import { renderRegistrationPage } from './registration-page.ts'
import { registrationWayBack } from './registration-return.ts'
import { abortedWayBack, authenticatedWayBack, formTargetsOf, renderReturn, type WayBack } from './return-page.ts'
import { updateState } from './session.ts'
import { renderTermsPage } from './terms-page.ts'

const pages: Readonly<
  Record<Exclude<PageName, PasswordPageName | 'passkey' | 'card'>, (parts: PageParts, session: WindowSession) => Html>
> = {
  terms: renderTermsPage,
  identity: renderIdentityPage,
  'identity-code': renderCodePage,
  locked: renderLockedPage,
  issuer: renderIssuerPage,
  'issuer-app': renderAppPage,
  cards: renderCardsPage,
  'pop-card': renderPopCardPage,
  confirm: renderConfirmPage,
  register: renderRegistrationPage,
}

/** The current page: the next question, the way back to the shop, or that the payment is over. */
export async function showWindow(window: WindowContext, request: Request, session: WindowSession): Promise<Response> {
  const { payment, state } = session
  if (payment.state === 'requested') {
    if (payment.windowExpiresAt > window.runtime.now()) {
      const render = await nextRender(window, request, session, nextPage(session) ?? 'confirm')
      return answerPage(window, request, render, answerOf(session))
    }
    if (state.registration === undefined) await expirePayment(window, payment, 'requested')
  }
  const back = wayBackOf(session)
  if (back !== undefined) return showReturn(window, request, session, back)
  return answerPage(window, request, (parts) => renderFinishedPage(parts, session), answerOf(session))
}

/** Undefined when the shop has already continued with the payment. */
function wayBackOf(session: WindowSession): WayBack | undefined {
  const { payment, state } = session
  if (state.registration !== undefined) return registrationWayBack(state.registration)
  if (payment.state === 'aborted') return abortedWayBack(session, 'buyer_aborted')
  if (payment.state === 'requested' || payment.state === 'expired') return abortedWayBack(session, 'window_expired')
  return payment.state === 'authenticated' && state.approvalTicket !== undefined
    ? authenticatedWayBack(session, state.approvalTicket)
    : undefined
}

const answerOf = ({ state: { channel, language }, pageSecret }: WindowSession) => ({ channel, language, pageSecret })

/** Loads what the page needs beside the session. */
async function nextRender(
  window: WindowContext,
  request: Request,
  session: WindowSession,
  page: PageName,
): Promise<(parts: PageParts) => Html> {
  if (page === 'passkey') {
    const offer = await offerRegistration(window, request, session)
    const passkeys = await knownPasskeys(window, request, session)
    return (parts) => renderPasskeyPage(parts, session, { offer, passkeys })
  }
  if (page === 'card') {
    const identity = session.member && (await findMemberIdentity(window, session.member.memberId))
    const offersApp = isGeneral(session.payment) && window.issuerApps !== undefined
    return (parts) => renderAddCardPage(parts, session, { asksBirthDate: identity === undefined, offersApp })
  }
  if (!isPasswordPage(page)) return (parts) => pages[page](parts, session)
  const { keypad, isNew } = await keypadOf(window, session)
  const shown = isNew
    ? { ...session, state: { ...session.state, keypad: { keypadId: keypad.keypadId, taps: [] } } }
    : session
  const mayUsePasskey = page === 'password' && (paysWithPassword(session) || opensRegistration(session))
  const offer = mayUsePasskey ? await offerAuthentication(window, request, session) : undefined
  return (parts) => renderPasswordPage(parts, shown, page, { keypad, offer })
}

/** A reload shows the same keypad; a used or expired one is replaced. */
async function keypadOf(context: Context, session: WindowSession): Promise<{ keypad: Keypad; isNew: boolean }> {
  const { sessionHash, state } = session
  const known = state.keypad && (await findKeypad(context, state.keypad.keypadId, sessionHash))
  if (known !== undefined) return { keypad: known, isNew: false }
  const keypad = await createKeypad(context, sessionHash)
  await updateState(context, sessionHash, { keypad: { keypadId: keypad.keypadId, taps: [] } })
  return { keypad, isNew: true }
}

function showReturn(window: WindowContext, request: Request, session: WindowSession, back: WayBack): Promise<Response> {
  const { kind, action, fields } = back
  const { payment, state } = session
  const { channel } = state
  // Recorded as handed to the browser: the gateway cannot see whether it arrives at the shop.
  const address = channel.by === 'message' ? channel.shopOrigin : (action ?? '')
  const handOver = { kind, by: channel.by, address, fields, charset: payment.request.answerCharset ?? 'utf-8' }
  noteCall(request, { transactionId: payment.transactionId, merchantId: payment.merchantId, handOver })
  // Any stricter policy makes browsers post the form with `Origin: null`; the shop still learns no address of a window.
  const headers = { 'referrer-policy': 'origin' }
  const answer = { ...answerOf(session), formTargets: formTargetsOf(action), headers }
  return answerPage(window, request, (parts) => renderReturn(parts, session, back), answer)
}
