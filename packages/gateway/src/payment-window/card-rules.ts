import { isInterestFree } from '../merchants/interest-free.ts'
import type { Card } from '../vault/model.ts'
import { installmentMinimumAmount, type WindowSession } from './model.ts'

type Asked = Pick<WindowSession, 'payment'>

const everyMonths = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** The shop that names issuer and months has chosen both (wire.md, CardQuota). */
const isChoiceFixed = ({ payment }: Asked): boolean =>
  payment.request.issuerCode !== undefined && payment.request.installmentMonths !== undefined

/** The instalments that the shop has fixed; 0 where it has not, or wants a lump sum. */
export const fixedInstallments = (asked: Asked): number =>
  isChoiceFixed(asked) ? (asked.payment.request.installmentMonths ?? 0) : 0

/** A check card takes no instalments, so it cannot pay where the shop has fixed some. */
export const mayPay = (asked: Asked, { expired, issuerCode, cardKind }: Card): boolean => {
  const { issuerCode: asksIssuer } = asked.payment.request
  const isAsked = asksIssuer === undefined || issuerCode === asksIssuer
  return !expired && isAsked && (cardKind === 'credit' || fixedInstallments(asked) === 0)
}

/** What the payment itself allows: tells nothing about the member's cards. */
export function monthsOffered({ payment }: Asked): readonly number[] {
  if (isChoiceFixed({ payment })) return [fixedInstallments({ payment })]
  return payment.amount >= installmentMinimumAmount ? everyMonths : [0]
}

/** Of these, what one of the cards can pay. */
export const monthsAllowed = ({ payment, cards }: Pick<WindowSession, 'payment' | 'cards'>): readonly number[] =>
  isChoiceFixed({ payment }) || cards.some(isCredit) ? monthsOffered({ payment }) : [0]

const isCredit = ({ cardKind }: Card): boolean => cardKind === 'credit'

/** Whether it can pay or not. */
export const defaultCard = ({ wallet }: Pick<WindowSession, 'wallet'>): Card | undefined =>
  wallet.find(({ isDefault }) => isDefault) ?? wallet[0]

export const chosenCard = ({ cards, state }: Pick<WindowSession, 'cards' | 'state'>): Card | undefined =>
  cards.find(({ cardId }) => cardId === state.cardId) ?? cards[0]

/** What the buyer saw when the window opened still holds when they pay, so the window's own age decides, not this moment. */
export const isFreeOfInterest = (
  { merchant, payment }: Pick<WindowSession, 'merchant' | 'payment'>,
  { issuerCode }: Pick<Card, 'issuerCode'>,
  installmentMonths: number,
): boolean =>
  isInterestFree(merchant.interestFree, {
    issuerCode,
    installmentMonths,
    amount: payment.amount,
    at: payment.requestedAt,
  })

export interface IssuersFree {
  readonly isEvery: boolean
  readonly issuerCodes: readonly string[]
}

/** By the merchant's rules alone: tells nothing about the member's cards. */
export function issuersOfferedFree(
  session: Pick<WindowSession, 'merchant' | 'payment'>,
  installmentMonths: number,
): IssuersFree {
  const named = session.merchant.interestFree.flatMap(({ issuerCode }) =>
    issuerCode === undefined ? [] : [issuerCode],
  )
  const free = [...new Set(named)].filter((issuerCode) => isFreeOfInterest(session, { issuerCode }, installmentMonths))
  return { isEvery: isFreeOfInterest(session, { issuerCode: '' }, installmentMonths), issuerCodes: free }
}

/** Whose cards pay these instalments without interest: one page serves every card in its list, also without script. */
export function issuersFreeOfInterest(
  session: Pick<WindowSession, 'merchant' | 'payment' | 'cards'>,
  installmentMonths: number,
): IssuersFree {
  const issuerCodes = [...new Set(session.cards.filter(isCredit).map(({ issuerCode }) => issuerCode))]
  const free = issuerCodes.filter((issuerCode) => isFreeOfInterest(session, { issuerCode }, installmentMonths))
  return { isEvery: free.length > 0 && free.length === issuerCodes.length, issuerCodes: free }
}
