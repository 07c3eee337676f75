import type { PendingReason } from '../../../packages/merchant/src/recover-entry.ts'
import { advice, type OutcomeAdvice } from './outcome-advice.ts'

export const pendingReasons: Readonly<Record<PendingReason, OutcomeAdvice>> = {
  outcome_unknown: advice(
    {
      ko: '서비스가 아직 답하지 못합니다. `cause`를 보세요.',
      en: 'The service does not know the outcome yet; see `cause`.',
    },
    { ko: '기다리면 됩니다.', en: 'Wait.' },
  ),
  waiting_for_expiry: advice(
    {
      ko: '원하지 않는 결제의 인증키가 끝나기를 기다립니다.',
      en: 'Waiting until the approval ticket of an unwanted payment expires.',
    },
    { ko: '기다리면 됩니다. 10분을 넘지 않습니다.', en: 'Wait; no longer than ten minutes.' },
  ),
  mismatch: advice(
    {
      ko: '다른 금액이나 위·변조된 주문이 승인되었고 상점은 아직 원한다고 합니다. 또는 다른 주문이 승인되었습니다.',
      en: 'A different amount or a tampered order was approved, and the shop still wants it; or a different order was approved.',
    },
    {
      ko: '**사람이 봅니다.** 돌려주려면 `isWanted`가 `false`라고 답해야 합니다. `order_mismatch`는 저절로 돌려주지 않습니다. `cancel`로 돌려주세요.',
      en: '**Needs a person.** To refund it, let `isWanted` return `false`. An `order_mismatch` is not refunded automatically: use `cancel`.',
    },
  ),
  contradiction: advice(
    {
      ko: '승인되었다던 결제를 이제 아니라고 합니다.',
      en: 'The service reported the payment as approved before, and as not approved now.',
    },
    {
      ko: "**사람이 봅니다.** 운영자에게 거래번호를 알려 주세요. 돈이 돌아갔다고 확인되면 `journal.recordOutcome(transactionId, 'cancelled')`로 닫습니다.",
      en: "**Needs a person.** Send the transaction id to the operator. Once the refund is confirmed, close the payment with `journal.recordOutcome(transactionId, 'cancelled')`.",
    },
  ),
  cancel_unknown: advice(
    { ko: '돌려주는 중인데 답을 모릅니다.', en: 'The refund was requested; its answer is not known yet.' },
    {
      ko: '기다리면 됩니다. 같은 차수로 다시 묻습니다.',
      en: 'Wait. The refund is retried with the same sequence number.',
    },
  ),
  cancel_rejected: advice(
    {
      ko: '돌려주려는데 서비스가 거절합니다. `code`를 보세요.',
      en: 'The service rejected the refund; see `code`.',
    },
    {
      ko: '**사람이 봅니다.** 취소 비밀번호가 틀렸거나 잠긴 경우가 많습니다. 틀린 비밀번호는 다시 보내지 않으니, 고친 뒤 서버를 다시 시작하세요.',
      en: '**Needs a person.** Usually the cancel password is wrong or locked. A wrong password is not sent again: correct it and restart the server.',
    },
  ),
  cancel_password_missing: advice(
    {
      ko: '돌려줄 돈이 있는데 `cancelPassword`가 없습니다.',
      en: 'A payment must be refunded, but `cancelPassword` is not set.',
    },
    { ko: '`recover`에 취소 비밀번호를 주세요.', en: 'Pass the cancel password to `recover`.' },
  ),
  not_marked_paid: advice(
    {
      ko: '승인되었지만 `onOutcome`이 주문에 반영하지 않았습니다. 다른 결제가 먼저 반영된 경우도 있습니다.',
      en: 'Approved, but `onOutcome` did not mark the order as paid, or another payment had already paid it.',
    },
    {
      ko: '두 번째 결제라면 `isWanted`가 `false`라고 답해야 돌아갑니다.',
      en: 'If it is a second payment, let `isWanted` return `false` and it is refunded.',
    },
  ),
  shop_error: advice(
    {
      ko: '장부, `isWanted`, `onOutcome` 가운데 하나가 예외를 던졌습니다. `error`를 보세요.',
      en: 'The journal, `isWanted` or `onOutcome` threw; see `error`.',
    },
    {
      ko: '상점의 코드를 고칩니다. 다음 실행 때 다시 합니다.',
      en: 'Fix the shop’s code. The next run retries.',
    },
  ),
}
