import { installmentMinimumAmount } from '../approval/model.ts'
import { isInterestFree } from '../merchants/interest-free.ts'
import type { Card } from '../vault/model.ts'
import type { WindowSession } from './model.ts'

type Asked = Pick<WindowSession, 'payment'>
type FreeBy = Pick<WindowSession, 'merchant' | 'payment'>

const everyMonths = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** A shop that names both issuer and instalments has fixed the choice (wire.md, CardQuota). */
const isChoiceFixed = ({ payment }: Asked): boolean =>
  payment.request.issuerCode !== undefined && payment.request.installmentMonths !== undefined

/** Fixed by the shop; 0 for none, or a lump sum. */
export const fixedInstallments = (asked: Asked): number =>
  isChoiceFixed(asked) ? (asked.payment.request.installmentMonths ?? 0) : 0

/** A check card cannot pay in instalments. */
export const mayPay = (asked: Asked, { expired, issuerCode, cardKind }: Card): boolean => {
  const { issuerCode: asksIssuer } = asked.payment.request
  const isAsked = asksIssuer === undefined || issuerCode === asksIssuer
  return !expired && isAsked && (cardKind === 'credit' || fixedInstallments(asked) === 0)
}

/** The issuer of the card to enter: named by the shop, else chosen by the buyer of a general card payment. */
export const issuerAsked = ({ payment, state }: Pick<WindowSession, 'payment' | 'state'>): string | undefined =>
  payment.request.issuerCode ?? state.issuerCode

/** Allowed by the payment alone: reveals nothing about the member's cards. */
export function monthsOffered({ payment }: Asked): readonly number[] {
  if (isChoiceFixed({ payment })) return [fixedInstallments({ payment })]
  return payment.amount >= installmentMinimumAmount ? everyMonths : [0]
}

/** Allowed by the payment and at least one card. */
export const monthsAllowed = ({ payment, cards }: Pick<WindowSession, 'payment' | 'cards'>): readonly number[] =>
  isChoiceFixed({ payment }) || cards.some(isCredit) ? monthsOffered({ payment }) : [0]

const isCredit = ({ cardKind }: Card): boolean => cardKind === 'credit'

/** Even if it cannot pay. */
export const defaultCard = ({ wallet }: Pick<WindowSession, 'wallet'>): Card | undefined =>
  wallet.find(({ isDefault }) => isDefault) ?? wallet[0]

export const chosenCard = ({ cards, state }: Pick<WindowSession, 'cards' | 'state'>): Card | undefined =>
  cards.find(({ cardId }) => cardId === state.cardId) ?? cards[0]

/** As of the opening of the window, so that what the buyer saw then holds until they pay. */
export const isFreeOfInterest = (
  { merchant, payment }: FreeBy,
  { issuerCode }: Pick<Card, 'issuerCode'>,
  installmentMonths: number,
): boolean =>
  isInterestFree(merchant.interestFree, { ...payment, issuerCode, installmentMonths, at: payment.requestedAt })

export interface IssuersFree {
  readonly isEvery: boolean
  readonly issuerCodes: readonly string[]
}

/** By the merchant's rules alone: reveals nothing about the member's cards. */
export function issuersOfferedFree(session: FreeBy, installmentMonths: number): IssuersFree {
  const named = session.merchant.interestFree.flatMap(({ issuerCode }) => issuerCode ?? [])
  const issuerCodes = freeAmong(session, new Set(named), installmentMonths)
  return { isEvery: isFreeOfInterest(session, { issuerCode: '' }, installmentMonths), issuerCodes }
}

/** Of the member's cards: one page serves every card in its list, also without script. */
export function issuersFreeOfInterest(
  session: FreeBy & Pick<WindowSession, 'cards'>,
  installmentMonths: number,
): IssuersFree {
  const issuers = new Set(session.cards.filter(isCredit).map(({ issuerCode }) => issuerCode))
  const issuerCodes = freeAmong(session, issuers, installmentMonths)
  return { isEvery: issuerCodes.length > 0 && issuerCodes.length === issuers.size, issuerCodes }
}

const freeAmong = (session: FreeBy, issuers: ReadonlySet<string>, installmentMonths: number): readonly string[] =>
  [...issuers].filter((issuerCode) => isFreeOfInterest(session, { issuerCode }, installmentMonths))
