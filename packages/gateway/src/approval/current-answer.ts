import { resultCodes } from '@sspay/protocol'
import { rejectionBody } from '../http/answer.ts'
import type { Merchant } from '../merchants/model.ts'
import type { Payment } from './model.ts'
import { signAnswer } from './write-answer.ts'
import { writeCancelNotification } from './write-notification.ts'

/**
 * The stored answer of the approval as it stands now, the same for an inquiry and for a replayed approval (Q38, Q40). Of a
 * payment from which money went back it has the state and the cancelled amount beside everything else; when all of it went back
 * the code is not that of an approval any more, for shops that look at the code alone. Undefined when there is no answer yet.
 */
export function currentAnswer(payment: Payment, merchant: Merchant | undefined): string | undefined {
  const { answer, amount, cancelledAmount, cancelledAt } = payment
  if (answer === undefined || cancelledAt === undefined) return answer
  const isCancelled = cancelledAmount >= amount
  const { code, ko } = resultCodes.already_cancelled
  const signature = merchant && signAnswer(payment, merchant, code)
  const ended = isCancelled ? { resultCode: code, resultMessage: ko, signature } : {}
  const written = writeCancelNotification(answer, { cancelledAmount, cancelledAt }, ended)
  if (written !== undefined) return JSON.stringify(written)
  // The stored answer is damaged: an approval must not be repeated without what became of it.
  return rejectionBody(isCancelled ? 'already_cancelled' : 'internal')
}
