import type { Diagnose } from '@sspay/gateway'
import { cancelRequest, memberDeletionRequest, resultCodes, type WireText } from '@sspay/protocol'
import { openBody } from '@sspay/protocol/sealed-body'
import type { SignatureName } from '../sign/signatures.ts'
import { explainSealedBody } from './explain-sealed-body.ts'
import { explainSignature } from './explain-signature.ts'

/** The keys of other merchants that are tried too; each costs time. */
const mostOtherKeys = 20

const { ko, en } = resultCodes.merchant_unknown

/** Finds the integration mistake behind a request that a sandbox's gateway has rejected. */
export const diagnose: Diagnose = (request, fields, merchants) => {
  const { Mid: merchantId = '', EncData: sealedBody = '' } = fields
  const merchant = merchants.find((one) => one.merchantId === merchantId)
  // The answer does not distinguish an unknown merchant from a body that does not open; an unknown Mid in a form has a
  // code of its own.
  if (merchant === undefined)
    return request === 'payment_request' ? undefined : { mistakes: ['merchant_unknown'], words: { ko, en } }
  const keys = {
    merchantKey: merchant.merchantKey.expose(),
    otherKeys: merchants
      .filter((one) => one !== merchant)
      .slice(0, mostOtherKeys)
      .map((one) => ({ label: one.merchantId, key: one.merchantKey.expose() })),
  }
  if (request === 'payment_request') return explainSignature('payment', fields, keys)
  const [table, signature] = encryptedRequests[request]
  const inner = (): WireText => openBody(sealedBody, keys.merchantKey) ?? {}
  return explainSealedBody(sealedBody, keys, { table, merchantId }) ?? explainSignature(signature, inner(), keys)
}

const encryptedRequests = {
  member_deletion: [memberDeletionRequest, 'deletion'],
  cancellation: [cancelRequest, 'cancel'],
} as const satisfies Readonly<Record<string, readonly [table: object, signature: SignatureName]>>
