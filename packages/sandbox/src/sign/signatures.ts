import { hash } from 'node:crypto'
import {
  approvalResult,
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyRegistrationRequest,
  billKeyRequest,
  billKeyResult,
  cancelRequest,
  type FieldTable,
  memberDeletionRequest,
  paymentRequest,
  type WireText,
} from '@sspay/protocol'
import { billKeyText } from '@sspay/protocol/internal'

/** A field by its wire name, or the characters `[from, to)` of it. */
type Piece = readonly [wireName: string, from?: number, to?: number]

export interface Signature {
  readonly table: FieldTable
  /** Wire name of the field that carries the digest. */
  readonly field: string
  /** What is joined, in this order and without separators. */
  readonly pieces: readonly Piece[]
}

const key: Piece = ['MerchantKey']
/** The same for every merchant. */
export const sharedText: Piece = [billKeyText]

const billKeyPieces: readonly Piece[] = [['EdiDate'], ['Mid'], ['Moid'], sharedText]

/** Every signature of the wire: Base64(SHA-256(pieces)) (guide, STEP 1 and SS-Pay 회원 삭제; Q04, Q05, Q17, Q68 to Q72). */
export const signatures = {
  payment: { table: paymentRequest, field: 'EncryptData', pieces: [['EdiDate'], ['Mid'], ['Amt'], key] },
  deletion: { table: memberDeletionRequest, field: 'VerifyValue', pieces: [['Mid'], ['SspMallId'], ['MallUserId']] },
  cancel: { table: cancelRequest, field: 'HashData', pieces: [['Tid'], key, ['CancelAmt'], ['PartialCancelCode']] },
  result: {
    table: approvalResult,
    field: 'SignValue',
    pieces: [['Tid', 0, 10], ['ResultCode'], ['Tid', 10, 15], key, ['Tid', 15]],
  },
  billKeyRequest: { table: billKeyRequest, field: 'VerifyValue', pieces: billKeyPieces },
  billKeyRegistration: { table: billKeyRegistrationRequest, field: 'VerifyValue', pieces: billKeyPieces },
  billKeyCharge: { table: billKeyChargeRequest, field: 'VerifyValue', pieces: [['BillTokenKey'], ['Mid'], ['Amt']] },
  billKeyDeletion: {
    table: billKeyDeletionRequest,
    field: 'VerifyValue',
    pieces: [['Mid'], ['SspMallId'], ['BillTokenKey']],
  },
  billKeyResult: {
    // The encrypted key is in the message, the decrypted one in the checksum.
    table: { ...billKeyResult, BillTokenKey: billKeyChargeRequest.BillTokenKey },
    field: 'VerifyValue',
    pieces: [['Mid'], ['BillTokenKey'], ['DisplayCardNo'], ['ResultCode'], sharedText],
  },
} as const satisfies Readonly<Record<string, Signature>>

export type SignatureName = keyof typeof signatures

/** What an absent field counts as (Q04). */
const defaults: WireText = { PartialCancelCode: '0' }

/** One value that is hashed, with the name that stands for it in a formula: `Mid`, `Tid[0..10)`, `MerchantKey`. */
export interface Part {
  readonly name: string
  readonly wireName: string
  readonly value: string | Uint8Array
}

export const partsOf = ({ pieces }: Signature, fields: WireText, merchantKey: string): readonly Part[] =>
  pieces.map(([wireName, from, to]) => ({
    name: from === undefined ? nameOf(wireName) : `${wireName}[${from}..${to ?? ''})`,
    wireName,
    value: textOfPiece(wireName, fields, merchantKey).slice(from, to),
  }))

const nameOf = (wireName: string): string => (wireName === sharedText[0] ? `"${wireName}"` : wireName)

function textOfPiece(wireName: string, fields: WireText, merchantKey: string): string {
  if (wireName === key[0]) return merchantKey
  if (wireName === sharedText[0]) return wireName
  return fields[wireName] || defaults[wireName] || ''
}

export const joinedNames = (parts: readonly Part[]): string => parts.map(({ name }) => name).join(' + ')

export const formulaOf = (parts: readonly Part[]): string => `Base64(SHA-256(${joinedNames(parts)}))`

export const needsKey = ({ pieces }: Signature): boolean => pieces.includes(key)

export interface Signed {
  readonly field: string
  /** `Base64(SHA-256(…))` */
  readonly formula: string
  /** The fields that are hashed, without the secret ones. */
  readonly values: WireText
  /** The text that is hashed, with `<MerchantKey>` or `<BillTokenKey>` in place of a secret. */
  readonly joined: string
  readonly result: string
}

/** @param fields by their wire names, as text of the wire */
export function sign(signature: Signature, fields: WireText, merchantKey: string): Signed {
  const parts = partsOf(signature, fields, merchantKey)
  const isSecret = ({ wireName }: Part): boolean =>
    wireName === key[0] || signature.table[wireName]?.sensitivity === 'secret'
  const shown = parts.filter((part) => Object.hasOwn(signature.table, part.wireName) && !isSecret(part))
  return {
    field: signature.field,
    formula: formulaOf(parts),
    values: Object.fromEntries(shown.map(({ wireName }) => [wireName, fields[wireName] ?? ''])),
    joined: parts.map((part) => (isSecret(part) ? `<${part.wireName}>` : part.value)).join(''),
    result: hash('sha256', parts.map(({ value }) => value).join(''), 'base64'),
  }
}
