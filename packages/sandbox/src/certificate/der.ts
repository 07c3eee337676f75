/** DER, as far as a certificate needs it (X.690). */
type Bytes = Uint8Array

function lengthOf(size: number): readonly number[] {
  if (size < 0x80) return [size]
  const digits = [...Buffer.from(size.toString(16).padStart(8, '0'), 'hex')]
  const bytes = digits.slice(digits.findIndex((digit) => digit > 0))
  return [0x80 | bytes.length, ...bytes]
}

const tagged =
  (tag: number) =>
  (...contents: readonly Bytes[]): Bytes => {
    const content = Buffer.concat(contents)
    return Buffer.concat([Uint8Array.from([tag, ...lengthOf(content.length)]), content])
  }

export const sequence = tagged(0x30)
export const setOf = tagged(0x31)
export const octets = tagged(0x04)
/** Non-negative: the first bit of `bytes` must be 0. */
export const integer = tagged(0x02)
export const truth = tagged(0x01)(Uint8Array.of(0xff))
export const utf8 = (text: string): Bytes => tagged(0x0c)(Buffer.from(text))

/** Context-specific: primitive, or constructed from other values. */
export const implicit = (number: number): ((...contents: readonly Bytes[]) => Bytes) => tagged(0x80 | number)
export const explicit = (number: number): ((...contents: readonly Bytes[]) => Bytes) => tagged(0xa0 | number)

export const bits = (bytes: Bytes, unused = 0): Bytes => tagged(0x03)(Uint8Array.of(unused), bytes)

/** From dotted decimals. */
export function objectId(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06)(Uint8Array.from([40 * first + second, ...rest.flatMap(inBase128)]))
}

const inBase128 = (number: number): readonly number[] =>
  number < 0x80 ? [number] : [...inBase128(number >> 7).map((byte) => byte | 0x80), number & 0x7f]

/** UTCTime until 2049, GeneralizedTime from then on, as RFC 5280 asks. */
export function time(date: Date): Bytes {
  const digits = date
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14)
  const isShort = date.getUTCFullYear() < 2050
  return tagged(isShort ? 0x17 : 0x18)(Buffer.from(`${isShort ? digits.slice(2) : digits}Z`))
}
