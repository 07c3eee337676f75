import { createHmac, hash } from 'node:crypto'
import { koreanTimestamp, type WireText } from '@sspay/protocol'
import { billKeyText, wireTimestamp } from '@sspay/protocol/internal'
import { joinedNames, type Part } from '../sign/signatures.ts'
import type { DiagnosisKeys, MistakeRow } from './mistake.ts'
import { keyMistakes } from './value-mistakes.ts'

/** One way to make a signature. Without the optional members it is the guide's: no separator, UTF-8, SHA-256. */
export interface Recipe {
  readonly parts: readonly Part[]
  readonly separator?: string
  readonly encode?: (text: string) => Uint8Array
  readonly digest?: (joined: Uint8Array) => Uint8Array
  readonly variant?: string
}

export interface SignedMessage extends DiagnosisKeys {
  /** By their wire names. */
  readonly fields: WireText
}

/** The recipe as a shop with this mistake writes it, in each way that is known. */
type Reproduce = (right: Recipe, message: SignedMessage) => readonly Recipe[]

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const sha256 = (joined: Uint8Array): Uint8Array => hash('sha256', joined, 'buffer')

export function digestBy({ parts, separator = '', encode = utf8, digest = sha256 }: Recipe): Uint8Array {
  const bytes = parts.map(({ value }) => (typeof value === 'string' ? encode(value) : value))
  return digest(Buffer.concat(bytes.flatMap((one, index) => (index === 0 ? [one] : [encode(separator), one]))))
}

/** The recipe with other texts for each part of such a name. */
const changing =
  (
    names: RegExp,
    change: (text: string, message: SignedMessage) => readonly (Part['value'] | undefined)[],
  ): Reproduce =>
  ({ parts }, message) =>
    parts.flatMap((part, index) =>
      names.test(part.wireName)
        ? change(String(part.value), message)
            .filter((value) => value !== undefined)
            .map((value) => ({ variant: part.name, parts: parts.with(index, { ...part, value }) }))
        : [],
    )

/** At most five parts, so at most 120 orders. */
const ordersOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) => ordersOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))

/** A lookahead without a limit would be quadratic. */
const withCommas = (amount: string): string => amount.replace(/\B(?=(\d{3}){1,4}$)/g, ',')

const writtenOut = (date: string): string => date.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6')

/** What may be signed by mistake although it is not part of the signature. */
const moreFields =
  'MerchantKey Mid Moid SspMallId MallUserId PayMethod ServiceType Amt AuthCode EdiDate CancelPwd BillTokenKey'.split(
    ' ',
  )

/**
 * `substring`, which takes an end, confused with `substr`, which takes a length; counts that are off by one; no pieces
 * at all.
 */
const tidRanges: readonly (readonly [number, number?])[][] = [
  [[0, 10], [10, 25], [15]],
  [[0, 10], [5, 10], [15]],
  [[0, 10], [10, 15], [16]],
  [[0, 10], [11, 16], [16]],
  [[1, 11], [11, 16], [16]],
  [[0, 9], [9, 14], [14]],
  [[0, 11], [11, 16], [16]],
  [[0], [30], [30]],
  [[30], [0], [30]],
  [[30], [30], [0]],
]

/** The clock read once for the signature and again for the form, or in UTC. */
const otherSeconds = [-9 * 3600, ...Array.from({ length: 600 }, (_second, index) => [-index - 1, index + 1]).flat()]

/**
 * What shops do in place of the guide's recipe. Each row is tried alone: some 1,500 digests when none fits, most of
 * them other times.
 */
