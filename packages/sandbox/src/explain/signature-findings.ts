import type { Secret } from '@sspay/gateway'
import type { WireText } from '@sspay/protocol'
import { explainSignature } from '../diagnosis/explain-signature.ts'
import type { DiagnosisKeys } from '../diagnosis/mistake.ts'
import { needsKey, type SignatureName, sign, signatures } from '../sign/signatures.ts'
import { testMerchant } from '../test-merchant.ts'
import { type Finding, note, right } from './finding.ts'
import type { MessageName } from './known-messages.ts'

const signatureOf: Readonly<Partial<Record<MessageName, SignatureName>>> = {
  paymentRequest: 'payment',
  generalPaymentRequest: 'payment',
  memberDeletionRequest: 'deletion',
  cancelRequest: 'cancel',
  approvalResult: 'result',
  notification: 'result',
}

/** The key of the test merchant is a common mistake. */
export const diagnosisKeys = (key: Secret | undefined): DiagnosisKeys => ({
  merchantKey: key?.expose() ?? '',
  otherKeys: [{ label: `${testMerchant.merchantId}, sandbox`, key: testMerchant.merchantKey.expose() }],
})

/** Whether the message is signed correctly; with the right value, never with the key. */
export function findSignatureFindings(
  message: MessageName,
  fields: WireText,
  key: Secret | undefined,
): readonly Finding[] {
  const name = signatureOf[message]
  if (name === undefined) return []
  const signature = signatures[name]
  const { field } = signature
  if ((fields[field] ?? '') === '') return []
  if (key === undefined && needsKey(signature))
    return [
      note(
        `${field}: 상점키가 없어 확인하지 못했습니다(--key-file, SSPAY_MERCHANT_KEY, --sandbox)`,
        `${field} was not checked, for lack of the key: --key-file, SSPAY_MERCHANT_KEY or --sandbox`,
      ),
    ]
  const keys = diagnosisKeys(key)
  const explanation = explainSignature(name, fields, keys)
  if (explanation === undefined) return [right(`${field}: 맞습니다`, `${field} is right`)]
  const { words, joined } = explanation
  const expected = sign(signature, fields, keys.merchantKey).result
  return [{ ...words, tone: 'wrong', ...(joined === undefined ? {} : { joined }), expected }]
}
