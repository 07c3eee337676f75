import type { FieldTable, LocalizedText, WireText } from '../field-table.ts'
import { findEncryptionMistakes } from './find-encryption-mistakes.ts'
import { findMistakes } from './find-mistakes.ts'
import type { NamedKey } from './keys.ts'
import type { Mistake } from './mistake.ts'
import { formulaOf, type Recipe } from './recipe.ts'
import { encryptedShapeOf, shapeOf } from './shapes.ts'
import { cancelSignature, deletionChecksum, paymentSignature, resultSignature, type Signature } from './signatures.ts'

/** Why a signature or a sealed body is not what it should be. Holds no key, and nothing of what is sealed. */
export interface Explanation {
  /** What should have been made of what: the values that went in, with a name in place of the key and of what is personal. */
  readonly joined: string
  /** Names for programs, seldom more than one: `hex`, `amount_commas`. Empty when no known mistake leads to what was given. */
  readonly mistakes: readonly string[]
  /** For people: what was done, and what is right. */
  readonly words: LocalizedText
}

/** What else may be tried. */
export interface ExplainOptions {
  /** Keys that may have been taken by mistake: of another merchant, of another environment. Their labels are shown, the keys never. */
  readonly otherKeys?: readonly NamedKey[]
}

/** The merchant that a form names, readable or not. */
export const merchantIdIn = (fields: WireText): string => fields.Mid ?? ''

/** EncData of an envelope, readable or not. */
export const sealedBodyIn = (envelope: WireText): string => envelope.EncData ?? ''

/** Whether a problem that a form has is about its signature, for example its length. */
export const isAboutSignature = ({ field }: { readonly field: string }): boolean => signatureFields.has(field)

const signatureFields: ReadonlySet<string> = new Set(['EncryptData', 'VerifyValue', 'HashData', 'SignValue'])

/**
 * Why EncryptData of a payment request is not what it should be (guide, STEP 1): tries the ways in which shops get it wrong, alone and in
 * pairs. `fields` are those of the form, by their wire names. Undefined when it is right. Costs some ten milliseconds.
 */
export const explainPaymentSignature = (
  fields: WireText,
  merchantKey: string,
  { otherKeys = [] }: ExplainOptions = {},
): Explanation | undefined => explain(paymentSignature(fields, { merchantKey, otherKeys }))

/**
 * Why VerifyValue of a member deletion is not what it should be (guide, SS-Pay 회원 삭제 STEP 1). `innerFields` are those inside EncData. No
 * key goes into it (Q17); with `merchantKey` it is also tried whether the shop has put one in. Undefined when it is right.
 */
export const explainDeletionChecksum = (
  innerFields: WireText,
  { merchantKey }: { readonly merchantKey?: string } = {},
): Explanation | undefined => explain(deletionChecksum(innerFields, merchantKey))

/** Why HashData of cancel.do is not what it should be (Q04). `innerFields` are those inside EncData. Undefined when it is right. */
export const explainCancelSignature = (
  innerFields: WireText,
  merchantKey: string,
  { otherKeys = [] }: ExplainOptions = {},
): Explanation | undefined => explain(cancelSignature(innerFields, { merchantKey, otherKeys }))

/**
 * Why a shop gets another SignValue than the approval answer or the notification carries. `answerFields` are those that arrived, but with
 * what the shop has computed as SignValue. Undefined when the shop computes it right.
 */
export const explainResultSignature = (
  answerFields: WireText,
  merchantKey: string,
  { otherKeys = [] }: ExplainOptions = {},
): Explanation | undefined => explain(resultSignature(answerFields, { merchantKey, otherKeys }))

/** What {@link explainSealedBody} may know beside the sealed body and the key. */
export interface SealedBodyOptions extends ExplainOptions {
  /** What should be inside: {@link memberDeletionRequest} or {@link cancelRequest}. Without it the names of the fields are not looked at. */
  readonly table?: FieldTable
  /** The Mid in clear beside EncData. Without it the Mid inside is not compared. */
  readonly merchantId?: string
}

/**
 * Why EncData of a member deletion or of cancel.do does not open, or opens to something else than the request (guide, SS-Pay 회원 삭제
 * STEP 2; Q18, Q19, Q21): tries other keys, other modes of AES, other ways to write it. Undefined when it is right. Says how it was sealed, never
 * what is in it. Throws RangeError for a MerchantKey of fewer than 32 characters.
 */
