import { findIssuer } from '../vault/issuers.ts'
import { type RegisterCardResult, registerCard } from '../vault/register-card.ts'
import { oneIssuerWords } from './card-page.ts'
import { type FactsChange, problem, type WindowContext, type WindowSession } from './model.ts'

type CardRefusal = Extract<RegisterCardResult, { ok: false }>['reason']

const refusals: Readonly<Record<CardRefusal, FactsChange>> = {
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
      ko: '카드는 10장까지 등록할 수 있습니다. 쓰지 않는 카드를 먼저 삭제해 주세요.',
      en: 'You can keep up to 10 cards. Delete one that you no longer use first.',
    },
    'cardNumber',
  ),
}

export async function submitCard(
  window: WindowContext,
  { member, payment }: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> {
  if (member === undefined) return {}
  const cardNumber = (form.get('cardNumber') ?? '').replace(/[\s-]/g, '')
  const expiryMonth = numberIn(form.get('expiryMonth'))
  const expiryYear = numberIn(form.get('expiryYear'))
  const { issuerCode } = payment.request
  const issuer = findIssuer(cardNumber)
  if (issuerCode !== undefined && issuer !== undefined && issuer.issuerCode !== issuerCode)
    return problem(oneIssuerWords(issuerCode), 'cardNumber')

  const registered = await registerCard(window, { memberId: member.memberId, cardNumber, expiryMonth, expiryYear })
  if (registered.ok && registered.outcome === 'known')
    return problem(
      {
        ko: '이미 등록된 카드입니다. 다른 카드를 입력해 주세요.',
        en: 'This card is already added. Enter another card.',
      },
      'cardNumber',
    )
  return registered.ok ? { cardId: registered.card.cardId, addsCard: undefined } : refusals[registered.reason]
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
