import { decodeText } from '../charset.ts'
import { cancelRequest } from '../messages/cancel.ts'
import { memberDeletionRequest } from '../messages/member-deletion.ts'
import { sealedEnvelope } from '../messages/sealed-envelope.ts'
import type { Opened } from './encryption-modes.ts'
import { formOf } from './message-forms.ts'
import type { Mistake, Row } from './mistake.ts'

type Change = (bytes: Uint8Array) => Uint8Array | undefined

/** Everything in the last `length` bytes is `filler`, but the last byte, which says the length. */
const unfilled =
  (filler: (length: number) => number): Change =>
  (bytes) => {
    const length = bytes.at(-1) ?? 0
    const padding = bytes.subarray(bytes.length - length, -1)
    const isPadded = length > 0 && length <= 16 && length <= bytes.length
    return isPadded && padding.every((byte) => byte === filler(length)) ? bytes.subarray(0, -length) : undefined
  }

export const pkcs7 = unfilled((length) => length)

const without =
  (filler: number): Change =>
  (bytes) => {
    const end = bytes.findLastIndex((byte) => byte !== filler) + 1
    return end === bytes.length ? undefined : bytes.subarray(0, end)
  }

const zeros = without(0)

/** A text of whole blocks is padded by a block of sixteen times sixteen, so one padding can look like two only by chance. */
export const paddingRows: readonly Row<Change>[] = [
  [
    'padding_twice',
    '채움(PKCS#7)을 두 번 했습니다. 라이브러리가 이미 채웁니다',
    'is padded twice: the library already pads',
    (bytes) => pkcs7(pkcs7(bytes) ?? new Uint8Array()),
  ],
  [
    'padding_zero',
    'PKCS#7이 아니라 0 바이트로 채웠습니다',
    'is padded with zero bytes, not with PKCS#7',
    zeros,
    (bytes) => zeros(pkcs7(bytes) ?? new Uint8Array()),
  ],
  [
    'padding_iso',
    'PKCS#7이 아니라 ISO 7816-4(0x80)로 채웠습니다',
    'is padded with ISO 7816-4 (0x80), not with PKCS#7',
    (bytes) => {
      const rest = zeros(bytes) ?? bytes
      return rest.at(-1) === 0x80 ? rest.subarray(0, -1) : undefined
    },
  ],
  [
    'padding_ansi',
    'PKCS#7이 아니라 ANSI X9.23으로 채웠습니다',
    'is padded with ANSI X9.23, not with PKCS#7',
    unfilled(() => 0),
  ],
  ['padding_blank', 'PKCS#7이 아니라 빈칸으로 채웠습니다', 'is padded with blanks, not with PKCS#7', without(0x20)],
  ['padding_none', '채움(PKCS#7)이 없습니다', 'has no padding, where PKCS#7 belongs', (bytes) => bytes],
]

type Decode = (bytes: Uint8Array) => string | undefined

const decoded =
  (charset: 'utf-8' | 'utf-16le'): Decode =>
  (bytes) => {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes)
    } catch {
      return undefined
    }
  }

const swapped: Change = (bytes) => (bytes.length % 2 === 0 ? Buffer.from(bytes).swap16() : undefined)

export const charsetRows: readonly Row<Decode>[] = [
  [
    'plain_utf16',
    '본문을 UTF-8이 아니라 UTF-16으로 썼습니다',
    'writes the text in UTF-16, not in UTF-8',
    decoded('utf-16le'),
    (bytes) => decoded('utf-16le')(swapped(bytes) ?? new Uint8Array()),
  ],
  [
    'plain_euc_kr',
    '본문을 UTF-8이 아니라 EUC-KR로 썼습니다',
    'writes the text in EUC-KR, not in UTF-8',
    (bytes) => decodeText(bytes, 'euc-kr'),
  ],
]

interface Step<Change> {
  readonly mistake: Mistake | undefined
  readonly change: Change
}

const steps = <Change>(right: Change, rows: readonly Row<Change>[]): readonly Step<Change>[] => [
  { mistake: undefined, change: right },
  ...rows.flatMap(([id, ko, en, ...changes]) => changes.map((change) => ({ mistake: { id, ko, en }, change }))),
]

const paddings = steps(pkcs7, paddingRows)
const charsets = steps(decoded('utf-8'), charsetRows)

const known = [memberDeletionRequest, cancelRequest, sealedEnvelope].flatMap((table) => Object.keys(table))
const namedValue = new RegExp(`(${[...known, 'MallUserID'].join('|')})\\s*["'=:>%\\]\\\\]`)

/** A text that nothing but the right key brings out: it is readable throughout, and holds a field by its name. */
export const isMessage = (text: string): boolean => !/[^\P{Cc}\r\n\t]|\uFFFD/u.test(text) && namedValue.test(text)

/** Looked at before anything else, because most of what is opened is noise. */
const sampleLength = 48

/** Shorter noise need not hold a control character. */
const leastSampled = 32

/** Noise holds control characters, and so does padding; UTF-16 is half zeros. */
export function mayBeText(bytes: Uint8Array): boolean {
  if (bytes.length <= leastSampled) return true
  const sample = bytes.subarray(0, Math.min(sampleLength, bytes.length - 16))
  const controls = sample.filter((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
  const isWide = controls.length >= sample.length / 3 && controls.every((byte) => byte === 0)
  return controls.length === 0 || isWide
}

export interface Plaintext {
  readonly text: string
  readonly mistakes: readonly Mistake[]
}

/** Reads what was opened, in any padding, charset and form; undefined when it is noise. */
export function readPlaintext({ plaintext, isPadded, isTail, isTagged }: Opened): Plaintext | undefined {
  if (!mayBeText(plaintext)) return undefined
  const texts = isTagged ? [plaintext, plaintext.subarray(0, -16)] : [plaintext]
  const found = texts.flatMap((bytes) => readings(bytes, isPadded, isTail))
  return found.toSorted((one, other) => one.mistakes.length - other.mistakes.length)[0]
}

const readings = (plaintext: Uint8Array, isPadded: boolean, isTail: boolean): readonly Plaintext[] =>
  charsets.flatMap((charset) =>
    paddings.flatMap((padding) => {
      const bytes = padding.change(plaintext)
      const text = bytes && charset.change(bytes)
      if (text === undefined || !isMessage(text)) return []
      const form = formOf(text, isTail)
      const isCut = form?.id === 'cut'
      const filled = isPadded && !isCut ? padding.mistake : undefined
      return [{ text, mistakes: [filled, charset.mistake, form].filter((mistake) => mistake !== undefined) }]
    }),
  )
