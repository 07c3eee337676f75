import type { Secret } from '@sspay/gateway'
import { billKeyResult, type WireText } from '@sspay/protocol'
import { wireNameOf } from '@sspay/protocol/internal'
import { decryptText } from '@sspay/protocol/sealed-body'
import { explainSignature } from '../diagnosis/explain-signature.ts'
import type { DiagnosisKeys } from '../diagnosis/mistake.ts'
import { needsKey, type SignatureName, sign, signatures } from '../sign/signatures.ts'
import { testMerchant } from '../test-merchant.ts'
import { type Finding, note, right, wrong } from './finding.ts'
import type { MessageName } from './known-messages.ts'

const signatureOf: Readonly<Partial<Record<MessageName, SignatureName>>> = {
  paymentRequest: 'payment',
  generalPaymentRequest: 'payment',
  memberDeletionRequest: 'deletion',
  cancelRequest: 'cancel',
  approvalResult: 'result',
  notification: 'result',
  billKeyRequest: 'billKeyRequest',
  billKeyRegistrationRequest: 'billKeyRegistration',
  billKeyChargeRequest: 'billKeyCharge',
  billKeyDeletionRequest: 'billKeyDeletion',
  billKeyResult: 'billKeyResult',
}

/** The key of the test merchant is a common mistake. */
export const diagnosisKeys = (key: Secret | undefined): DiagnosisKeys => ({
  merchantKey: key?.expose() ?? '',
  otherKeys: [{ label: `${testMerchant.merchantId}, sandbox`, key: testMerchant.merchantKey.expose() }],
})

const keyNotDecrypted = wrong({
  ko: 'BillTokenKey: 이 상점키로 복호화되지 않습니다. 다른 상점이나 다른 환경의 결과입니다',
  en: 'BillTokenKey does not decrypt with this MerchantKey: the result belongs to another merchant or environment',
})

/** With the decrypted bill key, which the checksum covers; it is shown nowhere. Undefined where it does not decrypt. */
function withClearKey(fields: WireText, { merchantKey }: DiagnosisKeys): WireText | undefined {
  const name = wireNameOf(billKeyResult, 'encryptedBillKey')
  const billKey = decryptText(fields[name] ?? '', merchantKey)
  return billKey === undefined ? undefined : { ...fields, [name]: billKey }
}

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
  const isOverClearKey = message === 'billKeyResult'
  if (key === undefined && (needsKey(signature) || isOverClearKey))
    return [
      note(
        `${field}: 상점키가 없어 확인하지 못했습니다(--key-file, SSPAY_MERCHANT_KEY, --sandbox)`,
        `${field} was not checked, for lack of the key: --key-file, SSPAY_MERCHANT_KEY or --sandbox`,
      ),
    ]
  const keys = diagnosisKeys(key)
  const signed = isOverClearKey ? withClearKey(fields, keys) : fields
  if (signed === undefined) return [keyNotDecrypted]
  const explanation = explainSignature(name, signed, keys)
  if (explanation === undefined) return [right(`${field}: 맞습니다`, `${field} is right`)]
  const { words, joined } = explanation
  const expected = sign(signature, signed, keys.merchantKey).result
  return [{ ...words, tone: 'wrong', ...(joined === undefined ? {} : { joined }), expected }]
}
