import { recordAuthentication } from '../approval/authenticate.ts'
import { newApprovalTicket } from '../approval/ticket.ts'
import type { Member } from '../members/model.ts'
import { chosenCard, isFreeOfInterest, monthsAllowed } from './card-rules.ts'
import { findMismatchOfMember } from './compare-identity.ts'
import { type FactsChange, problem, type WindowContext, type WindowSession } from './model.ts'
import { recordFacts } from './session.ts'

interface Choice {
  readonly member: Member
  readonly cardId: string
  readonly installmentMonths: number
  readonly isInterestFree: boolean
}

type ReadChoice = ({ readonly ok: true } & Choice) | { readonly ok: false; readonly change: FactsChange }

const unusableCard = problem({
  ko: '사용할 수 없는 카드입니다. 카드를 다시 선택해 주세요.',
  en: 'This card cannot be used. Choose a card again.',
})
const monthsNotOffered = problem(
  {
    ko: '선택할 수 없는 할부 개월입니다. 목록에서 다시 선택해 주세요.',
    en: 'These instalments are not offered. Choose again from the list.',
  },
  'installmentMonths',
)
const checkCardPaysInFull = problem(
  {
    ko: '체크카드는 일시불만 가능합니다. 일시불을 선택해 주세요.',
    en: 'A debit card pays in full only. Choose “In full”.',
  },
  'installmentMonths',
)

/** The card and the months that the buyer chose, as far as this payment allows them. */
export function readChoice(session: WindowSession, form: URLSearchParams): ReadChoice {
  const { member, cards } = session
  const given = form.get('cardId')
  const card = given === null ? chosenCard(session) : cards.find(({ cardId }) => cardId === given)
  if (member === undefined || card === undefined) return { ok: false, change: unusableCard }

  const allowed = monthsAllowed(session)
  const months = form.get('installmentMonths')
  const installmentMonths = months === null ? allowed[0] : allowed.find((one) => one === Number(months))
  if (installmentMonths === undefined) return { ok: false, change: monthsNotOffered }
  if (installmentMonths > 0 && card.cardKind === 'check')
    return {
      ok: false,
      change: { cardId: card.cardId, ...checkCardPaysInFull },
    }
  const isInterestFree = isFreeOfInterest(session, card, installmentMonths)
  return { ok: true, member, cardId: card.cardId, installmentMonths, isInterestFree }
}

export async function authenticate(
  window: WindowContext,
  session: WindowSession,
  { member, cardId, installmentMonths, isInterestFree }: Choice,
): Promise<FactsChange> {
  const { payment, sessionHash } = session
  const mismatch = await findMismatchOfMember(window, session, member.memberId)
  if (mismatch !== undefined) return { keypad: undefined, cardId, installmentMonths, ...mismatch }
  // Kept before the payment has its hash: a process that dies in between leaves a window that still has the way back to the shop.
  const newTicket = newApprovalTicket(window, payment.transactionId)
  const { approvalTicket = newTicket } = await recordFacts(window, sessionHash, (known) => ({
    approvalTicket: known.approvalTicket ?? newTicket,
  }))
  const { memberId, isPending: bindsMember } = member
  const authentication = { memberId, cardId, bindsMember, installmentMonths, isInterestFree }
  await recordAuthentication(window, payment.transactionId, authentication, approvalTicket)
  return { keypad: undefined }
}

/** The new member's last page: the password was set a moment ago and is not asked again. */
export async function submitConfirmation(
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> {
  const choice = readChoice(session, form)
  return choice.ok ? authenticate(window, session, choice) : choice.change
}
