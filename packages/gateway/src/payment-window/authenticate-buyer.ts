import { isGeneral } from '../approval/model.ts'
import { newApprovalTicket, recordAuthentication } from '../approval/ticket.ts'
import type { Member } from '../members/model.ts'
import type { Card } from '../vault/model.ts'
import { chosenCard, defaultCard, isFreeOfInterest, monthsOffered } from './card-rules.ts'
import { oneIssuerText } from './card-text.ts'
import { seesCards } from './checks.ts'
import { findMismatchOfMember } from './compare-identity.ts'
import { fieldProblem, problem, type Submission, type WindowChange, type WindowSession } from './model.ts'
import { proveMember } from './proofs.ts'
import { updateState } from './session.ts'

interface Choice {
  readonly member: Member
  readonly cardId: string
  readonly installmentMonths: number
  readonly isInterestFree: boolean
}

interface Rejected {
  readonly change: WindowChange
}

const unusableCard = problem({
  ko: '사용할 수 없는 카드예요. 카드를 다시 선택해 주세요.',
  en: 'This card cannot be used. Choose a card again.',
})
const monthsNotOffered = fieldProblem('installmentMonths', {
  ko: '선택할 수 없는 할부 개월이에요. 목록에서 다시 선택해 주세요.',
  en: 'These instalments are not offered. Choose again from the list.',
})
const checkCardPaysInFull = fieldProblem('installmentMonths', {
  ko: '체크카드는 일시불만 가능해요. 일시불로 결제하거나 다른 카드를 선택해 주세요.',
  en: 'A debit card pays in full only. Pay “In full”, or choose another card.',
})

/** Why the hidden default card cannot pay. If no card can, the next page says it. */
function defaultCardCannotPay(session: WindowSession, { expired, issuerCode }: Card): WindowChange {
  if (session.cards.length === 0) return {}
  const asked = session.payment.request.issuerCode
  if (asked !== undefined && asked !== issuerCode) {
    const only = oneIssuerText(asked)
    return problem({
      ko: `${only.ko} 기본 카드 대신 결제할 카드를 확인해 주세요.`,
      en: `${only.en} Check which card pays instead of your default card.`,
    })
  }
  if (expired)
    return problem({
      ko: '기본 카드의 유효기간이 지났어요. 대신 결제할 카드를 확인해 주세요.',
      en: 'Your default card has expired. Check which card pays instead.',
    })
  return problem({
    ko: '기본 카드는 체크카드라 이 할부로 결제할 수 없어요. 대신 결제할 카드를 확인해 주세요.',
    en: 'Your default card is a debit card and takes no instalments. Check which card pays instead.',
  })
}

/** The card that the form, or the default, chooses, if it may pay. */
export function findChosenCard(session: WindowSession, form: URLSearchParams): { readonly card: Card } | Rejected {
  const { cards } = session
  if (!seesCards(session)) {
    const card = defaultCard(session)
    if (card === undefined) return { change: {} }
    return cards.includes(card) ? { card } : { change: defaultCardCannotPay(session, card) }
  }
  const given = form.get('cardId')
  const card = given === null ? chosenCard(session) : cards.find(({ cardId }) => cardId === given)
  return card === undefined ? { change: unusableCard } : { card }
}

/** The form's instalments, if this payment allows them. */
const monthsIn = (session: WindowSession, form: URLSearchParams): number | undefined => {
  const offered = monthsOffered(session)
  const months = form.get('installmentMonths')
  return months === null ? offered[0] : offered.find((one) => one === Number(months))
}

/** Keeps the choice for the next page until the password is right. Whether the card can pay is said only then. */
export function keptChoice(session: WindowSession, form: URLSearchParams): WindowChange {
  const card = seesCards(session) ? session.cards.find(({ cardId }) => cardId === form.get('cardId')) : undefined
  const installmentMonths = form.has('installmentMonths') ? monthsIn(session, form) : undefined
  return {
    ...(card === undefined ? {} : { cardId: card.cardId }),
    ...(installmentMonths === undefined ? {} : { installmentMonths }),
  }
}

function readChoice({ session, form }: Submission): Choice | Rejected {
  const { member } = session
  if (member === undefined) return { change: unusableCard }
  const found = findChosenCard(session, form)
  if ('change' in found) return { change: { ...keptChoice(session, form), ...found.change } }
  const { card } = found
  const { cardId } = card
  const installmentMonths = monthsIn(session, form)
  if (installmentMonths === undefined) return { change: monthsNotOffered }
  if (installmentMonths > 0 && card.cardKind === 'check')
    return { change: { cardId, installmentMonths: 0, ...checkCardPaysInFull } }
  return { member, cardId, installmentMonths, isInterestFree: isFreeOfInterest(session, card, installmentMonths) }
}

/**
 * Pays for a buyer who has just proven to be the member, by password or passkey. Only now does the window reveal
 * anything of the card: a choice that cannot pay leads to the cards, with the password proven.
 */
export async function payAsChosen(submission: Submission): Promise<WindowChange> {
  const { session } = submission
  const choice = readChoice(submission)
  if (!('change' in choice)) return authenticate(submission, choice)
  return { ...(session.member && proveMember(session, session.member, 'password')), ...choice.change }
}

async function authenticate(
  { window, session }: Submission,
  { member, cardId, installmentMonths, isInterestFree }: Choice,
): Promise<WindowChange> {
  const { payment, sessionHash } = session
  const mismatch = isGeneral(payment) ? undefined : await findMismatchOfMember(window, session, member.memberId)
  if (mismatch !== undefined) return { cardId, installmentMonths, ...mismatch }
  // Stored before the payment gets its hash: after a crash in between the window can still return to the shop.
  const newTicket = newApprovalTicket(window, payment.transactionId)
  const { approvalTicket = newTicket } = await updateState(window, sessionHash, (known) => ({
    approvalTicket: known.approvalTicket ?? newTicket,
  }))
  const { memberId, isPending: bindsMember } = member
  const authentication = { memberId, cardId, bindsMember, installmentMonths, isInterestFree }
  await recordAuthentication(window, payment.transactionId, authentication, approvalTicket)
  return {}
}

/** Last page of a buyer who has proven the password in this window: it is not asked again. */
export async function submitConfirmation(submission: Submission): Promise<WindowChange> {
  const choice = readChoice(submission)
  return 'change' in choice ? choice.change : authenticate(submission, choice)
}
