import { isGeneral } from '../approval/model.ts'
import { issuerAsked } from './card-rules.ts'
import type { PageName, WindowMode, WindowSession } from './model.ts'
import { isConfirmed, knowsPassword } from './proofs.ts'
import { isWithoutPassword } from './registration.ts'

/** Whether identity verification can show that the buyer is the member. Without a known CI it cannot. */
export const canVerify = ({ merchant, member }: Pick<WindowSession, 'merchant' | 'member'>): boolean =>
  merchant.identityVerification === 'required' && (member === undefined || member.ciFingerprint !== undefined)

/** Without identity verification, a member that no payment has bound belongs to this window. */
const joinedUnverified = ({ merchant, member }: WindowSession): boolean =>
  merchant.identityVerification === 'off' && member?.isPending === true && !member.isLocked

function identityPage(session: WindowSession): PageName {
  if (!canVerify(session)) return 'locked'
  return session.state.verification === undefined ? 'identity' : 'identity-code'
}

/** A locked or new member must verify and cannot go back. */
export const hasUsablePassword = ({ member }: Pick<WindowSession, 'member'>): boolean =>
  member?.hasPassword === true && !member.isLocked

/** Whether the password stays valid once the identity is verified; otherwise the buyer chooses a new one. */
export const keepsPassword = ({ member, state }: Pick<WindowSession, 'member' | 'state'>): boolean =>
  hasUsablePassword({ member }) && state.mode !== 'reset_password'

export const mayAddPasskey = (session: WindowSession): boolean => isConfirmed(session) || canVerify(session)

/** Whether the window may show which cards there are; otherwise it shows only how many. */
export const seesCards = (session: WindowSession): boolean =>
  session.merchant.showsCardsBeforePassword || mayChangeCards(session)

/** Before the cards are shown any card counts: which of them can pay would reveal what they are. */
export const hasCardToPay = (session: WindowSession): boolean =>
  (seesCards(session) ? session.cards : session.wallet).length > 0

const cardModes: readonly (WindowMode | undefined)[] = ['add_card', 'manage_cards', 'add_managed_card']

const changesCards = (session: WindowSession): boolean => {
  const { mode } = session.state
  if (cardModes.includes(mode) || !hasCardToPay(session)) return true
  return mode === 'choose_card' && !seesCards(session)
}

/**
 * The shop only claims who its customer is, and a verified identity only proves who holds the phone, so cards need the
 * password. A member without a password has just verified the identity, and has no cards.
 */
const mayChangeCards = (session: WindowSession): boolean =>
  session.member?.hasPassword === false || knowsPassword(session)

/** Whether entering the password pays; otherwise it unlocks the cards or the passkeys. */
export const paysWithPassword = (session: WindowSession): boolean =>
  session.state.registration === undefined && !changesCards(session) && session.state.mode !== 'add_passkey'

/** Whether the password, or a passkey, leads to the page that registers a card. */
export const opensRegistration = (session: WindowSession): boolean =>
  session.state.registration !== undefined && !changesCards(session)

function cardsPage(session: WindowSession): PageName {
  if (!mayChangeCards(session)) return 'password'
  return session.state.mode === 'manage_cards' ? 'cards' : 'card'
}

function passkeyPage(session: WindowSession): PageName {
  if (!isConfirmed(session)) return identityPage(session)
  return knowsPassword(session) ? 'passkey' : 'password'
}

/** Without verification the agreement itself makes the member. */
const mustAgree = ({ merchant, member, state }: WindowSession): boolean =>
  member === undefined && !(state.hasAgreed === true && merchant.identityVerification === 'required')

const isIdentified = (session: WindowSession): boolean =>
  session.state.proof?.by === 'identity' || joinedUnverified(session) || keepsPassword(session)

/** For a registration, identity verification is off too where only the shop vouches for the member. */
const isIdentifiedToRegister = (session: WindowSession): boolean =>
  isIdentified(session) || (session.merchant.identityVerification === 'off' && isWithoutPassword(session))

/** The password alone never registers a card: the buyer confirms it on a page of its own. */
function nextRegistrationPage(session: WindowSession): PageName {
  if (mustAgree(session)) return 'terms'
  if (!isIdentifiedToRegister(session)) return identityPage(session)
  if (changesCards(session)) return cardsPage(session)
  if (isWithoutPassword(session)) return 'register'
  if (session.member?.hasPassword !== true) return newPasswordPage(session)
  return knowsPassword(session) ? 'register' : 'password'
}

const newPasswordPage = ({ state }: WindowSession): PageName =>
  state.passwordFingerprint === undefined ? 'password-set' : 'password-repeat'

/** A general card payment asks for no identity and no password, and knows no card but its own. */
function nextGuestPage(session: WindowSession): PageName | undefined {
  const { payment, member, cards, state } = session
  if (member === undefined) return 'terms'
  if (cards.length === 0 || state.mode === 'add_card') {
    if (issuerAsked(session) === undefined) return 'issuer'
    return state.issuerApp === undefined ? 'card' : 'issuer-app'
  }
  return payment.state === 'requested' ? 'confirm' : undefined
}

/** The page of the first precondition of the approval ticket that is not met; undefined when all are. */
export function nextPage(session: WindowSession): PageName | undefined {
  const { payment, member, state } = session
  if (state.registration !== undefined) return nextRegistrationPage(session)
  if (isGeneral(payment)) return nextGuestPage(session)
  if (mustAgree(session)) return 'terms'
  if (!isIdentified(session)) return identityPage(session)
  if (changesCards(session)) return cardsPage(session)
  if (payment.request.asksPopCard && state.popCardLastFour === undefined) return 'pop-card'
  if (member?.hasPassword !== true) return newPasswordPage(session)
  // A passkey pays in place of the password, so adding one takes two factors: password and phone.
  if (state.mode === 'add_passkey') return passkeyPage(session)
  if (payment.state !== 'requested') return undefined
  // The right password authenticates at once; a buyer who has just proven it confirms instead.
  return knowsPassword(session) ? 'confirm' : 'password'
}
