import type { PageName, WindowSession } from './model.ts'

interface Check {
  readonly isMet: (session: WindowSession) => boolean
  readonly page: (session: WindowSession) => PageName
}

/** Whether an identity verification can show that the buyer is the member. Nobody can be whose CI is not known. */
export const canVerify = ({ merchant, member }: Pick<WindowSession, 'merchant' | 'member'>): boolean =>
  merchant.identityVerification === 'required' && (member === undefined || member.ciFingerprint !== undefined)

/** Where nobody verifies who joins, a member that no payment has bound belongs to this window. */
const joinedUnverified = ({ merchant, member }: WindowSession): boolean =>
  merchant.identityVerification === 'off' && member?.isPending === true && !member.isLocked

function identityPage(session: WindowSession): PageName {
  if (!canVerify(session)) return 'locked'
  return session.facts.verification === undefined ? 'identity' : 'identity-code'
}

/** To a locked or new member no way leads back from the verification. */
export const hasUsablePassword = ({ member }: Pick<WindowSession, 'member'>): boolean =>
  member?.hasPassword === true && !member.isLocked

/** Whether the member can go on paying with the password there is; otherwise a verified identity makes room for a new one. */
export const keepsPassword = ({ member, facts }: Pick<WindowSession, 'member' | 'facts'>): boolean =>
  hasUsablePassword({ member }) && facts.resetsPassword !== true

/** Whether this window has seen the member's identity verified, or the password set. */
const isConfirmed = ({ member, facts }: WindowSession): boolean =>
  member !== undefined && [facts.provenMemberId, facts.confirmedMemberId].includes(member.memberId)

export const mayAddPasskey = (session: WindowSession): boolean => isConfirmed(session) || canVerify(session)

/** Whether this window may show which cards there are. Until then it shows only how many. */
export const seesCards = (session: WindowSession): boolean =>
  session.merchant.showsCardsBeforePassword || mayChangeCards(session)

/** Whether there is a card to pay with, as far as the window may know: which of them can pay would tell what they are. */
export const hasCardToPay = (session: WindowSession): boolean =>
  (seesCards(session) ? session.cards : session.wallet).length > 0

const changesCards = (session: WindowSession): boolean => {
  const { managesCards, addsCard, choosesCard } = session.facts
  if (managesCards === true || addsCard === true || !hasCardToPay(session)) return true
  return choosesCard === true && !seesCards(session)
}

/**
 * The shop that opens the window says only who its customer is: cards are shown to and changed by who has entered or set the password in this
 * window. A verified identity alone is who holds the phone. A member without a password has just verified it, and has no cards.
 */
const mayChangeCards = (session: WindowSession): boolean =>
  session.member?.hasPassword === false || knowsPassword(session)

const knowsPassword = ({ member, facts }: WindowSession): boolean =>
  member !== undefined && [facts.provenMemberId, facts.enteredMemberId].includes(member.memberId)

/** Whether the password of this moment pays; otherwise it opens the cards or the passkeys. */
export const paysWithPassword = (session: WindowSession): boolean =>
  !changesCards(session) && session.facts.addsPasskey !== true

function cardsPage(session: WindowSession): PageName {
  if (!mayChangeCards(session)) return 'password'
  return session.facts.managesCards === true && session.facts.addsCard !== true ? 'cards' : 'card'
}

function passkeyPage(session: WindowSession): PageName {
  if (!isConfirmed(session)) return identityPage(session)
  return knowsPassword(session) ? 'passkey' : 'password'
}

/** What must be true before the shop gets its ticket, in order. The first that is not decides the page. */
const checks: readonly Check[] = [
  {
    // Without verification the agreement itself makes the member.
    isMet: ({ merchant, member, facts }) =>
      member !== undefined || (facts.hasAgreed === true && merchant.identityVerification === 'required'),
    page: () => 'terms',
  },
  {
    isMet: (session) => {
      const { member, facts } = session
      const isVerified = member !== undefined && facts.verifiedMemberId === member.memberId
      return isVerified || joinedUnverified(session) || keepsPassword(session)
    },
    page: identityPage,
  },
  {
    isMet: (session) => !changesCards(session),
    page: cardsPage,
  },
  {
    isMet: ({ payment, facts }) => !payment.request.asksPopCard || facts.popCardLastFour !== undefined,
    page: () => 'pop-card',
  },
  {
    isMet: ({ member }) => member?.hasPassword === true,
    page: ({ facts }) => (facts.passwordFingerprint === undefined ? 'password-set' : 'password-repeat'),
  },
  {
    // What pays beside the password is changed by nobody who only knows it, or only holds the phone.
    isMet: ({ facts }) => facts.addsPasskey !== true,
    page: passkeyPage,
  },
  {
    // A password that is tapped and right also authenticates at once; who has just set one confirms instead.
    isMet: ({ payment }) => payment.state !== 'requested',
    page: (session) => (knowsPassword(session) ? 'confirm' : 'password'),
  },
]

/** Undefined when nothing is left to ask. */
export const nextPage = (session: WindowSession): PageName | undefined =>
  checks.find(({ isMet }) => !isMet(session))?.page(session)
