import type { ResultReason } from '../../../packages/protocol/src/codes/result-codes.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'
import { type ResultAdvice, seesNothing, seesOwnOrders } from './model.ts'

const rejectedCancel = (cause: LocalizedText, fix: LocalizedText): ResultAdvice => ({
  places: ['cancel'],
  cause,
  fix,
  buyer: seesOwnOrders,
})

const rejectedDeletion = (cause: LocalizedText, fix: LocalizedText): ResultAdvice => ({
  places: ['deletion'],
  cause,
  fix,
  buyer: seesNothing,
})

/** Cancellations (refunds) and member deletions. */
export const cancelAdvice = {
  cancel_amount_invalid: rejectedCancel(
    {
      ko: '전액 취소인데 금액이 결제 금액과 다르거나, 0원이거나, 세금 세 금액의 합이 다르거나, 카드사가 금액을 거절했습니다.',
      en: 'A full cancellation whose amount differs from the payment, an amount of zero won, tax amounts that do not add up, or an amount that the issuer rejected.',
    },
    { ko: '일부만 취소하려면 `isPartial: true`로 부르세요.', en: 'To cancel a part, pass `isPartial: true`.' },
  ),
  transaction_unknown: rejectedCancel(
    {
      ko: '그 상점의 승인된 거래가 아닙니다. 없는 거래, 다른 상점의 거래, 승인되지 않은 거래가 모두 이 답입니다.',
      en: 'Not an approved payment of this merchant. An unknown transaction, one of another merchant and one that was not approved all get this answer.',
    },
    {
      ko: '`Tid`와 환경을 확인하세요. 부분취소에도 원거래의 `Tid`를 씁니다.',
      en: 'Check `Tid` and the environment. A partial cancellation also uses the `Tid` of the payment.',
    },
  ),
  already_cancelled: {
    places: ['cancel', 'approval', 'inquiry', 'shop'],
    cause: { ko: '이미 전액 취소된 거래입니다.', en: 'The payment is already cancelled in full.' },
    fix: {
      ko: '환불이 끝난 것으로 보면 됩니다. 돈이 두 번 나가지 않았습니다.',
      en: 'Treat the refund as done. Nothing was refunded twice.',
    },
    buyer: seesOwnOrders,
  },
  cancel_exceeds_rest: rejectedCancel(
    {
      ko: '남은 금액보다 많이 취소하려 했습니다. 진행 중인 취소의 금액도 빼고 셉니다.',
      en: 'The amount exceeds what is left. Cancellations in progress count as cancelled.',
    },
    {
      ko: '상점의 환불 기록에서 남은 금액을 계산하세요.',
      en: 'Compute the remaining amount from the shop’s own record of refunds.',
    },
  ),
  partial_cancel_impossible: rejectedCancel(
    { ko: '카드사가 부분취소를 받지 않습니다.', en: 'The issuer does not support partial cancellation.' },
    {
      ko: '전액 취소하고 남는 금액을 다시 결제하게 하세요.',
      en: 'Cancel the payment in full and let the buyer pay the remaining amount in a new payment.',
    },
  ),
  cancel_password_wrong: rejectedCancel(
    {
      ko: '취소 비밀번호가 틀렸습니다. 다섯 번 틀리면 잠깁니다.',
      en: 'The cancel password is wrong. Five wrong attempts lock it.',
    },
    {
      ko: '**자동으로 다시 시도하지 마세요.** 설정을 고친 뒤 부르세요.',
      en: '**Do not retry automatically.** Correct the setting first.',
    },
  ),
  cancel_password_locked: rejectedCancel(
    {
      ko: '다섯 번 틀려 이 상점의 모든 취소가 잠겼습니다. 맞는 비밀번호도 거절합니다.',
      en: 'Five wrong attempts locked every cancellation of this merchant. The correct password is rejected too.',
    },
    {
      ko: '운영자가 콘솔에서 잠금을 풉니다. 그 전에 비밀번호를 고치세요.',
      en: 'The operator unlocks it in the console. Correct the password first.',
    },
  ),
  cancel_sequence_conflict: rejectedCancel(
    {
      ko: '같은 `CancelSeq`를 다른 금액이나 범위로 다시 썼습니다.',
      en: 'The same `CancelSeq` was used with a different amount or scope.',
    },
    {
      ko: '취소마다 새 차수를 먼저 저장하고, 재시도에는 그 차수와 금액을 그대로 쓰세요.',
      en: 'Store a new sequence number before each cancellation, and retry with the same number and amount.',
    },
  ),
  cancel_unresolved: {
    places: ['cancel'],
    cause: {
      ko: '카드사가 답하지 않아 결과를 모릅니다. 금액은 묶여 있고 게이트웨이가 계속 확인합니다.',
      en: 'The card network did not answer, so the outcome is not known. The amount stays reserved and the gateway keeps inquiring.',
    },
    fix: {
      ko: '같은 차수로 나중에 다시 부르세요. 두 번 취소되지 않습니다.',
      en: 'Retry later with the same sequence number. Nothing is refunded twice.',
    },
    buyer: {
      ko: '“취소를 확인하고 있어요”. 취소되었다고도 안 되었다고도 하지 마세요.',
      en: '“We are checking the refund”. Do not say that it succeeded or failed.',
    },
  },
  cancel_signature_wrong: rejectedCancel(
    {
      ko: '`HashData`가 `Base64(SHA-256(Tid + MerchantKey + CancelAmt + PartialCancelCode))`와 다릅니다.',
      en: '`HashData` is not `Base64(SHA-256(Tid + MerchantKey + CancelAmt + PartialCancelCode))`.',
    },
    {
      ko: '`cancel()`을 쓰거나 [검증 벡터](../../../packages/protocol/vectors/signatures.json)로 확인하세요.',
      en: 'Use `cancel()`, or check against the [vectors](../../../packages/protocol/vectors/signatures.json).',
    },
  ),
  member_unknown: {
    ...rejectedDeletion(
      {
        ko: '그 `SspMallId`에 그 고객이 없습니다. 응답을 잃은 삭제를 다른 본문으로 다시 부른 경우도 이 답입니다.',
        en: '`SspMallId` has no such customer. A deletion that is sent again with a different body after its answer was lost also gets this answer.',
      },
      { ko: '탈퇴 처리라면 성공으로 보아도 됩니다.', en: 'If the customer is leaving the shop, treat it as success.' },
    ),
    places: ['deletion', 'issue'],
  },
  sealed_body_invalid: {
    places: ['cancel', 'deletion', 'issue', 'charge', 'key-deletion'],
    cause: {
      ko: '`EncData`가 열리지 않거나 안의 `Mid`가 밖의 것과 다릅니다. 왜인지는 알려 주지 않습니다.',
      en: '`EncData` cannot be decrypted, or its `Mid` differs from the envelope. The answer does not say which.',
    },
    fix: {
      ko: '키는 상점키 **글자의 앞 32자**입니다(Base64를 풀지 않습니다). AES-256-CBC, PKCS#7, IV는 0 열여섯 바이트. [벡터](../../../packages/protocol/vectors/sealed-bodies.json)로 확인하세요.',
      en: 'The key is the **first 32 characters** of the MerchantKey text, not decoded. AES-256-CBC, PKCS#7, an IV of sixteen zero bytes. Check against the [vectors](../../../packages/protocol/vectors/sealed-bodies.json).',
    },
    buyer: seesNothing,
  },
  deletion_replayed: rejectedDeletion(
    {
      ko: '예전에 처리한 삭제 요청과 똑같은 본문인데, 그 고객이 다시 가입했고, 상점의 `repeatedDeletion`이 `reject`입니다.',
      en: 'The body is identical to that of an earlier deletion, the customer has joined again since, and `repeatedDeletion` of the merchant is `reject`.',
    },
    {
      ko: '`MallReserved`를 요청마다 다르게 하세요. `deleteMember`는 그렇게 합니다.',
      en: 'Use a different `MallReserved` in each request, as `deleteMember` does.',
    },
  ),
  checksum_wrong: {
    places: ['deletion', 'issue', 'charge', 'key-deletion'],
    cause: {
      ko: '`VerifyValue`가 다릅니다. `Base64(SHA-256(…))`의 값은 회원 삭제 `Mid + SspMallId + MallUserId`, 빌링키 발급 `EdiDate + Mid + Moid + SMARTRO!@#`, 결제 `BillTokenKey + Mid + Amt`, 키 삭제 `Mid + SspMallId + BillTokenKey`입니다.',
      en: '`VerifyValue` is wrong. It is `Base64(SHA-256(…))` of `Mid + SspMallId + MallUserId` for a member deletion, `EdiDate + Mid + Moid + SMARTRO!@#` for the issue of a bill key, `BillTokenKey + Mid + Amt` for its payment and `Mid + SspMallId + BillTokenKey` for its deletion.',
    },
    fix: {
      ko: '값의 순서를 보세요. 상점키는 들어가지 않고, `BillTokenKey`는 복호화한 값입니다.',
      en: 'Check the order of the values. The MerchantKey is not part of them, and `BillTokenKey` is decrypted.',
    },
    buyer: seesNothing,
  },
} as const satisfies Partial<Record<ResultReason, ResultAdvice>>
