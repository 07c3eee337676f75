import type { ResultReason } from '../../../packages/protocol/src/codes/result-codes.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'
import { type Place, type ResultAdvice, seesNothing } from './model.ts'

const seesIssueRejection: LocalizedText = {
  ko: '결제창의 안내, 또는 상점의 카드 등록 실패 화면. 결제된 금액은 없습니다.',
  en: 'A message in the window, or the shop’s page of a failed registration. Nothing was charged.',
}

const rejected = (
  places: readonly Place[],
  cause: LocalizedText,
  fix: LocalizedText,
  buyer: LocalizedText = seesNothing,
): ResultAdvice => ({ places, cause, fix, buyer })

const newKey: LocalizedText = {
  ko: '이 키로는 더 결제할 수 없습니다. 고객에게 알리고 카드를 다시 등록하게 하세요.',
  en: 'The key cannot be charged any more: tell the customer and let them register a card again.',
}

/** Bill keys: issuing, charging and deleting them. */
export const billKeyAdvice = {
  bill_key_unknown: rejected(
    ['charge', 'key-deletion'],
    {
      ko: '그런 빌링키가 없습니다. 다른 상점의 키이거나, 복호화하지 않은 `BillTokenKey`를 보냈을 때도 이 답입니다.',
      en: 'There is no such bill key. A key of another merchant and an encrypted `BillTokenKey` get this answer too.',
    },
    {
      ko: '`readBillKeyResult`가 돌려준 `billKey`를 그대로 보내세요. 테스트 환경의 키는 운영에서 쓸 수 없습니다.',
      en: 'Send the `billKey` that `readBillKeyResult` returned. A key of the test environment does not exist in production.',
    },
  ),
  bill_key_deleted: rejected(
    ['charge', 'key-deletion'],
    { ko: '상점이 삭제한 빌링키입니다.', en: 'The shop deleted the bill key.' },
    newKey,
  ),
  bill_key_ended: rejected(
    ['charge', 'key-deletion'],
    {
      ko: '회원이 탈퇴했거나, 카드가 삭제되었거나, 정책에 따라 새 키로 바뀌었거나, 결제 서비스의 운영자가 키를 끝냈습니다.',
      en: 'The member was deleted, the card was removed, a newer key replaced this one by policy, or the operator of the payment service ended it.',
    },
    newKey,
  ),
  bill_key_card_registered: rejected(
    ['issue'],
    {
      ko: '같은 카드에 이미 빌링키가 있고, 상점 정책이 거절입니다.',
      en: 'The card has a bill key already, and the policy of the merchant rejects another one.',
    },
    {
      ko: '가지고 있는 키를 쓰거나, 상점의 동일 카드 정책을 바꾸세요.',
      en: 'Use the key that you have, or change the policy for the same card.',
    },
    seesIssueRejection,
  ),
  bill_key_card_not_added: rejected(
    ['issue'],
    {
      ko: '회원의 다른 카드에 빌링키가 있고, 상점 정책이 추가 카드를 거절합니다.',
      en: 'Another card of the member has a bill key, and the policy of the merchant rejects further cards.',
    },
    {
      ko: '먼저 있던 키를 삭제하거나, 상점의 추가 카드 정책을 바꾸세요.',
      en: 'Delete the earlier key first, or change the policy for further cards.',
    },
    seesIssueRejection,
  ),
  bill_key_card_foreign: rejected(
    ['issue'],
    { ko: '해외 카드입니다.', en: 'The card is a foreign one.' },
    { ko: '국내 카드로 등록하게 하세요.', en: 'Let the customer register a Korean card.' },
    seesIssueRejection,
  ),
  bill_key_card_unverified: rejected(
    ['issue'],
    {
      ko: '카드번호, 유효기간, 생년월일(사업자번호), 비밀번호 앞 2자리 가운데 하나가 틀렸습니다. 어느 것인지는 알려 주지 않습니다.',
      en: 'Card number, expiry, birth date (business number) or the first two digits of the password is wrong. The answer does not say which.',
    },
    { ko: '고객에게 다시 입력하게 하세요.', en: 'Let the customer enter the card again.' },
    seesIssueRejection,
  ),
  bill_key_order_conflict: rejected(
    ['charge'],
    {
      ko: '그 빌링키와 주문번호(`Moid`)로 다른 금액을 이미 요청했습니다. 앞의 요청이 승인되었을 수 있습니다.',
      en: 'Another amount was requested before with this bill key and `Moid`. That payment may have been approved.',
    },
    {
      ko: '앞의 금액 그대로 다시 불러 결과를 확인하세요. 다른 결제라면 새 `Moid`를 쓰세요.',
      en: 'Repeat the call with the first amount to learn its outcome. Use a new `Moid` for another payment.',
    },
  ),
  bill_keys_off: rejected(
    ['issue', 'charge', 'key-deletion'],
    { ko: '상점의 빌링 설정이 꺼져 있습니다.', en: 'Bill keys are off for the merchant.' },
    {
      ko: '결제 서비스의 운영자에게 빌링을 켜 달라고 하세요.',
      en: 'Ask the operator of the gateway to turn bill keys on.',
    },
    seesIssueRejection,
  ),
} as const satisfies Partial<Record<ResultReason, ResultAdvice>>
