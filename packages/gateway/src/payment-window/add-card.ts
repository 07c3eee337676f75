import type { LocalizedText } from '@sspay/protocol'
import { isGeneral } from '../approval/model.ts'
import { findIssuer, type Issuer, isForeignIssuer } from '../vault/issuers.ts'
import { type Card, type ClearCard, isCardNumber, maskCardNumber, mostCards } from '../vault/model.ts'
import { type RegisterCardResult, readCard, registerCard } from '../vault/register-card.ts'
import type { PutCard } from '../vault/store.ts'
import { fixedInstallments } from './card-rules.ts'
import { cardText, chosenIssuerText, kindText, oneIssuerText } from './card-text.ts'
import { fieldProblem, type Submission, type WindowChange, type WindowMode, type WindowSession } from './model.ts'
import { recordWindowEvent } from './session.ts'
import { cardNumberText, expiryText, readTypedExpiry } from './typed-card.ts'
import { readOwnerProof, verifyCardOwner } from './verify-card-owner.ts'

type CardRejection = Extract<RegisterCardResult, { ok: false }>['reason']

const rejections: Readonly<Record<CardRejection, WindowChange>> = {
  card_number_invalid: fieldProblem('cardNumber', cardNumberText),
  card_expired: fieldProblem('expiry', {
    ko: '유효기간이 지난 카드예요. 유효기간을 다시 확인해 주세요.',
    en: 'This card has expired. Check the expiry date.',
  }),
  issuer_unknown: fieldProblem('cardNumber', {
    ko: '등록할 수 없는 카드예요. 다른 카드를 입력해 주세요.',
    en: 'This card cannot be added. Enter another card.',
  }),
  wallet_full: fieldProblem('cardNumber', {
    ko: `카드는 ${mostCards}장까지 등록할 수 있어요. 아래의 카드 관리에서 쓰지 않는 카드를 먼저 삭제해 주세요.`,
    en: `You can keep up to ${mostCards} cards. Delete one that you no longer use first, under “Your cards” below.`,
  }),
}

export async function submitCard({ window, session, form }: Submission): Promise<WindowChange> {
  const { member } = session
  if (member === undefined) return {}
  const cardNumber = (form.get('cardNumber') ?? '').replace(/[\s-]/g, '')
  const expiry = readTypedExpiry(form)
  const read = readCard({ cardNumber, ...(expiry ?? noExpiry) }, window.runtime.now())
  // The issuer is known even if the expiry is wrong.
  const issuer = isCardNumber(cardNumber) ? findIssuer(cardNumber) : undefined
  const unusable = issuer && findObstacle(session, issuer)
  if (unusable !== undefined) return fieldProblem('cardNumber', unusable)
  if (!read.ok) {
    const isUnreadable = read.reason === 'card_expired' && expiry === undefined
    return isUnreadable ? fieldProblem('expiry', expiryText) : rejections[read.reason]
  }
  const full = rejectFullWallet(session, read.clearCard)
  if (full !== undefined) return full

  const { memberId } = member
  const { clearCard } = read
  const given = await readOwnerProof(window, memberId, form)
  if ('change' in given) return given.change
  const declined = await verifyCardOwner(window, session, { memberId, clearCard, ...given })
  if (declined !== undefined) return declined
  const registered = await registerCard(window, { memberId, ...clearCard })
  if (!registered.ok) return rejections[registered.reason]
  return takeCard({ window, session }, registered)
}

export function takeCard({ window, session }: Omit<Submission, 'form'>, put: PutCard): WindowChange {
  const { card, outcome } = put
  if (isGeneral(session.payment)) return { cardId: card.cardId, mode: undefined, success: checkedText(card) }
  if (outcome !== 'known') recordWindowEvent(window, session, 'card_added', { reason: outcome, object: card.cardId })
  return { cardId: card.cardId, mode: modeAfter(session.state.mode), success: textOf(put) }
}

