import type { Explanation } from '@sspay/gateway'
import type { WireText } from '@sspay/protocol'
import {
  formulaOf,
  type Part,
  partsOf,
  type Signature,
  type SignatureName,
  sharedText,
  signatures,
} from '../sign/signatures.ts'
import { type DiagnosisKeys, type Mistake, type MistakeRow, mistakeOf } from './mistake.ts'
import { digestBy, type Recipe, type SignedMessage, signatureMistakes } from './signature-mistakes.ts'
import { encodingMistakes, readingsOf } from './value-mistakes.ts'

/** The bound of the cost: longer values are only compared with the right digest, and longer variants are skipped. */
const mostCharacters = 1024

/**
 * Explains why a signature is wrong by reproducing the known mistakes until one gives the same value. A digest that
 * agrees was made that way: 256 bits do not agree by chance.
 *
 * @param fields of the message, by their wire names
 * @returns undefined when the signature is right
 */
export function explainSignature(name: SignatureName, fields: WireText, keys: DiagnosisKeys): Explanation | undefined {
  const signature: Signature = signatures[name]
  const { field } = signature
  const right: Recipe = { parts: partsOf(signature, fields, keys.merchantKey) }
  const given = fields[field] ?? ''
  const found = given === '' ? [mistakeOf(missingRow)] : findMistakes(right, given, { ...keys, fields })
  if (found?.length === 0) return undefined
  const formula = formulaOf(right.parts)
  const [ko, en] = found
    ? [found.map((one) => one.ko).join(', '), found.map((one) => one.en).join(' and ')]
    : [
        '알려진 실수와 맞지 않습니다. 상점키가 이 환경의 것인지, 서명한 값과 보낸 값이 같은지 확인하세요',
        'matches no known mistake: check that the MerchantKey belongs to this environment and that the signed values are those sent',
      ]
  return {
    joined: joinedText(signature, right.parts, keys.merchantKey),
    mistakes: (found ?? []).map(({ id }) => id),
    words: { ko: `${field}: ${ko}. 올바른 값은 ${formula}입니다.`, en: `${field} ${en}. Right is ${formula}.` },
  }
}

/** Empty for a right signature, undefined when no known mistake gives it. */
function findMistakes(right: Recipe, given: string, message: SignedMessage): readonly Mistake[] | undefined {
  const readings = readingsOf(given)
  const match = (recipe: Recipe, ...mistake: readonly Mistake[]): readonly Mistake[] | undefined => {
    const digest = digestBy(recipe)
    const reading = readings.find(({ bytes }) => Buffer.compare(bytes, digest) === 0)
    return reading && [...(reading.mistake === undefined ? [] : [reading.mistake]), ...mistake]
  }
  const asWritten = match(right) ?? cutOff(given, digestBy(right))
  if (asWritten !== undefined || lengthOf(right) > mostCharacters) return asWritten
  for (const row of signatureMistakes)
    for (const variant of row[3](right, message)) {
      const found = lengthOf(variant) > mostCharacters ? undefined : match(variant, mistakeOf(row, variant.variant))
      if (found !== undefined) return found
    }
  return undefined
}

const lengthOf = ({ parts }: Recipe): number => parts.reduce((sum, { value }) => sum + value.length, 0)

/** A column or a field that was too short; fewer than twelve characters may agree by chance. */
const cutOff = (given: string, digest: Uint8Array): readonly Mistake[] | undefined =>
  given.length >= 12 &&
  (['base64', 'hex'] as const).some((encoding) => Buffer.from(digest).toString(encoding).startsWith(given))
    ? [mistakeOf(cutRow)]
    : undefined

const missingRow = ['missing', '값이 없습니다', 'is missing', undefined] as const

const cutRow = ['cut', '뒤가 잘렸습니다', 'is cut off at its end', undefined] as const

/** What can be done in place of the guide's signatures. */
export const signatureRows: readonly MistakeRow<unknown>[] = [...encodingMistakes, cutRow, ...signatureMistakes]

/** Longer values are not an amount or an id. */
const longestShown = 40

/** So many characters of the key in a row are no coincidence: a shop may have put its key into another field. */
const tellingLength = 8

/** The values as the guide joins them, with a name in place of the key and of personal values. */
function joinedText({ table }: Signature, parts: readonly Part[], merchantKey: string): string {
  const isOfKey = (text: string): boolean =>
    Array.from({ length: Math.max(0, text.length - tellingLength + 1) }, (_start, at) =>
      text.slice(at, at + tellingLength),
    ).some((piece) => merchantKey.includes(piece))
  return parts
    .map(({ name, wireName, value }) => {
      const text = String(value).slice(0, longestShown)
      const isShared = wireName === sharedText[0]
      const isHidden = (table[wireName]?.sensitivity !== 'public' && !isShared) || isOfKey(text)
      return isHidden ? `<${name}>` : text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    })
    .join('')
}
