import type { LocalizedText } from '@sspay/protocol'
import { isGeneral, type Payment } from '../approval/model.ts'
import type { CardOwner, CardRejection } from '../card-network/port.ts'
import { findMemberIdentity } from '../members/store.ts'
import type { ClearCard } from '../vault/model.ts'
import { fieldProblem, problem, type WindowChange, type WindowContext, type WindowSession } from './model.ts'
import { recordWindowEvent } from './session.ts'
import { businessNumberText, cardPasswordText, ownerBirthDateText } from './typed-card.ts'

/** Entered beside the card to prove its owner. Neither stored nor shown again. */
interface OwnerProof {
  readonly owner: CardOwner
  readonly passwordFirstTwo: string
}

const invalid = (field: string, text: LocalizedText) => ({ change: fieldProblem(field, text) })

/**
 * The owner is the verified identity, so that nobody registers another person's card. A corporate card has the business
 * number of its company. Only a member without a verified identity enters a birth date.
 */
export async function readOwnerProof(
  context: Pick<WindowContext, 'storage' | 'keyRing'>,
  memberId: string,
  form: URLSearchParams,
): Promise<OwnerProof | { readonly change: WindowChange }> {
  const passwordFirstTwo = (form.get('cardPassword') ?? '').trim()
  if (!/^[0-9]{2}$/.test(passwordFirstTwo)) return invalid('cardPassword', cardPasswordText)

  const businessNumber = (form.get('businessNumber') ?? '').replace(/[\s-]/g, '')
  if (businessNumber !== '')
    return /^[0-9]{10}$/.test(businessNumber)
      ? { owner: { businessNumber }, passwordFirstTwo }
      : invalid('businessNumber', businessNumberText)

  const identity = await findMemberIdentity(context, memberId)
  const ownerBirthDate = identity?.birthDate.slice(2) ?? (form.get('ownerBirthDate') ?? '').replace(/[\s./-]/g, '')
  return /^[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$/.test(ownerBirthDate)
    ? { owner: { ownerBirthDate }, passwordFirstTwo }
    : invalid('ownerBirthDate', ownerBirthDateText)
}

/** Asks the issuer whether the card belongs to the owner. Undefined when it does. */
export async function verifyCardOwner(
  window: WindowContext,
  session: Pick<WindowSession, 'cards' | 'payment'>,
  { memberId, clearCard, owner, passwordFirstTwo }: OwnerProof & { memberId: string; clearCard: ClearCard },
): Promise<WindowChange | undefined> {
  const card = window.keyRing.fingerprint(clearCard.cardNumber, 'card-failures')
  const attempt = window.limits.cardFailures.begin({ memberId: limitedAs(session.payment, memberId), card })
  if (!attempt.ok) return tooManyFailures(attempt.retryAfterMs, session.cards.length > 0)

  const verified = await window.cardNetwork.verifyCard({ ...clearCard, ...owner, passwordFirstTwo })
  if (verified.outcome !== 'rejected') attempt.undo()
  if (verified.outcome === 'verified') return undefined
  if (verified.outcome === 'unreachable') return unreachable
  const { reason } = verified
  recordWindowEvent(window, session, 'card_verification_rejected', { reason })
  return 'businessNumber' in owner && reason === 'owner_mismatch' ? wrongBusinessNumber : declined[reason]
}

/** Each window has a new guest, so the guests of one signed form are limited together. */
const limitedAs = (payment: Payment, memberId: string): string =>
  isGeneral(payment) ? `${payment.merchantId} ${payment.request.signature}` : memberId

function tooManyFailures(retryAfterMs: number, hasCards: boolean): WindowChange {
  const minutes = Math.ceil(retryAfterMs / 60_000)
  const hours = Math.ceil(minutes / 60)
  const [ko, en] = minutes < 60 ? [`${minutes}분`, `${minutes} min`] : [`${hours}시간`, `${hours} h`]
  const but = hasCards ? [' 등록된 카드는 쓸 수 있어요.', ' You can use a card already added.'] : ['', '']
  return problem({
    ko: `카드 확인에 여러 번 실패해 지금은 등록할 수 없어요. ${ko} 뒤에 다시 시도해 주세요.${but[0]}`,
    en: `Too many cards could not be confirmed, so none can be added now. Try again in ${en}.${but[1]}`,
  })
}

const unreachable = problem({
  ko: '카드사에 카드를 확인하지 못했어요. 잠시 뒤 다시 시도해 주세요.',
  en: 'The card could not be confirmed with its issuer. Try again in a moment.',
})

const wrongBusinessNumber = fieldProblem('businessNumber', {
  ko: '이 카드의 사업자등록번호가 아니에요. 카드번호와 함께 다시 확인해 주세요.',
  en: 'This is not the business number of the card. Check it together with the card number.',
})

const declined: Readonly<Record<CardRejection, WindowChange>> = {
  owner_mismatch: fieldProblem('cardNumber', {
    ko: '본인 명의의 카드가 아니에요. 본인 카드를 입력해 주세요. 법인카드라면 사업자등록번호도 입력해 주세요.',
    en: 'This card is not in your name. Enter a card of your own. For a corporate card enter the business number too.',
  }),
  password_wrong: fieldProblem('cardPassword', {
    ko: '카드 비밀번호 앞 2자리가 맞지 않아요. 다시 입력해 주세요.',
    en: 'The first two digits of the card’s password are not right. Enter them again.',
  }),
  card_stopped: fieldProblem('cardNumber', {
    ko: '분실 신고되었거나 정지된 카드예요. 다른 카드를 입력해 주세요.',
    en: 'This card is reported lost or is stopped. Enter another card.',
  }),
  issuer_declined: fieldProblem('cardNumber', {
    ko: '카드사가 확인해 주지 않은 카드예요. 입력한 내용을 확인하거나 다른 카드를 입력해 주세요.',
    en: 'The issuer did not confirm this card. Check what you entered, or enter another card.',
  }),
}