export function explainSealedBody(
  sealedBody: string,
  merchantKey: string,
  { otherKeys = [], table, merchantId }: SealedBodyOptions = {},
): Explanation | undefined {
  const found = findEncryptionMistakes({ sealedBody, merchantKey, otherKeys, table, merchantId })
  if (found?.length === 0) return undefined
  return {
    joined: encryptionFormula,
    mistakes: (found ?? []).map(({ id }) => id),
    words: found === undefined ? describeUnknownEncryption(sealedBody) : describeEncryption(found),
  }
}

const encryptionFormula = 'Base64(AES-256-CBC(<MerchantKey>[0..32), IV 16 × 0x00, PKCS#7, UTF-8 JSON))'

function describeUnknownEncryption(sealedBody: string): LocalizedText {
  const shape = shapeText(encryptedShapeOf(sealedBody))
  return {
    ko: `EncData: 알려진 실수와 맞지 않습니다.${shape.ko} 올바른 값은 ${encryptionFormula}입니다. 상점키가 이 환경의 것인지, 밖의 Mid가 그 상점키의 것인지 확인하세요.`,
    en: `EncData: no known mistake gives it.${shape.en} Right is ${encryptionFormula}. Check that the MerchantKey is the one of this environment, and of the Mid beside it.`,
  }
}

/** As a sentence among others, or nothing. */
const shapeText = (shape: LocalizedText | undefined): LocalizedText =>
  shape === undefined ? { ko: '', en: '' } : { ko: ` ${shape.ko}.`, en: ` ${shape.en}.` }

function describeEncryption(found: readonly Mistake[]): LocalizedText {
  const [ko, en] = [found.map((mistake) => mistake.ko).join(', '), found.map((mistake) => mistake.en).join(' and ')]
  return found.every(({ isInside }) => isInside)
    ? { ko: `EncData: 열리지만 내용이 다릅니다. ${ko}.`, en: `EncData opens, but ${en}.` }
    : {
        ko: `EncData: ${ko}. 올바른 값은 ${encryptionFormula}입니다.`,
        en: `EncData ${en}. Right is ${encryptionFormula}.`,
      }
}

function explain({ field, given, right, known }: Signature): Explanation | undefined {
  const found = findMistakes(right, given, known)
  if (found?.length === 0) return undefined
  return {
    joined: joinedText(right),
    mistakes: (found ?? []).map(({ id }) => id),
    words: found === undefined ? describeUnknown(field, given, right) : describe(field, found, right),
  }
}

/** Longer values are no amount and no id. */
const longestShown = 40

/** So many characters of a key in a row are no chance. */
const tellingLength = 8

/** The values as the guide joins them. A shop may have put its key into another field. */
function joinedText({ parts, key }: Recipe): string {
  const isOfKey = (text: string): boolean =>
    Array.from(text).some(
      (_character, at) => at + tellingLength <= text.length && String(key).includes(text.slice(at, at + tellingLength)),
    )
  return parts
    .map(({ role, wireName, isPersonal, value }) =>
      role === 'key' || isPersonal || isOfKey(String(value)) ? `<${wireName}>` : shown(String(value)),
    )
    .join('')
}

const shown = (value: string): string => value.slice(0, longestShown).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\uFFFD')

const formula = (right: Recipe): string => `Base64(SHA-256(${formulaOf(right)}))`

const describe = (field: string, found: readonly Mistake[], right: Recipe): LocalizedText => ({
  ko: `${field}: ${found.map(({ ko }) => ko).join(', ')}. 올바른 값은 ${formula(right)}입니다.`,
  en: `${field} ${found.map(({ en }) => en).join(' and ')}. Right is ${formula(right)}.`,
})

function describeUnknown(field: string, given: string, right: Recipe): LocalizedText {
  const shape = shapeText(shapeOf(given))
  return {
    ko: `${field}: 알려진 실수와 맞지 않습니다.${shape.ko} 올바른 값은 ${formula(right)}입니다. 상점키가 이 환경의 것인지, 서명한 값과 보낸 값이 같은지 확인하세요.`,
    en: `${field}: no known mistake gives it.${shape.en} Right is ${formula(right)}. Check that the MerchantKey is the one of this environment, and that the signed values are those that were sent.`,
  }
}
