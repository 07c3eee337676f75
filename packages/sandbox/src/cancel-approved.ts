import { cancel, type Merchant } from '@sspay/merchant'
import { approvalResult, readMessage, type WireText } from '@sspay/protocol'
import { type PayContext, type PayResult, unknownSentence } from './pay-context.ts'
import { testMerchant } from './test-merchant.ts'

/** Gives the payment back that was approved a moment ago, all of it or the part that was asked for. */
export async function cancelApproved(context: PayContext, merchant: Merchant, approved: WireText): Promise<PayResult> {
  const { options, say } = context
  const read = readMessage(approvalResult, approved)
  const transactionId = read.ok ? read.value.transactionId : undefined
  if (transactionId === undefined) throw new Error('the approval names no transaction')
  const amount = typeof options.cancels === 'number' ? options.cancels : options.amount
  say(`취소 요청 / cancelling ${transactionId}, ${amount}원`)
  const outcome = await cancel(merchant, {
    transactionId,
    amount,
    isPartial: amount < options.amount,
    sequence: 1,
    cancelPassword: testMerchant.cancelPassword.expose(),
    reason: '구매자 요청',
  })
  switch (outcome.outcome) {
    case 'cancelled':
      return { exitCode: 0, sentence: `취소 / cancelled: ${amount}원`, wire: outcome.raw }
    case 'refused': {
      const { code, message, raw } = outcome
      return { exitCode: 1, sentence: `취소 거절 / refused: ${code} ${message.ko} / ${message.en}`, wire: raw }
    }
    case 'unknown':
      return { exitCode: 3, sentence: unknownSentence(context, outcome) }
  }
}
