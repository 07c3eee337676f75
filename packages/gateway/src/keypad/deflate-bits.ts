/** A string of bits in the order of DEFLATE: the first one is the lowest of the first byte. */
export interface Bits {
  readonly bytes: Uint8Array
  readonly length: number
}

export interface BitWriter {
  /** The `length` lowest bits of `value`, at most 16, lowest first. */
  write(value: number, length: number): void
  append(bits: Bits): void
  /** What was written so far; the last byte is filled with zeros. */
  bits(): Bits
}

/** Holds `capacity` bytes; throws RangeError beyond. */
export function createBitWriter(capacity: number): BitWriter {
  const bytes = new Uint8Array(capacity)
  let size = 0
  let pending = 0
  let pendingLength = 0

  const write = (value: number, length: number): void => {
    pending |= value << pendingLength
    pendingLength += length
    for (; pendingLength >= 8; pendingLength -= 8) {
      bytes[size++] = pending
      pending >>>= 8
    }
  }

  return {
    write,
    append({ bytes: added, length }) {
      const whole = length >> 3
      for (let index = 0; index < whole; index++) write(added[index] as number, 8)
      write(added[whole] ?? 0, length & 7)
    },
    bits() {
      if (size >= capacity) throw new RangeError(`more than ${capacity} bytes of bits`)
      bytes[size] = pending
      return { bytes: bytes.slice(0, Math.ceil((size * 8 + pendingLength) / 8)), length: size * 8 + pendingLength }
    },
  }
}

/** Huffman codes go highest bit first, everything else of DEFLATE lowest bit first. */
function writeCode(writer: BitWriter, code: number, length: number): void {
  let reversed = 0
  for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit)
  writer.write(reversed, length)
}

/** RFC 1951, 3.2.6: symbols of the fixed code. */
function writeSymbol(writer: BitWriter, symbol: number): void {
  if (symbol < 144) writeCode(writer, 0x30 + symbol, 8)
  else if (symbol < 256) writeCode(writer, 0x190 + symbol - 144, 9)
  else if (symbol < 280) writeCode(writer, symbol - 256, 7)
  else writeCode(writer, 0xc0 + symbol - 280, 8)
}

/** RFC 1951, 3.2.5: 2 ** `precision` symbols for each number of extra bits. */
function splitOf(offset: number, precision: number) {
  const extraBits = Math.max(0, 31 - Math.clz32(offset) - precision)
  return { symbol: (extraBits << precision) + (offset >> extraBits), extraBits, extra: offset & ((1 << extraBits) - 1) }
}

export const writeLiteral = (writer: BitWriter, value: number): void => writeSymbol(writer, value)

/** Length 258 has a symbol of its own, which nothing here needs. */
export const longestMatch = 257
export const shortestMatch = 3

/** Repeats `length` bytes that were written `distance` bytes before. */
export function writeMatch(writer: BitWriter, length: number, distance: number): void {
  const ofLength = splitOf(length - shortestMatch, 2)
  writeSymbol(writer, 257 + ofLength.symbol)
  writer.write(ofLength.extra, ofLength.extraBits)
  const ofDistance = splitOf(distance - 1, 1)
  writeCode(writer, ofDistance.symbol, 5)
  writer.write(ofDistance.extra, ofDistance.extraBits)
}

/** The same for any length from the shortest match on, in as many matches as it takes. */
export function writeRun(writer: BitWriter, length: number, distance: number): void {
  let left = length
  while (left > 0) {
    const rest = left - longestMatch
    // What is left for the last match must not be too short for one.
    const next = rest > 0 && rest < shortestMatch ? left - shortestMatch : Math.min(left, longestMatch)
    writeMatch(writer, next, distance)
    left -= next
  }
}

/** The only block of a stream, in the fixed code. */
export const beginBlock = (writer: BitWriter): void => writer.write(0b011, 3)

export const endBlock = (writer: BitWriter): void => writeSymbol(writer, 256)
