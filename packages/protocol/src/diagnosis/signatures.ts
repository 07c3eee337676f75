import type { WireText } from '../field-table.ts'
import type { NamedKey } from './keys.ts'
import { idOf, type RecipeMistake } from './mistake.ts'
import { otherTimes } from './other-times.ts'
import { type Bytes, type Part, type Recipe, type Role, recipeOf, withPart } from './recipe.ts'
import { recipeMistakes } from './recipe-mistakes.ts'
import { otherSplits } from './tid-splits.ts'

/** A signature that somebody has made, and everything that may be wrong with it. */
export interface Signature {
  /** Where it travels: `EncryptData`. */
  readonly field: string
  readonly given: string
  readonly right: Recipe
  readonly known: readonly RecipeMistake[]
}

export interface Keys {
  readonly merchantKey: string
  readonly otherKeys: readonly NamedKey[]
}

const part = (name: string, wireName: string, role: Role, value: Bytes = ''): Part => ({ name, wireName, role, value })
const keyPart = (value: string): Part => part('key', 'MerchantKey', 'key', value)

/** EncryptData of the payment request (guide, STEP 1). */
export function paymentSignature(fields: WireText, { merchantKey, otherKeys }: Keys): Signature {
  const { EdiDate: date = '', EncryptData: given = '' } = fields
  const merchantId = part('merchantId', 'Mid', 'id', fields.Mid)
  const parts = [
    part('date', 'EdiDate', 'date', date),
    merchantId,
    part('amount', 'Amt', 'amount', fields.Amt),
    keyPart(merchantKey),
  ]
  const right = recipeOf(parts, merchantKey)
  const known = [
    ...replaced(merchantId, { id: 'merchant_id_mall', by: 'SspMallId', value: fields.SspMallId }),
    ...recipeMistakes(right, otherKeys),
    ...added(fields, {
      orderId: 'Moid',
      easyPayMerchantId: 'SspMallId',
      customerId: 'MallUserId',
      paymentMethod: 'PayMethod',
    }),
    ...otherTimes(date),
  ]
  return { field: 'EncryptData', given, right, known }
}

/** VerifyValue of the member deletion: without a key (Q17), and yet some shops add theirs. */
export function deletionChecksum(fields: WireText, merchantKey: string | undefined): Signature {
  const customerId = { ...part('customerId', 'MallUserId', 'id', fields.MallUserId), isPersonal: true }
  const parts = [
    part('merchantId', 'Mid', 'id', fields.Mid),
    part('easyPayMerchantId', 'SspMallId', 'id', fields.SspMallId),
    customerId,
  ]
  const right = recipeOf(parts, merchantKey)
  const known = [
    // The guide spells it both ways (Q52).
    ...replaced(customerId, { id: 'customer_id_spelling', by: 'MallUserID', value: fields.MallUserID }),
    ...(merchantKey === undefined ? [] : keyAdded(merchantKey)),
    ...recipeMistakes(right),
    ...added(fields, { serviceType: 'ServiceType', requestedAt: 'EdiDate' }),
  ]
  return { field: 'VerifyValue', given: fields.VerifyValue ?? '', right, known }
}

/** HashData of cancel.do (Q04). */
export function cancelSignature(fields: WireText, { merchantKey, otherKeys }: Keys): Signature {
  const transactionId = part('transactionId', 'Tid', 'id', fields.Tid)
  const key = keyPart(merchantKey)
  const parts = [
    transactionId,
    key,
    part('amount', 'CancelAmt', 'amount', fields.CancelAmt),
    part('cancelScope', 'PartialCancelCode', 'code', fields.PartialCancelCode),
  ]
  const right = recipeOf(parts, merchantKey)
  const known = [
    ...recipeMistakes(right, otherKeys),
    ...otherCodes('cancelScope', 'PartialCancelCode', ['0', '1', 'Y', 'N', '2', '00', 'true', 'false']),
    ...replaced(transactionId, { id: 'transaction_id_merchant', by: 'Mid', value: fields.Mid }),
    ...replaced(key, { id: 'key_cancel_password', by: 'CancelPwd', value: fields.CancelPwd }),
    ...added(fields, {
      merchantId: 'Mid',
      cancelPassword: 'CancelPwd',
      cancelSequence: 'CancelSeq',
      serviceMode: 'SERVICE_MODE',
    }),
  ]
  return { field: 'HashData', given: fields.HashData ?? '', right, known }
}

