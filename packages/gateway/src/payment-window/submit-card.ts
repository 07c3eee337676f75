import { findIssuer } from '../vault/issuers.ts'
import { type RegisterCardResult, registerCard } from '../vault/register-card.ts'
import { issuerNameOf } from './card-page.ts'
import { type FactsChange, problem, type WindowContext, type WindowSession } from './model.ts'

type CardRefusal = Extract<RegisterCardResult, { ok: false }>['reason']

const refusals: Readonly<Record<CardRefusal, FactsChange>> = {
  card_number_invalid: problem('카드번호를 다시 확인해 주세요.', 'cardNumber'),
  card_expired: problem('유효기간을 다시 확인해 주세요. 기간이 지난 카드는 등록할 수 없습니다.', 'expiryMonth'),
  issuer_unknown: problem('등록할 수 없는 카드입니다. 다른 카드를 입력해 주세요.', 'cardNumber'),
  already_registered: problem('이미 등록된 카드입니다. 다른 카드를 입력해 주세요.', 'cardNumber'),
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
    return problem(`이 결제는 ${issuerNameOf(issuerCode)}카드만 사용할 수 있습니다.`, 'cardNumber')

  const registered = await registerCard(window, { memberId: member.memberId, cardNumber, expiryMonth, expiryYear })
  return registered.ok ? { cardId: registered.card.cardId, addsCard: undefined } : refusals[registered.reason]
}

const numberIn = (text: string | null): number => (/^[0-9]{1,4}$/.test(text ?? '') ? Number(text) : Number.NaN)

export function submitPopCard(form: URLSearchParams): FactsChange {
  const popCardNumber = (form.get('popCardNumber') ?? '').replace(/[\s-]/g, '')
  if (popCardNumber === '') return { popCardLastFour: '' }
  return /^[0-9]{16}$/.test(popCardNumber)
    ? { popCardLastFour: popCardNumber.slice(-4) }
    : problem('팝카드 번호는 숫자 16자리입니다. 없으면 건너뛰세요.', 'popCardNumber')
}
