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

/** Taking money back, and deleting members. */
export const cancelAdvice = {
  cancel_amount_invalid: rejectedCancel(
    {
      ko: '전액 취소인데 금액이 결제 금액과 다르거나, 0원이거나, 세금 세 금액의 합이 다르거나, 카드사가 금액을 거절했습니다.',
      en: 'A full cancellation over another amount, zero won, three tax amounts that do not add up, or an amount the issuer refuses.',
    },
    { ko: '일부만 취소하려면 `isPartial: true`로 부르세요.', en: 'For a part call with `isPartial: true`.' },
  ),
  transaction_unknown: rejectedCancel(
    {
      ko: '그 상점의 승인된 거래가 아닙니다. 없는 거래, 다른 상점의 거래, 승인되지 않은 거래가 모두 이 답입니다.',
      en: 'Not an approved payment of this merchant: unknown, of another shop and not approved are one answer.',
    },
    {
      ko: '`Tid`와 환경을 확인하세요. 부분취소에도 원거래의 `Tid`를 씁니다.',
      en: 'Check `Tid` and environment. A part too is cancelled by the `Tid` of the payment.',
    },
  ),
  already_cancelled: {
    places: ['cancel', 'approval', 'inquiry', 'shop'],
    cause: { ko: '이미 전액 취소된 거래입니다.', en: 'All of it has gone back already.' },
    fix: {
      ko: '환불이 끝난 것으로 보면 됩니다. 돈이 두 번 나가지 않았습니다.',
      en: 'Take the refund as done; nothing was given back twice.',
    },
    buyer: seesOwnOrders,
  },
  cancel_exceeds_rest: rejectedCancel(
    {
      ko: '남은 금액보다 많이 취소하려 했습니다. 진행 중인 취소의 금액도 빼고 셉니다.',
      en: 'More than what is left; cancellations under way are counted.',
    },
    { ko: '상점의 환불 기록에서 남은 금액을 계산하세요.', en: 'Compute the rest from the shop’s own refunds.' },
  ),
  partial_cancel_impossible: rejectedCancel(
    { ko: '카드사가 부분취소를 받지 않습니다.', en: 'The issuer takes no partial cancellation.' },
    {
      ko: '전액 취소하고 남는 금액을 다시 결제하게 하세요.',
      en: 'Cancel all of it and let the buyer pay the rest anew.',
    },
  ),
  cancel_password_wrong: rejectedCancel(
    {
      ko: '취소 비밀번호가 틀렸습니다. 다섯 번 틀리면 잠깁니다.',
      en: 'The cancel password is wrong. Five wrong ones lock.',
    },
    {
      ko: '**자동으로 다시 시도하지 마세요.** 설정을 고친 뒤 부르세요.',
      en: '**Do not retry by yourself.** Repair the setting first.',
    },
  ),
  cancel_password_locked: rejectedCancel(
    {
      ko: '다섯 번 틀려 이 상점의 모든 취소가 잠겼습니다. 맞는 비밀번호도 거절합니다.',
      en: 'Five wrong ones: every cancellation of this merchant is locked, the right password too.',
    },
    {
      ko: '운영자가 콘솔에서 잠금을 풉니다. 그 전에 비밀번호를 고치세요.',
      en: 'The operator unlocks it in the console. Repair the password before.',
    },
  ),
  cancel_sequence_conflict: rejectedCancel(
    {
      ko: '같은 `CancelSeq`를 다른 금액이나 범위로 다시 썼습니다.',
      en: 'The same `CancelSeq` with another amount or scope.',
    },
    {
      ko: '취소마다 새 차수를 먼저 저장하고, 재시도에는 그 차수와 금액을 그대로 쓰세요.',
      en: 'Store a new sequence for each cancellation first, and repeat with the same number and amount.',
    },
  ),
  cancel_unresolved: {
    places: ['cancel'],
    cause: {
      ko: '카드사가 답하지 않아 결과를 모릅니다. 금액은 묶여 있고 게이트웨이가 계속 확인합니다.',
      en: 'The card network is silent. The amount is set aside and the gateway keeps asking.',
    },
    fix: {
      ko: '같은 차수로 나중에 다시 부르세요. 두 번 취소되지 않습니다.',
      en: 'Call again later with the same sequence; nothing is given back twice.',
    },
    buyer: {
      ko: '“취소를 확인하고 있습니다”. 취소되었다고도 안 되었다고도 하지 마세요.',
      en: '“We are checking the refund”: say neither yes nor no.',
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
  member_unknown: rejectedDeletion(
    {
      ko: '그 `SspMallId`에 그 고객이 없습니다. 응답을 잃은 삭제를 다른 본문으로 다시 부른 경우도 이 답입니다.',
      en: 'No such customer at that `SspMallId`; also a deletion called again with another body after its answer was lost.',
    },
    { ko: '탈퇴 처리라면 성공으로 보아도 됩니다.', en: 'When a customer leaves, this is as good as deleted.' },
  ),
  sealed_body_invalid: {
    places: ['cancel', 'deletion'],
    cause: {
      ko: '`EncData`가 열리지 않거나 안의 `Mid`가 밖의 것과 다릅니다. 왜인지는 알려 주지 않습니다.',
      en: '`EncData` does not open, or names another `Mid` than the envelope. Why is not told.',
    },
    fix: {
      ko: '키는 상점키 **글자의 앞 32자**입니다(Base64를 풀지 않습니다). AES-256-CBC, PKCS#7, IV는 0 열여섯 바이트. [벡터](../../../packages/protocol/vectors/sealed-bodies.json)로 확인하세요.',
      en: 'The key is the **first 32 characters** of the MerchantKey text, not decoded. AES-256-CBC, PKCS#7, an IV of sixteen zero bytes. Check against the [vectors](../../../packages/protocol/vectors/sealed-bodies.json).',
    },
    buyer: seesNothing,
  },
  deletion_replayed: rejectedDeletion(
    {
      ko: '예전에 처리한 삭제 요청과 똑같은 본문인데, 그 고객이 다시 가입했습니다.',
      en: 'The body of an earlier deletion, and the customer has joined again since.',
    },
    {
      ko: '`MallReserved`를 요청마다 다르게 하세요. `deleteMember`는 그렇게 합니다.',
      en: 'Let `MallReserved` differ each time, as `deleteMember` does.',
    },
  ),
  deletion_checksum_wrong: rejectedDeletion(
    {
      ko: '`VerifyValue`가 `Base64(SHA-256(Mid + SspMallId + MallUserId))`와 다릅니다.',
      en: '`VerifyValue` is not `Base64(SHA-256(Mid + SspMallId + MallUserId))`.',
    },
    {
      ko: '세 값의 순서를 보세요. 상점키는 들어가지 않습니다.',
      en: 'Look at the order of the three; the MerchantKey is not part of it.',
    },
  ),
} as const satisfies Partial<Record<ResultReason, ResultAdvice>>