/** SignValue of approval answers and notifications: three pieces of Tid around ResultCode and MerchantKey. */
export function resultSignature(fields: WireText, { merchantKey, otherKeys }: Keys): Signature {
  const { Tid: transactionId = '', SignValue: given = '' } = fields
  const right = recipeOf(
    [
      part('tidStart', 'Tid[0..10)', 'code', transactionId.slice(0, 10)),
      part('resultCode', 'ResultCode', 'code', fields.ResultCode),
      part('tidMiddle', 'Tid[10..15)', 'code', transactionId.slice(10, 15)),
      keyPart(merchantKey),
      part('tidEnd', 'Tid[15..)', 'code', transactionId.slice(15)),
    ],
    merchantKey,
  )
  const known = [
    ...otherSplits(transactionId),
    ...recipeMistakes(right, otherKeys),
    ...otherCodes('resultCode', 'ResultCode', ['3001', '0000', '2001', '2211']),
    ...added(fields, {
      merchantId: 'Mid',
      orderId: 'Moid',
      amount: 'Amt',
      approvalNumber: 'AuthCode',
      requestedAt: 'EdiDate',
    }),
  ]
  return { field: 'SignValue', given, right, known }
}

const replaced = (
  { name, wireName }: Part,
  { id, by, value }: { readonly id: string; readonly by: string; readonly value: string | undefined },
): readonly RecipeMistake[] =>
  value === undefined
    ? []
    : [
        {
          kind: name,
          id,
          ko: `${wireName} 대신 ${by}를 썼습니다`,
          en: `uses ${by} in place of ${wireName}`,
          changes: (recipe) => [withPart(recipe, name, value)],
        },
      ]

const otherCodes = (name: string, wireName: string, codes: readonly string[]): readonly RecipeMistake[] => [
  {
    kind: name,
    id: `${idOf(name)}_other`,
    ko: `보낸 ${wireName}와 다른 값으로 서명했습니다`,
    en: `signs another ${wireName} than it sends`,
    changes: (right) => codes.map((code) => withPart(right, name, code)),
  },
]

const inserted = (right: Recipe, more: Part): readonly Recipe[] =>
  [...right.parts, more].map((_part, index) => ({ ...right, parts: right.parts.toSpliced(index, 0, more) }))

/** Fields of the same message that are not signed. */
const added = (fields: WireText, wireNames: Readonly<Record<string, string>>): readonly RecipeMistake[] =>
  Object.entries(wireNames).flatMap(([name, wireName]) => {
    const value = fields[wireName]
    const more = part(`${name}Added`, wireName, 'code', value)
    return value === undefined || value === ''
      ? []
      : [
          {
            kind: 'added',
            id: `${idOf(name)}_added`,
            isWide: true,
            ko: `${wireName}도 넣었습니다`,
            en: `also puts in ${wireName}`,
            changes: (right: Recipe) => inserted(right, more),
          },
        ]
  })

const keyAdded = (merchantKey: string): readonly RecipeMistake[] => [
  {
    kind: 'added',
    id: 'key_added',

    ko: '상점키를 넣었습니다(이 값에는 들어가지 않습니다)',
    en: 'puts in the MerchantKey, which does not belong here',
    changes: (right) =>
      [merchantKey, merchantKey.slice(0, 32), Buffer.from(merchantKey, 'base64')].flatMap((key) =>
        inserted({ ...right, key }, part('keyAdded', 'MerchantKey', 'key', key)),
      ),
  },
]
