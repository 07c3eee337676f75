import type { LocalizedText } from '@sspay/protocol'
import { type Card, longestCardName, type ReadCardName, readCardName } from '../vault/model.ts'
import { chooseDefaultCard, deleteCard, nameCard } from '../vault/store.ts'
import { fieldProblem, type Submission, type WindowChange, type WindowSession } from './model.ts'
import { recordWindowEvent } from './session.ts'

type NameRejection = Extract<ReadCardName, { readonly ok: false }>['reason']

const nameRejections: Readonly<Record<NameRejection, LocalizedText>> = {
  too_long: {
    ko: `이름은 ${longestCardName}자까지 쓸 수 있습니다. 더 짧게 적어 주세요.`,
    en: `A name has up to ${longestCardName} characters. Choose a shorter one.`,
  },
  holds_number: {
    ko: '카드번호나 전화번호는 이름으로 쓸 수 없습니다. 다른 이름을 적어 주세요.',
    en: 'A card or phone number cannot be a name. Choose another one.',
  },
  unreadable: {
    ko: '쓸 수 없는 문자가 있습니다. 글자와 숫자로 다시 적어 주세요.',
    en: 'There is a character that cannot be used. Use letters and digits.',
  },
}

/** The form's card, if it is in the member's wallet; otherwise the form changes nothing. */
const cardOf = ({ wallet }: WindowSession, form: URLSearchParams): Card | undefined =>
  wallet.find(({ cardId }) => cardId === form.get('cardId'))

export async function submitCardName({ window, session, form }: Submission): Promise<WindowChange> {
  const card = cardOf(session, form)
  if (card === undefined) return {}
  const read = readCardName(form.get('cardName') ?? '')
  if (!read.ok) return fieldProblem(`name-${card.cardId}`, nameRejections[read.reason])
  await nameCard(window, { ...card, name: read.name })
  return { success: { ko: '카드 이름을 저장했습니다.', en: 'The name of the card is saved.' } }
}

export async function submitDefaultCard({ window, session, form }: Submission): Promise<WindowChange> {
  const card = cardOf(session, form)
  if (card === undefined || !(await chooseDefaultCard(window, card))) return {}
  return { cardId: card.cardId, success: { ko: '기본 카드를 바꿨습니다.', en: 'Your default card has changed.' } }
}

export const askDeletion = ({ session, form }: Submission): WindowChange => ({
  deletesCardId: cardOf(session, form)?.cardId,
})

/** Deletes only the card that the page asks about, not that of an older page. */
export async function submitCardDeletion({ window, session, form }: Submission): Promise<WindowChange> {
  const card = cardOf(session, form)
  if (card === undefined || card.cardId !== session.state.deletesCardId) return { deletesCardId: undefined }
  const isDeleted = await deleteCard(window, card)
  if (isDeleted) recordWindowEvent(window, session, 'card_removed', { object: card.cardId })
  const success = { ko: '카드를 삭제했습니다.', en: 'The card was deleted.' }
  return { deletesCardId: undefined, ...(isDeleted ? { success } : {}) }
}
