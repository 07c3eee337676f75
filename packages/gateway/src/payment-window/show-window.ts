import { expirePayment } from '../approval/close-payment.ts'
import type { Context } from '../context.ts'
import { createKeypad, findKeypad } from '../keypad/create-keypad.ts'
import type { Keypad } from '../keypad/model.ts'
import { findMemberIdentity } from '../members/store.ts'
import { noteCall } from '../request-log/notes.ts'
import { answerPage } from './answer.ts'
import { renderCardPage, renderPopCardPage } from './card-page.ts'
import { renderCardsPage } from './cards-page.ts'
import { nextPage, paysWithPassword } from './checks.ts'
import { renderCodePage } from './code-page.ts'
import { renderConfirmPage } from './confirm-page.ts'
import { renderFinishedPage } from './ended-page.ts'
import { abortedEnding, authenticatedEnding, expiredEnding } from './endings.ts'
import type { Html, PageParts } from './frame.ts'
import { renderIdentityPage } from './identity-page.ts'
import { renderLockedPage } from './locked-page.ts'
import type { PageName, WindowContext, WindowSession } from './model.ts'
import { knownPasskeys, offerPayment, offerRegistration } from './passkey-offer.ts'
import { renderPasskeyPage } from './passkey-page.ts'
import { isPasswordPage, type PasswordPageName, renderPasswordPage } from './password-page.ts'
import { renderReturnByMessage } from './return-by-message.ts'
import { formTargetsOf, renderReturnByPost, type WayBack } from './return-by-post.ts'
import { abortedFields, authenticatedFields } from './return-fields.ts'
import { recordFacts } from './session.ts'
import { renderTermsPage } from './terms-page.ts'

const pages: Readonly<
  Record<Exclude<PageName, PasswordPageName | 'passkey' | 'card'>, (parts: PageParts, session: WindowSession) => Html>
> = {
  terms: renderTermsPage,
  identity: renderIdentityPage,
  'identity-code': renderCodePage,
  locked: renderLockedPage,
  cards: renderCardsPage,
  'pop-card': renderPopCardPage,
  confirm: renderConfirmPage,
}

/** The page of this moment: what is still asked, the way back to the shop, or that it is over. */
export async function showWindow(window: WindowContext, request: Request, session: WindowSession): Promise<Response> {
  const { payment, facts } = session
  const { approvalTicket } = facts
  switch (payment.state) {
    case 'requested':
      if (payment.windowExpiresAt > window.runtime.now()) return showNextPage(window, request, session)
      await expirePayment(window, payment.transactionId, 'requested')
      return showAborted(window, request, session, 'window_expired')
    case 'aborted':
      return showAborted(window, request, session, 'buyer_aborted')
    case 'expired':
      return showAborted(window, request, session, 'window_expired')
    case 'authenticated':
      if (approvalTicket !== undefined) return showAuthenticated(window, request, session, approvalTicket)
      break
    default:
      break
  }
  return answerPage(window, request, (parts) => renderFinishedPage(parts, session), answerOf(session))
}

const answerOf = ({ facts: { channel, language }, pageSecret }: WindowSession) => ({ channel, language, pageSecret })

async function showNextPage(window: WindowContext, request: Request, session: WindowSession): Promise<Response> {
  const page = nextPage(session) ?? 'confirm'
  const answer = answerOf(session)
  if (page === 'passkey') return showPasskeys(window, request, session)
  if (page === 'card') return showCard(window, request, session)
  if (!isPasswordPage(page)) return answerPage(window, request, (parts) => pages[page](parts, session), answer)
  const { keypad, isNew } = await keypadOf(window, session)
  const shown = isNew
    ? { ...session, facts: { ...session.facts, keypad: { keypadId: keypad.keypadId, taps: [] } } }
    : session
  const offer =
    page === 'password' && paysWithPassword(session) ? await offerPayment(window, request, session) : undefined
  return answerPage(window, request, (parts) => renderPasswordPage(parts, shown, page, { keypad, offer }), answer)
}

