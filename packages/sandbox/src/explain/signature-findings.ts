import type { Secret } from '@sspay/gateway'
import type { WireText } from '@sspay/protocol'
import {
  type Explanation,
  explainCancelSignature,
  explainDeletionChecksum,
  explainPaymentSignature,
  explainResultSignature,
} from '@sspay/protocol/diagnosis'
import { deletionChecksum, signCancelRequest, signPaymentRequest, signResult } from '@sspay/protocol/signature'
import { testMerchant } from '../test-merchant.ts'
import { type Finding, note, right } from './finding.ts'
import { type MessageName, tableOf, textOf, wireNameOf } from './known-messages.ts'

interface Signing {
  /** Our name of the field that holds it. */
  readonly field: 'signature' | 'deletionChecksum'
  readonly needsKey: boolean
  explain(fields: WireText, merchantKey: string): Explanation | undefined
  /** What it should be. */
  sign(text: (name: string) => string, merchantKey: string): string
}

/** Keys that shops take by mistake; a label is shown, the key never. */
const otherKeys = [{ label: `${testMerchant.merchantId}, sandbox`, key: testMerchant.merchantKey.expose() }]

const resultSigning: Signing = {
  field: 'signature',
  needsKey: true,
  explain: (fields, merchantKey) => explainResultSignature(fields, merchantKey, { otherKeys }),
  sign: (text, merchantKey) =>
    signResult({ transactionId: text('transactionId'), resultCode: text('resultCode') }, merchantKey),
}

const signings: Readonly<Partial<Record<MessageName, Signing>>> = {
  paymentRequest: {
    field: 'signature',
    needsKey: true,
    explain: (fields, merchantKey) => explainPaymentSignature(fields, merchantKey, { otherKeys }),
    sign(text, merchantKey) {
      const [requestedAt, merchantId, amount] = [text('requestedAt'), text('merchantId'), text('amount')]
      return signPaymentRequest({ requestedAt, merchantId, amount }, merchantKey)
    },
  },
  memberDeletionRequest: {
    field: 'deletionChecksum',
    needsKey: false,
    explain: (fields, merchantKey) => explainDeletionChecksum(fields, merchantKey === '' ? {} : { merchantKey }),
    sign(text) {
      const [merchantId, customerId] = [text('merchantId'), text('customerId')]
      return deletionChecksum({ merchantId, customerId, easyPayMerchantId: text('easyPayMerchantId') })
    },
  },
  cancelRequest: {
    field: 'signature',
    needsKey: true,
    explain: (fields, merchantKey) => explainCancelSignature(fields, merchantKey, { otherKeys }),
    sign(text, merchantKey) {
      const [transactionId, cancelAmount] = [text('transactionId'), text('cancelAmount')]
      const scope = text('cancelScope') === '1' ? '1' : '0'
      return signCancelRequest({ transactionId, cancelAmount, scope }, merchantKey)
    },
  },
  approvalResult: resultSigning,
  notification: resultSigning,
}

/** Whether the message is signed as it should be; with the right value, and never with the key. */
export function findSignatureFindings(
  name: MessageName,
  fields: WireText,
  key: Secret | undefined,
): readonly Finding[] {
  const signing = signings[name]
  const table = tableOf(name)
  if (signing === undefined || textOf(table, fields, signing.field) === '') return []
  const wireName = wireNameOf(table, signing.field)
  if (key === undefined && signing.needsKey)
    return [
      note(
        `${wireName}: 상점키가 없어 확인하지 못했습니다(--key-file, SSPAY_MERCHANT_KEY, --sandbox)`,
        `${wireName} was not checked, for lack of the key: --key-file, SSPAY_MERCHANT_KEY or --sandbox`,
      ),
    ]
  const merchantKey = key?.expose() ?? ''
  const explanation = signing.explain(fields, merchantKey)
  if (explanation === undefined) return [right(`${wireName}: 맞습니다`, `${wireName} is right`)]
  const { words, joined } = explanation
  const expected = signing.sign((one) => textOf(table, fields, one), merchantKey)
  return [{ ...words, tone: 'wrong', joined, expected }]
}
