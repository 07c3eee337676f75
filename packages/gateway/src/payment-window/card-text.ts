import { findCardCompany, type LocalizedText } from '@sspay/protocol'
import type { Card } from '../vault/model.ts'
import type { WindowSession } from './model.ts'

/** An unknown issuer is shown by its `known` name in both languages. */
export const issuerText = (issuerCode: string, known: string = issuerCode): LocalizedText => {
  const company = findCardCompany(issuerCode)
  return { ko: company?.name ?? known, en: company?.nameEn ?? known }
}

/** 신한 신용카드, Shinhan credit card. Issuers of check cards only have it in their name already. */
export const kindText = ({ issuerCode, cardKind }: Pick<Card, 'issuerCode' | 'cardKind'>): LocalizedText => {
  const { ko, en } = issuerText(issuerCode)
  const isCheck = cardKind === 'check'
  return {
    ko: `${ko.replace(/체크$/, '')} ${isCheck ? '체크' : '신용'}카드`,
    en: `${en.replace(/ check$/, '')} ${isCheck ? 'debit' : 'credit'} card`,
  }
}

/** 신한 신용 (1234), Shinhan (1234): short, for the narrow list. */
export const cardText = ({ issuerCode, issuerName, cardKind, lastFour }: Card): LocalizedText => {
  const issuer = issuerText(issuerCode, issuerName)
  const isCheck = cardKind === 'check'
  const kind = isCheck ? ' debit' : ''
  return {
    ko: `${issuer.ko.replace(/체크$/, '')} ${isCheck ? '체크' : '신용'} (${lastFour})`,
    en: `${issuer.en.replace(/ check$|, issued abroad$/, '')}${kind} (${lastFour})`,
  }
}

/** For a payment that its shop restricts to one issuer. */
export function oneIssuerText(issuerCode: string): LocalizedText {
  const { ko, en } = issuerText(issuerCode)
  return { ko: `이 결제는 ${ko}카드만 사용할 수 있어요.`, en: `This payment accepts only cards issued by ${en}.` }
}

/** For a general card payment whose buyer has chosen the issuer. */
export function chosenIssuerText(issuerCode: string): LocalizedText {
  const { ko, en } = issuerText(issuerCode)
  return { ko: `${ko}카드로 결제해요.`, en: `You pay with a card issued by ${en}.` }
}

/** Restriction of the payment, and why no card of the member can pay; undefined where nothing needs explaining. */
export function whyNoneText({ payment, wallet, cards, state }: WindowSession): LocalizedText | undefined {
  const { issuerCode } = payment.request
  if (state.registration !== undefined) return wallet.length > 0 && cards.length === 0 ? noneToRegisterText : undefined
  if (issuerCode === undefined) return wallet.length > 0 && cards.length === 0 ? allExpiredText : undefined
  const only = oneIssuerText(issuerCode)
  if (cards.length > 0 || wallet.length === 0) return only
  const { ko, en } = issuerText(issuerCode)
  return wallet.some((card) => card.issuerCode === issuerCode)
    ? {
        ko: `${only.ko} 등록된 ${ko}카드는 쓸 수 없으니 다른 카드를 등록해 주세요.`,
        en: `${only.en} Your ${en} card cannot pay. Add another one.`,
      }
    : {
        ko: `${only.ko} 등록된 ${ko}카드가 없으니 새로 등록해 주세요.`,
        en: `${only.en} You have no ${en} card yet. Add one.`,
      }
}

const noneToRegisterText: LocalizedText = {
  ko: '등록된 카드는 유효기간이 지났거나 해외에서 발급해 정기결제에 쓸 수 없어요. 다른 카드를 등록해 주세요.',
  en: 'Your cards have expired or were issued abroad, so none can be used for recurring payments. Add another one.',
}

const allExpiredText: LocalizedText = {
  ko: '등록된 카드의 유효기간이 모두 지났어요. 같은 카드번호와 새 유효기간을 입력하거나 다른 카드를 등록해 주세요.',
  en: 'All your cards have expired. Enter a card again with its new expiry date, or add another one.',
}
