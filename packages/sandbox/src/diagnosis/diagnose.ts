import type { Diagnose, DiagnosedEnvelope, DiagnosedForm, DiagnosedRequest, Explanation } from '@sspay/gateway'
import {
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyRegistrationRequest,
  cancelRequest,
  memberDeletionRequest,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { openBody } from '@sspay/protocol/sealed-body'
import type { SignatureName } from '../sign/signatures.ts'
import { testMerchant } from '../test-merchant.ts'
import { encryptionFormula, explainSealedBody } from './explain-sealed-body.ts'
import { explainSignature } from './explain-signature.ts'

/** The keys of other merchants that are tried too; each costs time. */
const mostOtherKeys = 20

/** Finds the integration mistake behind a request that a sandbox's gateway has rejected. */
export const diagnose: Diagnose = (request, fields, merchants) => {
  const { Mid: merchantId = '', EncData: sealedBody = '' } = fields
  const merchant = merchants.find((one) => one.merchantId === merchantId)
  // To the API an unknown merchant and a body that cannot be decrypted get the same code; an unknown Mid in a form has
  // a code of its own.
  if (merchant === undefined) return isForm(request) ? undefined : explainMerchant(merchantId)
  const keys = {
    merchantKey: merchant.merchantKey.expose(),
    otherKeys: merchants
      .filter((one) => one !== merchant)
      .slice(0, mostOtherKeys)
      .map((one) => ({ label: one.merchantId, key: one.merchantKey.expose() })),
  }
  if (isForm(request)) return explainSignature(forms[request], fields, keys)
  const [table, signature] = encryptedRequests[request]
  if (sealedBody === '') return explainMissingBody(Object.keys(fields).filter((name) => Object.hasOwn(table, name)))
  const inner = (): WireText => openBody(sealedBody, keys.merchantKey) ?? {}
  return explainSealedBody(sealedBody, keys, { table, merchantId }) ?? explainSignature(signature, inner(), keys)
}

const forms = {
  payment_request: 'payment',
  bill_key_request: 'billKeyRequest',
} as const satisfies Readonly<Record<DiagnosedForm, SignatureName>>

const isForm = (request: DiagnosedRequest): request is DiagnosedForm => Object.hasOwn(forms, request)

const encryptedRequests = {
  member_deletion: [memberDeletionRequest, 'deletion'],
  cancellation: [cancelRequest, 'cancel'],
  bill_key_registration: [billKeyRegistrationRequest, 'billKeyRegistration'],
  bill_key_charge: [billKeyChargeRequest, 'billKeyCharge'],
  bill_key_deletion: [billKeyDeletionRequest, 'billKeyDeletion'],
} as const satisfies Readonly<Record<DiagnosedEnvelope, readonly [table: object, signature: SignatureName]>>

const explainMerchant = (merchantId: string): Explanation =>
  merchantId === ''
    ? {
        mistakes: ['merchant_missing'],
        words: {
          ko: 'Mid가 없습니다. 암호화한 EncData 옆에 Mid를 평문으로 함께 보내세요.',
          en: 'Mid is missing: send it as plain text beside the encrypted EncData.',
        },
      }
    : {
        mistakes: ['merchant_unknown'],
        words: {
          ko: `${resultCodes.merchant_unknown.ko} 있는 상점은 sspay merchants list 로 봅니다. 테스트 상점은 ${testMerchant.merchantId}입니다.`,
          en: `${resultCodes.merchant_unknown.en} sspay merchants list shows those that exist; the test merchant is ${testMerchant.merchantId}.`,
        },
      }

/** `plain`: names of the request that should be inside EncData. */
function explainMissingBody(plain: readonly string[]): Explanation {
  const inClear = plain.filter((name) => name !== 'Mid').slice(0, 6)
  const names = inClear.join(', ')
  return {
    joined: encryptionFormula,
    mistakes: [inClear.length > 0 ? 'not_encrypted' : 'missing'],
    words:
      inClear.length > 0
        ? {
            ko: `EncData가 없고 ${names}이(가) 암호화하지 않은 채 왔습니다. 전문을 JSON으로 만들어 암호화한 값을 EncData에 넣고, Mid와 함께 두 값만 보내세요.`,
            en: `EncData is missing, and ${names} came unencrypted. Encrypt the fields as JSON, and send only that EncData and Mid.`,
          }
        : {
            ko: 'EncData가 없습니다. 전문을 JSON으로 만들어 암호화한 값을 EncData에 넣고, Mid와 함께 보내세요.',
            en: 'EncData is missing. Encrypt the fields as JSON, and send that EncData with Mid.',
          },
  }
}
