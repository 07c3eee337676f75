import type { LocalizedText } from '@sspay/protocol'
import { findIssuer, type Issuer } from '../vault/issuers.ts'
import { type Card, type ClearCard, isCardNumber, maskCardNumber, mostCards } from '../vault/model.ts'
import { type GivenCard, type RegisterCardResult, readCard, registerCard } from '../vault/register-card.ts'
import { cardText, kindText } from './card-choice.ts'
import { oneIssuerText } from './card-page.ts'
import { fixedInstallments } from './card-rules.ts'
import { type FactsChange, problem, type WindowContext, type WindowSession } from './model.ts'
import { readOwnerProof, rejectOthersCard } from './verify-card-owner.ts'
import { recordWindowEvent } from './window-event.ts'

type CardRejection = Extract<RegisterCardResult, { ok: false }>['reason']

const rejections: Readonly<Record<CardRejection, FactsChange>> = {
  card_number_invalid: problem(
    { ko: '카드번호를 다시 확인해 주세요.', en: 'Check the card number and enter it again.' },
    'cardNumber',
  ),
  card_expired: problem(
    {
      ko: '유효기간을 다시 확인해 주세요. 기간이 지난 카드는 등록할 수 없습니다.',
      en: 'Check the expiry date. A card that has expired cannot be added.',
    },
    'expiryMonth',
  ),
  issuer_unknown: problem(
    {
      ko: '등록할 수 없는 카드입니다. 다른 카드를 입력해 주세요.',
      en: 'This card cannot be added. Enter another card.',
    },
    'cardNumber',
  ),
  wallet_full: problem(
    {
      ko: `카드는 ${mostCards}장까지 등록할 수 있습니다. 아래의 카드 관리에서 쓰지 않는 카드를 먼저 삭제해 주세요.`,
      en: `You can keep up to ${mostCards} cards. Delete one that you no longer use first, under “Your cards” below.`,
    },
    'cardNumber',
  ),
}

export async function submitCard(
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> {
  const { member } = session
  if (member === undefined) return {}
  const read = readCard(givenCard(form), window.runtime.now())
  const issuer = read.ok ? read.issuer : findIssuerOf(form)
  const unusable = issuer && findObstacle(session, issuer)
  if (unusable !== undefined) return problem(unusable, 'cardNumber')
  if (!read.ok) {
    const isRecognised = issuer !== undefined && read.reason === 'card_expired'
    return isRecognised ? problem(expiredText(issuer), 'expiryMonth') : rejections[read.reason]
  }
  // Before the issuer is asked in vain; a card of the wallet may come again with a new expiry.
  if (session.wallet.length >= mostCards && !isInWallet(session, read.clearCard)) return rejections.wallet_full

  const { memberId } = member
  const { clearCard } = read
  const given = await readOwnerProof(window, memberId, form)
  if (!given.ok) return given.change
  const rejected = await rejectOthersCard(window, session, { memberId, clearCard, ...given.proof })
  if (rejected !== undefined) return rejected
  const registered = await registerCard(window, { memberId, ...clearCard })
  if (!registered.ok) return rejections[registered.reason]
  const { card, outcome } = registered
  if (outcome !== 'known') recordWindowEvent(window, session, 'card_added', { reason: outcome, object: card.cardId })
  return { cardId: card.cardId, addsCard: undefined, success: outcomeText(outcome, card) }
}

const numberOf = (form: URLSearchParams): string => (form.get('cardNumber') ?? '').replace(/[\s-]/g, '')

const givenCard = (form: URLSearchParams): GivenCard => ({
  cardNumber: numberOf(form),
  expiryMonth: numberIn(form.get('expiryMonth')),
  expiryYear: numberIn(form.get('expiryYear')),
})

/** Also of a card whose expiry is wrong. */
const findIssuerOf = (form: URLSearchParams): Issuer | undefined =>
  isCardNumber(numberOf(form)) ? findIssuer(numberOf(form)) : undefined

const isInWallet = ({ wallet }: WindowSession, { cardNumber }: ClearCard): boolean =>
  wallet.some(({ maskedCardNumber }) => maskedCardNumber === maskCardNumber(cardNumber))

/** Said at once: a card that cannot pay is not worth registering for this payment. Whoever manages their cards may add any. */
function findObstacle({ payment, facts }: WindowSession, issuer: Issuer): LocalizedText | undefined {
  const { issuerCode } = payment.request
  if (facts.managesCards === true) return undefined
  const { ko, en } = kindText(issuer)
  if (issuerCode !== undefined && issuer.issuerCode !== issuerCode) {
    const only = oneIssuerText(issuerCode)
    return { ko: `${only.ko} 입력한 카드는 ${ko}입니다.`, en: `${only.en} This one is: ${en}.` }
  }
  const months = fixedInstallments({ payment })
  if (issuer.cardKind === 'credit' || months === 0) return undefined
  return {
    ko: `이 결제는 할부 ${months}개월로 정해져 있어 신용카드만 사용할 수 있습니다. 입력한 카드는 ${ko}입니다.`,
    en: `This payment is in ${months} instalments and takes credit cards only. This one is: ${en}.`,
  }
}

/** The number itself is neither kept nor shown again; who issued the card tells the buyer that it was read. */
const expiredText = (issuer: Issuer): LocalizedText => ({
  ko: `${kindText(issuer).ko}입니다. 유효기간을 다시 확인하고 카드번호와 함께 입력해 주세요. 기간이 지난 카드는 등록할 수 없습니다.`,
  en: `The card is: ${kindText(issuer).en}. Check the expiry date and enter it again with the number. A card that has expired cannot be added.`,
})

function outcomeText(outcome: 'added' | 'renewed' | 'known', card: Card): LocalizedText {
  const { ko, en } = cardText(card)
  switch (outcome) {
    case 'added':
      return { ko: `${ko} 카드를 등록했습니다.`, en: `${en} is added.` }
    case 'renewed':
      return { ko: `${ko} 카드의 유효기간을 새로 등록했습니다.`, en: `The new expiry date of ${en} is saved.` }
    case 'known':
      return { ko: `${ko} 카드는 이미 등록되어 있습니다.`, en: `${en} was added before.` }
  }
}

const numberIn = (text: string | null): number => (/^[0-9]{1,4}$/.test(text ?? '') ? Number(text) : Number.NaN)

export function submitPopCard(form: URLSearchParams): FactsChange {
  const popCardNumber = (form.get('popCardNumber') ?? '').replace(/[\s-]/g, '')
  if (popCardNumber === '') return { popCardLastFour: '' }
  return /^[0-9]{16}$/.test(popCardNumber)
    ? { popCardLastFour: popCardNumber.slice(-4) }
    : problem(
        {
          ko: '팝카드 번호는 숫자 16자리입니다. 없으면 건너뛰세요.',
          en: 'A POP card number has 16 digits. Skip this if you have none.',
        },
        'popCardNumber',
      )
}
