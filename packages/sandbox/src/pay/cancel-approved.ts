import { cancel, type Merchant } from '@sspay/merchant'
import { approvalResult, readMessage, type WireText } from '@sspay/protocol'
import { type PayContext, type PayResult, unknownSentence } from './pay-context.ts'
import { testMerchant } from '../test-merchant.ts'

/** Gives the payment back that was approved a moment ago, all of it or the part that was asked for. */
export async function cancelApproved(context: PayContext, merchant: Merchant, approved: WireText): Promise<PayResult> {
  const { options, t } = context
  const read = readMessage(approvalResult, approved)
  const transactionId = read.ok ? read.value.transactionId : undefined
  if (transactionId === undefined) throw new Error('the approval names no transaction')
  const amount = typeof options.cancels === 'number' ? options.cancels : options.amount
  t({ ko: `취소 요청: ${transactionId}, ${amount}원`, en: `cancelling ${transactionId}, ${amount} won` })
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
      return { exitCode: 0, sentence: { ko: `취소: ${amount}원`, en: `cancelled: ${amount} won` }, wire: outcome.raw }
    case 'rejected': {
      const { code, message, raw } = outcome
      const sentence = { ko: `취소 거절: ${code} ${message.ko}`, en: `refused: ${code} ${message.en}` }
      return { exitCode: 1, sentence, wire: raw }
    }
    case 'unknown':
      return { exitCode: 3, sentence: unknownSentence(context, outcome) }
  }
}