export const signatureMistakes: readonly MistakeRow<Reproduce>[] = [
  [
    'md5_hex_base64',
    '옛 예제의 MD5 방식입니다',
    'is the MD5 of old samples',
    ({ parts }) => [{ parts, digest: (joined) => utf8(hash('md5', joined, 'hex')) }],
  ],
  [
    'hash_other',
    'SHA-256이 아니라 {} 해시입니다',
    'is hashed with {}, not with SHA-256',
    ({ parts }) =>
      ['md5', 'sha1', 'sha512'].map((name) => ({
        parts,
        variant: name,
        digest: (joined) => hash(name, joined, 'buffer'),
      })),
  ],
  [
    'hmac',
    '상점키를 키로 쓴 HMAC입니다',
    'is an HMAC keyed with the MerchantKey',
    ({ parts }, { merchantKey }) =>
      [parts, parts.filter(({ name }) => name !== 'MerchantKey')].map((joined) => ({
        parts: joined,
        digest: (bytes) => createHmac('sha256', merchantKey).update(bytes).digest(),
      })),
  ],
  [
    'charset',
    'UTF-8이 아니라 UTF-16 글자를 해시했습니다',
    'hashes UTF-16 text, not UTF-8',
    ({ parts }) => [{ parts, encode: (text) => Buffer.from(text, 'utf16le') }],
  ],
  ['part_missing', '{} 값이 없거나 비었습니다', 'leaves out {}', changing(/./, () => ['', 'null', 'undefined'])],
  [
    'tid_split',
    'Tid를 10자, 5자, 나머지가 아니라 {} 로 나눴습니다',
    'splits Tid at {}, not into 10, 5 and the remaining characters',
    ({ parts }, { fields: { Tid = '' } }) =>
      !parts.some(({ wireName }) => wireName === 'Tid') || parts.length < 5
        ? []
        : tidRanges.map((ranges) => {
            const values = ranges.map(([from, to]) => Tid.slice(from, to))
            const split = parts.map((part) =>
              part.wireName === 'Tid' ? { ...part, value: values.shift() ?? '' } : part,
            )
            return { parts: split, variant: ranges.map(([from, to = '']) => `[${from}..${to})`).join(' ') }
          }),
  ],
  [
    'order',
    '{} 순서로 이었습니다',
    'joins in the order {}',
    ({ parts }) => ordersOf(parts).map((order) => ({ parts: order, variant: joinedNames(order) })),
  ],
  [
    'separator',
    '값 사이에 구분자 {} 가 있습니다',
    'joins with {} between the values',
    ({ parts }) => [...',|& :;-/_+\n'].map((one) => ({ parts, separator: one, variant: JSON.stringify(one) })),
  ],
  [
    'amount_format',
    '{} 값에 쉼표, 소수점, 단위가 있거나 보낸 글자와 다릅니다',
    'formats {} with commas, decimals or a unit, or differently from the value sent',
    changing(/Amt$/, (amount) => [
      ...[withCommas(amount), amount.replaceAll(',', ''), `${amount}.00`, `${amount}.0`],
      ...[`${amount}원`, `${withCommas(amount)}원`, `₩${withCommas(amount)}`, `${amount} `, ` ${amount}`],
    ]),
  ],
  [
    'id_case',
    '{} 값의 대소문자를 바꿨습니다',
    'changes the case of {}',
    changing(/^(Mid|SspMallId|MallUserId)$/, (id) => [id.toUpperCase(), id.toLowerCase()]),
  ],
  // The guide spells MallUserId both ways (Q52).
  [
    'field_other',
    '{} 대신 다른 파라미터의 값을 썼습니다',
    'uses the value of another field in place of {}',
    (right, message) => [
      ...changing(/^Mid$/, (_id, { fields }) => [fields.SspMallId])(right, message),
      ...changing(/^MallUserId$/, (_id, { fields }) => [fields.MallUserID])(right, message),
      ...changing(/^MerchantKey$/, (_key, { fields }) => [fields.CancelPwd])(right, message),
    ],
  ],
  [
    'key_in_place',
    '{} 대신 상점키를 썼습니다',
    'uses the MerchantKey in place of {}',
    changing(new RegExp(`^${billKeyText}$`), (_text, { merchantKey }) => [merchantKey, merchantKey.slice(0, 32)]),
  ],
  [
    'code_other',
    '보낸 {} 값과 다른 값으로 서명했습니다',
    'signs a value of {} that differs from the one sent',
    changing(/^(PartialCancelCode|ResultCode)$/, () => ['0', '1', 'Y', 'N', '3001', '0000', '2001', '2211']),
  ],
  ...keyMistakes.map(
    ([id, ko, en, variantsOf]): MistakeRow<Reproduce> => [
      id,
      ko,
      en,
      (right, message) =>
        variantsOf(message).flatMap(([variant, key]) =>
          changing(/^MerchantKey$/, () => [key])(right, message).map(({ parts }) => ({ parts, variant })),
        ),
    ],
  ),
  [
    'key_cut',
    '상점키의 앞 32자만 썼습니다(EncData용입니다)',
    'uses only the first 32 characters of the MerchantKey, as EncData does',
    changing(/^MerchantKey$/, (key) => [key.slice(0, 32)]),
  ],
  [
    'part_added',
    '{} 값도 넣었습니다(서명 대상이 아닙니다)',
    'also includes {}, which is not part of the signature',
    ({ parts }, { fields, merchantKey }) =>
      moreFields
        .filter((name) => !parts.some(({ wireName }) => wireName === name))
        .map(
          (name): Part => ({
            name,
            wireName: name,
            value: name === 'MerchantKey' ? merchantKey : (fields[name] ?? ''),
          }),
        )
        .flatMap((more) =>
          [...parts, more].map((_part, at) => ({ parts: parts.toSpliced(at, 0, more), variant: more.name })),
        ),
  ],
  [
    'date_format',
    'EdiDate를 yyyyMMddHHmmss가 아닌 형식으로 서명했습니다',
    'signs EdiDate in another format than yyyyMMddHHmmss',
    changing(/^EdiDate$/, (date) => [
      ...[date.slice(0, 8), date.slice(0, 12), date.slice(2), `${date}000`],
      ...[writtenOut(date), writtenOut(date).replace(' ', 'T')],
    ]),
  ],
  [
    'date_regenerated',
    '서명한 EdiDate({})와 보낸 EdiDate가 다릅니다. 한국 시각으로 한 번 만든 값을 그대로 보내세요',
    'signs another EdiDate ({}) than it sends: make it once, in Korean time, and send the same',
    (right, message) => {
      const sent = wireTimestamp.read(message.fields.EdiDate ?? '')
      const times = otherSeconds.flatMap((seconds) =>
        sent ? koreanTimestamp(new Date(sent.getTime() + seconds * 1000)) : [],
      )
      return times.flatMap((time) =>
        changing(/^EdiDate$/, () => [time])(right, message).map(({ parts }) => ({ parts, variant: time })),
      )
    },
  ],
]
