import type { ResultReason } from '@sspay/protocol'
import { groupThousands } from '@sspay/protocol/internal'
import type { Payment } from '../approval/model.ts'
import { explainCurrentCall } from '../request-log/notes.ts'
import type { PasswordCheck } from './cancel-password.ts'
import type { Cancellation, WantedCancellation } from './model.ts'

export interface RejectedCancellation {
  readonly rejected: ResultReason
  /** Of the merchant that asks. */
  readonly payment?: Payment
  /** Refunds on which the rejection depends. */
  readonly cancellations?: readonly Cancellation[]
}

/** Adds the numbers behind a rejected refund to the request log; the answer has none of them. */
export function explainAdmission(rejection: RejectedCancellation, wanted: WantedCancellation): void {
  const words = wordsOf(rejection, wanted)
  if (words !== undefined) explainCurrentCall({ mistakes: [], words: { ko: words[0], en: words[1] } })
}

function wordsOf(
  { rejected, payment, cancellations = [] }: RejectedCancellation,
  wanted: WantedCancellation,
): readonly [ko: string, en: string] | undefined {
  const came = groupThousands(wanted.amount)
  const paid = groupThousands(payment?.amount ?? 0)
  switch (rejected) {
    case 'cancel_exceeds_rest': {
      const counted = cancellations.filter(({ state }) => state !== 'declined')
      const rest = groupThousands((payment?.amount ?? 0) - counted.reduce((sum, { amount }) => sum + amount, 0))
      return [
        `결제 금액 ${paid}원 가운데 남은 금액은 ${rest}원인데 ${came}원을 취소하려고 했습니다. CancelAmt를 ${rest}원 이하로 보내세요. 진행 중인 취소도 뺀 금액입니다.`,
        `Of ${paid} won ${rest} won are left, and ${came} won were to be cancelled. Send a CancelAmt of at most ${rest}; cancellations in progress are counted.`,
      ]
    }
    case 'cancel_amount_invalid':
      return wanted.amount === 0
        ? ['CancelAmt=0: 취소 금액은 1원 이상이어야 합니다.', 'CancelAmt=0: the amount must be at least 1 won.']
        : [
            `CancelAmt=${wanted.amount}: 전액 취소(PartialCancelCode=0)의 금액은 결제 금액 ${paid}원과 같아야 합니다. 일부만 취소하려면 PartialCancelCode=1로 보내세요.`,
            `CancelAmt=${wanted.amount}: a cancellation in full (PartialCancelCode=0) must be of the whole ${paid} won. To cancel a part send PartialCancelCode=1.`,
          ]
    case 'transaction_unknown':
      return payment === undefined
        ? [
            'Tid: 이 상점의 거래가 아닙니다. 승인 결과의 Tid(부분취소에도 원거래의 Tid)를 보내고, 결제한 게이트웨이인지 확인하세요.',
            'Tid: not a transaction of this merchant. Send the Tid of the approval, for a partial cancellation too, to the gateway that took the payment.',
          ]
        : [
            `Tid: 승인된 거래가 아닙니다(상태 ${payment.state}). 승인된 뒤에만 취소할 수 있습니다.`,
            `Tid: the payment is not approved (state ${payment.state}). Only an approved payment can be cancelled.`,
          ]
    case 'cancel_sequence_conflict': {
      const [known] = cancellations
      const before = groupThousands(known?.amount ?? 0)
      return [
        `CancelSeq=${wanted.cancelSequence}: 이미 ${before}원 취소에 쓴 차수인데 ${came}원으로 왔습니다. 새 취소라면 쓰지 않은 CancelSeq를, 다시 보내는 것이라면 같은 금액을 보내세요.`,
        `CancelSeq=${wanted.cancelSequence} was used for a cancellation of ${before} won, and ${came} won came. Send a new CancelSeq, or the same amount to repeat the first.`,
      ]
    }
    default:
      return undefined
  }
}

/** How many attempts are left, or how the lock is removed. */
export function explainPassword(check: PasswordCheck): void {
  const words =
    check.outcome === 'wrong'
      ? {
          ko: `CancelPwd가 상점의 취소 비밀번호(숫자 6자리)와 다릅니다. ${check.attemptsLeft}번 더 틀리면 취소가 잠깁니다. 비밀번호는 EncData 안에 평문 그대로 넣습니다.`,
          en: `CancelPwd is not the cancel password of the merchant (six digits). After ${check.attemptsLeft} more wrong ones cancelling is locked. Inside EncData the password is plain text.`,
        }
      : {
          ko: '취소 비밀번호가 연속으로 다섯 번 틀려 잠겼습니다. 원인을 고친 뒤 콘솔 첫 화면의 “취소가 잠긴 상점”에서 푸세요.',
          en: 'Five wrong cancel passwords in a row have locked cancelling. Mend the cause, then unlock the merchant on the first page of the console.',
        }
  explainCurrentCall({ mistakes: [], words })
}
