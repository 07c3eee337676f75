import { inflateSync } from 'node:zlib'
import { keypadPictureSize, renderDigitCell } from '@sspay/gateway/internal'

interface GreyPicture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/**
 * Looks at the keypad as a person does and says where each digit is: cell (0 is the upper left, in reading order) → digit.
 * Throws when the picture is not a keypad with each of the ten digits once.
 */
export function readKeypadPicture(png: Uint8Array): ReadonlyMap<number, number> {
  const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
  const picture = decodeGreyPng(png)
  if (picture.width !== columns * cellWidth || picture.height !== rows * cellHeight)
    throw new Error('the picture does not have the size of a keypad')

  const digits = new Map<number, number>()
  for (let cell = 0; cell < columns * rows; cell++) {
    const digit = readCell(cutCell(picture, cell))
    if (digit !== undefined) digits.set(cell, digit)
  }
  if (digits.size !== 10 || new Set(digits.values()).size !== 10) throw new Error('the keypad does not show ten digits')
  return digits
}

function cutCell({ width, pixels }: GreyPicture, cell: number): Uint8Array {
  const { cellWidth, cellHeight, columns } = keypadPictureSize
  const left = (cell % columns) * cellWidth
  const top = Math.floor(cell / columns) * cellHeight
  const cut = new Uint8Array(cellWidth * cellHeight)
  for (let line = 0; line < cellHeight; line++) {
    const from = (top + line) * width + left
    cut.set(pixels.subarray(from, from + cellWidth), line * cellWidth)
  }
  return cut
}

/** The most similar digit; undefined for a cell that is like none, such as the empty corners. */
function readCell(cell: Uint8Array): number | undefined {
  const differences = Array.from({ length: 10 }, (_, digit) => differenceOf(cell, renderDigitCell(digit)))
  const least = Math.min(...differences)
  return least < 1 ? differences.indexOf(least) : undefined
}

/** Mean difference of the pixels; below 1 of 255 is the same drawing. */
function differenceOf(given: Uint8Array, known: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < known.length; at++) sum += Math.abs((given[at] ?? 0) - (known[at] ?? 0))
  return sum / known.length
}

const pngSignature = '89504e470d0a1a0a'

function decodeGreyPng(png: Uint8Array): GreyPicture {
  const bytes = Buffer.from(png)
  if (bytes.subarray(0, 8).toString('hex') !== pngSignature) throw new Error('the keypad picture is not a PNG')
  const chunks = [...chunksOf(bytes)]
  const header = chunks.find(({ type }) => type === 'IHDR')?.body
  // Bit depth 8, colour type 0 (grey), no interlace.
  if (header === undefined || header[8] !== 8 || header[9] !== 0 || header[12] !== 0)
    throw new Error('the keypad picture is not an eight-bit grey PNG')
  const width = header.readUInt32BE(0)
  const height = header.readUInt32BE(4)
  const lines = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ body }) => body)))
  return { width, height, pixels: unfilter(lines, width, height) }
}

function* chunksOf(bytes: Buffer): Generator<{ readonly type: string; readonly body: Buffer }> {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + 8 + length) }
    at += length + 12
  }
}

/** Every line must come with filter 0: its pixels as they are. */
function unfilter(lines: Buffer, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height)
  for (let line = 0; line < height; line++) {
    const start = line * (width + 1)
    if (lines[start] !== 0) throw new Error('the keypad picture uses a filter this reader does not know')
    pixels.set(lines.subarray(start + 1, start + 1 + width), line * width)
  }
  return pixels
}
