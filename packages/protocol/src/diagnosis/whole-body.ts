import { openBody } from '../sealed-body.ts'
import type { Reading } from './encodings.ts'
import { isRepairedByPluses } from './lost-pluses.ts'
import { fieldsOf } from './message-forms.ts'
import type { Mistake, Row } from './mistake.ts'
import { isMessage } from './plaintext.ts'
import { openedRightly } from './right-opening.ts'

interface Body {
  readonly sealedBody: string
  readonly merchantKey: string
}

type Test = (given: Body, readings: readonly Reading[]) => boolean

const textOf = ({ bytes }: Reading): string => Buffer.from(bytes).toString('utf8')

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const textsOf = ({ sealedBody }: Body, readings: readonly Reading[]): readonly string[] => [
  sealedBody,
  unescaped(sealedBody),
  ...readings.map(textOf),
]

const saltedPrefix = 'Salted__'

/** What is wrong with the whole of it, so that there is nothing to open. */
export const wholeRows: readonly Row<Test>[] = [
  [
    'envelope_as_text',
    'EncData에 봉투(EncData, Mid) 전체를 글자로 넣었습니다',
    'holds the whole envelope (EncData, Mid) as a text',
    (given, readings) => textsOf(given, readings).some((text) => fieldsOf(text)?.EncData !== undefined),
  ],
  [
    'iv_in_json',
    'IV와 암호문을 JSON에 담았습니다(Laravel의 Crypt 등)',
    'puts IV and sealed text into JSON, as Crypt of Laravel does',
    (given, readings) => textsOf(given, readings).some((text) => fieldsOf(text)?.iv !== undefined),
  ],
  [
    'not_signed',
    '암호화하지 않았습니다',
    'is not sealed at all',
    (given, readings) => textsOf(given, readings).some(isMessage),
  ],
  [
    'passphrase',
    '상점키를 키가 아니라 암호문구(passphrase)로 넘겼습니다(CryptoJS에는 Utf8.parse한 키와 IV를 주세요)',
    'gives the MerchantKey as a passphrase, not as a key: CryptoJS wants key and IV parsed with Utf8.parse',
    (_given, readings) => readings.some((reading) => textOf(reading).startsWith(saltedPrefix)),
  ],
  [
    'raw_bytes',
    'Base64로 쓰지 않고 암호문의 바이트를 글자로 넣었습니다',
    'holds the sealed bytes as characters, not as Base64',
    ({ sealedBody }) => /[^\x20-\x7E\s].*[^\x20-\x7E\s]/su.test(sealedBody),
  ],
  [
    'encrypted_twice',
    '두 번 암호화했습니다',
    'is sealed twice',
    ({ merchantKey }, readings) => openedTexts(merchantKey, readings).some((text) => openBody(text, merchantKey)),
  ],
  [
    'json_base64',
    '암호화하기 전에 JSON을 Base64로 썼습니다',
    'writes the JSON in Base64 before it is sealed',
    ({ merchantKey }, readings) =>
      openedTexts(merchantKey, readings).some((text) => isMessage(Buffer.from(text, 'base64').toString('utf8'))),
  ],
  [
    'plus_removed',
    'Base64의 + 가 사라졌습니다(URL 인코딩 누락)',
    'has lost the + of its Base64: it was not URL-encoded',
    ({ sealedBody, merchantKey }) => isRepairedByPluses(sealedBody, merchantKey),
  ],
]

/** What the right key opens, whatever it is. */
const openedTexts = (merchantKey: string, readings: readonly Reading[]): readonly string[] =>
  readings.flatMap(({ bytes }) => openedRightly(bytes, merchantKey) ?? [])

/** The mistake by which there is nothing to open, or by which what is opened must be opened once more. */
export function wholeBodyMistake(given: Body, readings: readonly Reading[]): Mistake | undefined {
  const found = wholeRows.find(([, , , test]) => test?.(given, readings))
  return found && { id: found[0], ko: found[1], en: found[2] }
}