async function showCard(window: WindowContext, request: Request, session: WindowSession): Promise<Response> {
  const identity = session.member && (await findMemberIdentity(window, session.member.memberId))
  const render = (parts: PageParts) => renderCardPage(parts, session, { asksBirthDate: identity === undefined })
  return answerPage(window, request, render, answerOf(session))
}

async function showPasskeys(window: WindowContext, request: Request, session: WindowSession): Promise<Response> {
  const offer = await offerRegistration(window, request, session)
  const passkeys = await knownPasskeys(window, request, session)
  const render = (parts: PageParts) => renderPasskeyPage(parts, session, { offer, passkeys })
  return answerPage(window, request, render, answerOf(session))
}

/** A reload shows the same keypad; a used or old one is replaced. */
async function keypadOf(context: Context, session: WindowSession): Promise<{ keypad: Keypad; isNew: boolean }> {
  const { sessionHash, facts } = session
  const known = facts.keypad && (await findKeypad(context, facts.keypad.keypadId, sessionHash))
  if (known !== undefined) return { keypad: known, isNew: false }
  const keypad = await createKeypad(context, sessionHash)
  await recordFacts(context, sessionHash, { keypad: { keypadId: keypad.keypadId, taps: [] } })
  return { keypad, isNew: true }
}

function showAuthenticated(
  window: WindowContext,
  request: Request,
  session: WindowSession,
  approvalTicket: string,
): Promise<Response> {
  const { returnUrl } = session.payment.request
  const { channel } = session.facts
  const fields = authenticatedFields(session, approvalTicket)
  const back: WayBack = { action: returnUrl, fields, ending: authenticatedEnding, isAutomatic: true }
  noteHandOver(request, session, 'return', back)
  const told = { ...back, message: { type: 'sspay:authenticated', ...fields }, approvalTicket } as const
  return answerPage(
    window,
    request,
    (parts) =>
      channel.by === 'message' ? renderReturnByMessage(parts, session, told) : renderReturnByPost(parts, session, back),
    { ...answerOf(session), formTargets: formTargetsOf(returnUrl) },
  )
}

/** An abort goes back at once; that time is over is something the buyer reads first. */
function showAborted(
  window: WindowContext,
  request: Request,
  session: WindowSession,
  reason: 'buyer_aborted' | 'window_expired',
): Promise<Response> {
  const { abortUrl, answerCharset } = session.payment.request
  const { channel } = session.facts
  const isAutomatic = reason === 'buyer_aborted'
  const fields = abortedFields(session, reason)
  const ending = isAutomatic ? abortedEnding : expiredEnding
  const back: WayBack = { action: abortUrl, fields, ending, isAutomatic }
  const acceptCharset = answerCharset ?? 'utf-8'
  noteHandOver(request, session, 'abort', back)
  const told = { ...back, message: { type: 'sspay:aborted', action: abortUrl, acceptCharset, fields } } as const
  return answerPage(
    window,
    request,
    (parts) =>
      channel.by === 'message' ? renderReturnByMessage(parts, session, told) : renderReturnByPost(parts, session, back),
    { ...answerOf(session), formTargets: formTargetsOf(abortUrl) },
  )
}

/** What the buyer's browser takes to the shop from here, though nobody can see whether it arrives. */
function noteHandOver(
  request: Request,
  { payment, facts }: WindowSession,
  kind: 'return' | 'abort',
  { action, fields }: WayBack,
): void {
  const { channel } = facts
  const address = channel.by === 'message' ? channel.shopOrigin : action
  const handOver = { kind, by: channel.by, address, fields, charset: payment.request.answerCharset ?? 'utf-8' }
  noteCall(request, { transactionId: payment.transactionId, merchantId: payment.merchantId, handOver })
}
