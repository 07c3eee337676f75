import type { PageName, WindowSession } from './model.ts'

interface Check {
  readonly isMet: (session: WindowSession) => boolean
  readonly page: (session: WindowSession) => PageName
}

const identityPage = ({ facts }: WindowSession): PageName =>
  facts.verification === undefined ? 'identity' : 'identity-code'

/** To a locked or new member no way leads back from the verification. */
export const hasUsablePassword = ({ member }: Pick<WindowSession, 'member'>): boolean =>
  member?.hasPassword === true && !member.isLocked

/** Whether the member can go on paying with the password there is; otherwise a verified identity makes room for a new one. */
export const keepsPassword = ({ member, facts }: Pick<WindowSession, 'member' | 'facts'>): boolean =>
  hasUsablePassword({ member }) && facts.resetsPassword !== true

/** Whether this window has seen the member's identity verified. */
const isConfirmed = ({ member, facts }: WindowSession): boolean =>
  member !== undefined && [facts.provenMemberId, facts.confirmedMemberId].includes(member.memberId)

const changesCards = ({ cards, facts }: WindowSession): boolean =>
  facts.managesCards === true || facts.addsCard === true || cards.length === 0

/**
 * The shop that opens the window says only who its customer is: cards are changed by who has shown in this window to be that member. A
 * member without a password has just verified the identity.
 */
const mayChangeCards = (session: WindowSession): boolean =>
  session.member?.hasPassword === false || isConfirmed(session) || hasEntered(session)

const hasEntered = ({ member, facts }: WindowSession): boolean =>
  member !== undefined && facts.enteredMemberId === member.memberId

/** Whether the password of this moment pays; otherwise it opens the cards. */
export const paysWithPassword = (session: WindowSession): boolean => !changesCards(session)

function cardsPage(session: WindowSession): PageName {
  if (!mayChangeCards(session)) return 'password'
  return session.facts.managesCards === true && session.facts.addsCard !== true ? 'cards' : 'card'
}

/** What must be true before the shop gets its ticket, in order. The first that is not decides the page. */
const checks: readonly Check[] = [
  {
    isMet: ({ member, facts }) => member !== undefined || facts.hasAgreed === true,
    page: () => 'terms',
  },
  {
    isMet: ({ member, facts }) =>
      member !== undefined && (facts.verifiedMemberId === member.memberId || keepsPassword({ member, facts })),
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
    // Who only knows the password does not change what pays beside it.
    isMet: ({ facts }) => facts.addsPasskey !== true,
    page: (session) => (isConfirmed(session) ? 'passkey' : identityPage(session)),
  },
  {
    // A password that is tapped and right also authenticates at once; who has just set one confirms instead.
    isMet: ({ payment }) => payment.state !== 'requested',
    page: (session) =>
      session.facts.provenMemberId === session.member?.memberId || hasEntered(session) ? 'confirm' : 'password',
  },
]

/** Undefined when nothing is left to ask. */
export const nextPage = (session: WindowSession): PageName | undefined =>
  checks.find(({ isMet }) => !isMet(session))?.page(session)
