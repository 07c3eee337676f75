import type { Explanation } from '@sspay/gateway'
import { sealedEnvelope } from '@sspay/protocol'
import { openBody } from '@sspay/protocol/sealed-body'
import {
  charsetRow,
  contentRows,
  derivationRow,
  formRows,
  isMessage,
  modeRows,
  openRightly,
  openTail,
  paddingRow,
  parseJson,
  removePkcs7,
  type Surroundings,
  wholeRows,
} from './encryption-mistakes.ts'
import { type DiagnosisKeys, type Mistake, type MistakeRow, mistakeOf } from './mistake.ts'
import { encodingMistakes, keyMistakes, readingsOf, urlDecoded } from './value-mistakes.ts'

/** What can be done in place of the guide's encryption. */
export const encryptionRows: readonly MistakeRow<unknown>[] = [
  ...encodingMistakes,
  ...keyMistakes,
  ...[derivationRow, ...modeRows, paddingRow, charsetRow, ...formRows, ...wholeRows, ...contentRows],
]

export const encryptionFormula = 'Base64(AES-256-CBC(MerchantKey[0..32), IV = 16 × 0x00, PKCS#7, UTF-8 JSON))'

/** Longer texts are not searched. */
const mostCharacters = sealedEnvelope.EncData.format.maxLength

/**
 * Explains why EncData does not open, or opens to something else than the request (guide, SS-Pay 회원 삭제 STEP 2; Q18,
 * Q19, Q21). Says how it was made, never what is in it.
 *
 * @returns undefined when it is right
 * @throws RangeError for a MerchantKey of fewer than 32 characters
 */
export function explainSealedBody(
  sealedBody: string,
  keys: DiagnosisKeys,
  around: Surroundings = {},
): Explanation | undefined {
  const fields = openBody(sealedBody, keys.merchantKey)
  const found = fields ? contentMistakes(fields, around) : findMistakes(sealedBody, keys, around)
  if (found?.length === 0) return undefined
  const [ko, en] = found
    ? [found.map((one) => one.ko).join(', '), found.map((one) => one.en).join(' and ')]
    : [
        '알려진 실수와 맞지 않습니다. 상점키와 Mid가 이 환경의 것인지, 값이 잘리지 않았는지 확인하세요',
        'matches no known mistake: check that MerchantKey and Mid belong to this environment and that the value is not cut off',
      ]
  return {
    joined: encryptionFormula,
    mistakes: (found ?? []).map(({ id }) => id),
    words: fields
      ? { ko: `EncData: 열리지만 내용이 다릅니다. ${ko}.`, en: `EncData opens, but ${en}.` }
      : {
          ko: `EncData: ${ko}. 올바른 값은 ${encryptionFormula}입니다.`,
          en: `EncData ${en}. Right is ${encryptionFormula}.`,
        },
  }
}

const contentMistakes = (fields: Readonly<Record<string, unknown>>, around: Surroundings): readonly Mistake[] =>
  contentRows.flatMap((row) => {
    const found = row[3](fields, around)
    return found === true || (found !== false && found.length > 0)
      ? [mistakeOf(row, found === true ? '' : found.join(', '))]
      : []
  })

/** One way to do a step, and the mistake that it is; the right way is none. */
type Way<Value> = readonly [value: Value, mistake?: Mistake | undefined]

const waysOf = <Value>(row: MistakeRow<readonly (readonly [variant: string, value: Value])[]>): readonly Way<Value>[] =>
  row[3].map(([variant, value]) => [value, mistakeOf(row, variant)])

const modes = [[openRightly] as const, ...modeRows.flatMap(waysOf)]
const paddings = [[removePkcs7] as const, ...waysOf(paddingRow)]

/** As AES-256 takes them. Zeros fill what is too short, as in PHP. */
const keyBytes = (key: string | Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(key as string), Buffer.alloc(32)]).subarray(0, 32)

/** Tries each key with each mode: at most some 1,000 decryptions of a sample. */
function findMistakes(sealedBody: string, keys: DiagnosisKeys, around: Surroundings): readonly Mistake[] | undefined {
  if (sealedBody.length > mostCharacters) return undefined
  // Line breaks, and blanks in place of +, are accepted.
  const given = sealedBody.replace(/[\r\n]/g, '').replace(/ /g, '+')
  const readings = [
    ...readingsOf(given).filter(({ mistake }) => mistake !== undefined),
    { bytes: Buffer.from(given, 'base64'), mistake: undefined },
  ]
  const texts = [sealedBody, urlDecoded(sealedBody), ...readings.map(({ bytes }) => Buffer.from(bytes).toString())]
  const whole = wholeRows.find((row) => texts.some(row[3]))
  if (whole !== undefined) return [mistakeOf(whole)]
  const { merchantKey } = keys
  const keyWays: readonly Way<Uint8Array>[] = [
    [keyBytes(merchantKey)],
    ...waysOf(derivationRow).map(([derive, mistake]) => [derive(merchantKey), mistake] as const),
    ...keyMistakes.flatMap((row) =>
      row[3](keys).map(([variant, key]) => [keyBytes(key), mistakeOf(row, variant)] as const),
    ),
  ]
  for (const { bytes, mistake } of readings)
    for (const [key, keyMistake] of keyWays) {
      const found = modes.flatMap(([open, modeMistake]) => {
        // A sample shows whether the rest is worth it.
        if (!mayBeText(open(bytes.subarray(0, 96), key))) return []
        return readPlaintext(open(bytes, key) ?? new Uint8Array(), around, open === openTail).map((read) =>
          [mistake, keyMistake, modeMistake, ...read].filter((one) => one !== undefined),
        )
      })
      if (found.length > 0) return fewest(found)
    }
  return undefined
}

const fewest = (found: readonly (readonly Mistake[])[]): readonly Mistake[] | undefined =>
  found.toSorted((one, other) => one.length - other.length)[0]

/** Noise of more than two blocks holds a control character; padding in the last block is not looked at. */
const mayBeText = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined &&
  (bytes.length <= 32 || !/[^\P{Cc}\r\n\t]/u.test(Buffer.from(bytes.subarray(0, -16)).toString('latin1').slice(0, 48)))

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const charsets: readonly Way<(bytes: Uint8Array) => string | undefined>[] = [
  [decodeUtf8],
  [charsetRow[3], mistakeOf(charsetRow)],
]

/** The mistakes of each way in which padding and charset make a message of what was decrypted; none for noise. */
const readPlaintext = (
  plaintext: Uint8Array,
  around: Surroundings,
  isTail: boolean,
): readonly (readonly (Mistake | undefined)[])[] =>
  charsets.flatMap(([decode, charset]) =>
    paddings.flatMap(([remove, padding]) => {
      const bytes = remove(plaintext)
      const text = bytes && decode(bytes)
      if (text === undefined || !isMessage(text)) return []
      const form = formMistakes(text, around, isTail)
      // A text that is cut off has lost its padding too.
      return [[form[0]?.id === 'cut' ? undefined : padding, charset, ...form]]
    }),
  )

function formMistakes(text: string, around: Surroundings, isTail: boolean): readonly Mistake[] {
  const json = parseJson(text)
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return contentMistakes({ ...json }, around)
  const form = isTail && text.endsWith('}') ? undefined : formRows.find((row) => row[3](text))
  return form === undefined ? [] : [mistakeOf(form)]
}
