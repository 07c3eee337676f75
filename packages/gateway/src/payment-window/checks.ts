import type { PageName, WindowSession } from './model.ts'

interface Check {
  readonly isMet: (session: WindowSession) => boolean
  readonly page: (session: WindowSession) => PageName
}

/** What must be true before the shop gets its ticket, in order. The first that is not decides the page. */
const checks: readonly Check[] = [
  {
    isMet: ({ member, facts }) => member !== undefined || facts.hasAgreed === true,
    page: () => 'terms',
  },
  {
    isMet: ({ member, facts }) =>
      member !== undefined &&
      (facts.verifiedMemberId === member.memberId ||
        (member.hasPassword && !member.isLocked && facts.resetsPassword !== true)),
    page: ({ facts }) => (facts.verification === undefined ? 'identity' : 'identity-code'),
  },
  {
    isMet: ({ cards, facts }) => cards.length > 0 && !facts.addsCard,
    page: () => 'card',
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
    // A password that is tapped and right also authenticates at once; who has just set one confirms instead.
    isMet: ({ payment }) => payment.state !== 'requested',
    page: ({ member, facts }) => (facts.provenMemberId === member?.memberId ? 'confirm' : 'password'),
  },
]

/** Undefined when nothing is left to ask. */
export const nextPage = (session: WindowSession): PageName | undefined =>
  checks.find(({ isMet }) => !isMet(session))?.page(session)
