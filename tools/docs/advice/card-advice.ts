import type { ResultReason } from '../../../packages/protocol/src/codes/result-codes.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'
import { type ResultAdvice, seesNothing, seesShopsRejection } from './model.ts'

/** Declines by the card network: nothing was charged, with certainty. */
const rejectedCard = (cause: LocalizedText, fix: LocalizedText): ResultAdvice => ({
  places: ['approval', 'inquiry', 'charge'],
  cause,
  fix,
  buyer: seesShopsRejection,
})

const otherCard: LocalizedText = {
  ko: '고칠 것이 없습니다. 주문은 결제 전 그대로이니, 다른 카드로 다시 결제하게 하세요.',
  en: 'Nothing to fix. The order is still unpaid: let the buyer pay with another card.',
}

/** Success, and declines by the issuer. */
export const cardAdvice = {
  authenticated: {
    places: ['window'],
    cause: {
      ko: '구매자가 결제창에서 인증을 마쳤습니다. **아직 결제되지 않았습니다.**',
      en: 'The buyer has authenticated in the window. **Nothing has been charged yet.**',
    },
    fix: {
      ko: '받은 `Tid`와 `TrAuthKey`로 서버에서 승인을 요청하세요(`approve`). 승인 응답으로 이 코드가 오면 결제로 보지 마세요.',
      en: 'Request the approval from the server with `Tid` and `TrAuthKey` (`approve`). If this code arrives as the answer of an approval, do not treat it as paid.',
    },
    buyer: {
      ko: '“결제 인증이 끝났습니다”. 곧 상점으로 돌아갑니다.',
      en: '“Your payment is authorised”, then the shop.',
    },
  },
  approved: {
    places: ['approval', 'inquiry', 'charge'],
    cause: { ko: '카드사가 승인했고 돈이 움직였습니다.', en: 'The issuer approved the payment: the buyer is charged.' },
    fix: {
      ko: '금액·주문번호·서명이 맞는지 확인하고(`approve`가 합니다) `journal.markPaid`로 한 번만 반영하세요.',
      en: 'Check amount, order and signature (`approve` does) and mark the order as paid once, with `journal.markPaid`.',
    },
    buyer: { ko: '상점의 결제 완료 화면.', en: 'The shop’s page of a paid order.' },
  },
  cancelled: {
    places: ['cancel'],
    cause: { ko: '취소되어 돈이 구매자에게 돌아갑니다.', en: 'Cancelled: the buyer is refunded.' },
    fix: {
      ko: '환불을 끝난 것으로 적으세요. 같은 차수로 다시 불러도 같은 답이 옵니다.',
      en: 'Record the refund as done. A retry with the same sequence number gets the same answer.',
    },
    buyer: {
      ko: '상점의 취소 완료 화면. 카드사 반영은 며칠 걸릴 수 있습니다.',
      en: 'The shop’s page of a cancelled order. The issuer may take days to show it.',
    },
  },
  member_deleted: {
    places: ['deletion'],
    cause: { ko: '회원과 등록된 카드를 모두 지웠습니다.', en: 'The member and all registered cards were deleted.' },
    fix: { ko: '할 일이 없습니다.', en: 'Nothing to do.' },
    buyer: {
      ko: '다음 결제 때 약관 동의부터 다시 시작합니다.',
      en: 'The next payment starts with the terms again.',
    },
  },
  member_without_card_deleted: {
    places: ['deletion'],
    cause: {
      ko: '카드를 등록하지 않은 회원을 지웠습니다. 이것도 성공입니다.',
      en: 'A member without a card was deleted. This is success too.',
    },
    fix: {
      ko: '`PD00`만 성공으로 보지 마세요. `deleteMember`는 둘 다 `deleted`로 알려 줍니다.',
      en: 'Do not treat only `PD00` as success; `deleteMember` returns `deleted` for both.',
    },
    buyer: {
      ko: '다음 결제 때 약관 동의부터 다시 시작합니다.',
      en: 'The next payment starts with the terms again.',
    },
  },
  card_number_invalid: rejectedCard(
    {
      ko: '카드사가 모르는 번호이거나, 결제하는 사이 지운 카드입니다.',
      en: 'The issuer does not know the number, or the card was deleted meanwhile.',
    },
    otherCard,
  ),
  card_expired: rejectedCard({ ko: '유효기간이 지났습니다.', en: 'The card has expired.' }, otherCard),
  installment_unsupported: rejectedCard(
    {
      ko: '할부가 되지 않는 카드(체크카드 등)로 할부를 골랐습니다.',
      en: 'Instalments were chosen with a card that does not support them, such as a debit card.',
    },
    {
      ko: '일시불로 다시 결제하게 하세요. 폼에서 `CardQuota`를 정해 보냈다면 `00`으로 하거나 빼세요.',
      en: 'Let the buyer pay in a lump sum. If the form sets `CardQuota`, send `00` or omit it.',
    },
  ),
  installment_months_invalid: rejectedCard(
    { ko: '그 카드가 받지 않는 할부 개월입니다.', en: 'The card does not support that number of months.' },
    {
      ko: '다른 개월로 다시 결제하게 하세요. `CardQuota`를 정해 보내지 않으면 구매자가 고릅니다.',
      en: 'Let the buyer pay with another number of months. Without `CardQuota` the buyer chooses.',
    },
  ),
  card_amount_too_small: rejectedCard(
    { ko: '카드사의 최소 결제 금액보다 작습니다.', en: 'The amount is below the issuer’s minimum.' },
    { ko: '상점의 최소 주문 금액을 올리세요.', en: 'Raise the shop’s minimum order amount.' },
  ),
  balance_insufficient: rejectedCard(
    { ko: '잔액이나 한도가 모자랍니다.', en: 'The balance or the limit is too low.' },
    otherCard,
  ),
  issuer_declined: rejectedCard(
    {
      ko: '카드사가 이유를 밝히지 않고 거절했습니다(도난, 정지, 위험 거래 등).',
      en: 'The issuer declined without a reason (stolen card, blocked card, suspected fraud).',
    },
    {
      ko: '다른 카드로 결제하거나 카드사에 문의하게 하세요. 자동으로 다시 시도하지 마세요.',
      en: 'Let the buyer use another card or contact the issuer. Do not retry automatically.',
    },
  ),
  not_approved_yet: {
    places: ['inquiry'],
    cause: {
      ko: '인증만 끝난 결제입니다. 승인을 요청하지 않았거나 요청이 도착하지 않았습니다.',
      en: 'The payment is only authenticated: no approval was requested, or the request did not arrive.',
    },
    fix: {
      ko: '원하는 결제면 같은 인증키로 승인하세요. `approve`와 `recover`가 알아서 합니다.',
      en: 'If the payment is wanted, approve it with the same ticket; `approve` and `recover` do so automatically.',
    },
    buyer: seesNothing,
  },
} as const satisfies Partial<Record<ResultReason, ResultAdvice>>