/** Before the issuer is asked; a card of a full wallet may still be registered again with a new expiry. */
export function rejectFullWallet(session: WindowSession, clearCard?: ClearCard): WindowChange | undefined {
  const isGuest = isGeneral(session.payment)
  const isFull = session.wallet.length >= (isGuest ? mostCardsOfGuest : mostCards)
  if (!isFull || (clearCard !== undefined && isInWallet(session, clearCard))) return undefined
  return isGuest ? tooManyCards : rejections.wallet_full
}

/** A guest tries another card when one is not the right one, and not one after the other. */
const mostCardsOfGuest = 3

const tooManyCards = fieldProblem('cardNumber', {
  ko: `한 번의 결제에 카드는 ${mostCardsOfGuest}장까지 입력할 수 있어요. 앞서 입력한 카드로 결제하거나 결제를 중단해 주세요.`,
  en: `You can enter up to ${mostCardsOfGuest} cards for one payment. Pay with one entered before, or cancel the payment.`,
})

function checkedText(card: Card): LocalizedText {
  const { ko, en } = cardText(card)
  return { ko: `${ko} 카드를 확인했어요.`, en: `${en} is confirmed.` }
}

function modeAfter(mode: WindowMode | undefined): WindowMode | undefined {
  if (mode === 'add_managed_card') return 'manage_cards'
  return mode === 'add_card' ? undefined : mode
}

const isInWallet = ({ wallet }: WindowSession, { cardNumber }: ClearCard): boolean =>
  wallet.some(({ maskedCardNumber }) => maskedCardNumber === maskCardNumber(cardNumber))

const foreignText: LocalizedText = {
  ko: '해외에서 발급한 카드는 정기결제에 등록할 수 없어요. 국내 카드를 입력해 주세요.',
  en: 'A card issued abroad cannot be registered for recurring payments. Enter a card issued in Korea.',
}

/** A card that cannot pay is not registered for this payment; from the card list any card can be added. */
export function findObstacle({ payment, state }: WindowSession, issuer: Issuer): LocalizedText | undefined {
  const { issuerCode } = payment.request
  if (state.mode === 'add_managed_card') return undefined
  if (state.registration !== undefined && isForeignIssuer(issuer.issuerCode)) return foreignText
  const { ko, en } = kindText(issuer)
  if (issuerCode !== undefined && issuer.issuerCode !== issuerCode) {
    const only = oneIssuerText(issuerCode)
    return { ko: `${only.ko} 입력한 카드는 ${ko}예요.`, en: `${only.en} This one is: ${en}.` }
  }
  if (state.issuerCode !== undefined && issuer.issuerCode !== state.issuerCode) {
    const chosen = chosenIssuerText(state.issuerCode)
    return {
      ko: `${chosen.ko} 입력한 카드는 ${ko}예요. 카드번호를 확인하거나 아래에서 카드사를 다시 선택해 주세요.`,
      en: `${chosen.en} This card is: ${en}. Check the number, or choose another issuer below.`,
    }
  }
  const months = fixedInstallments({ payment })
  if (issuer.cardKind === 'credit' || months === 0) return undefined
  return {
    ko: `이 결제는 할부 ${months}개월로 정해져 있어 신용카드만 쓸 수 있어요. 입력한 카드는 ${ko}예요.`,
    en: `This payment is in ${months} instalments and takes credit cards only. This one is: ${en}.`,
  }
}

function textOf({ card, outcome }: PutCard): LocalizedText {
  const { ko, en } = cardText(card)
  const texts: Readonly<Record<PutCard['outcome'], LocalizedText>> = {
    added: { ko: `${ko} 카드를 등록했어요.`, en: `${en} is added.` },
    renewed: { ko: `${ko} 카드의 유효기간을 새로 등록했어요.`, en: `The new expiry date of ${en} is saved.` },
    known: { ko: `${ko} 카드는 이미 등록되어 있어요.`, en: `${en} was added before.` },
  }
  return texts[outcome]
}

const noExpiry = { expiryMonth: Number.NaN, expiryYear: Number.NaN }
