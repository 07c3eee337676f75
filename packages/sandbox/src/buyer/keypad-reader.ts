import { inflateSync } from 'node:zlib'
import { keypadPictureSize, renderDigitCell } from '@sspay/gateway/tools'

interface GreyPicture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/**
 * Recognizes the digits of the keypad picture: cell (0 is the upper left, in reading order) → digit. Throws for a
 * picture without each of the ten digits once.
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

/** The most similar digit; undefined for the empty cells. */
function readCell(cell: Uint8Array): number | undefined {
  const differences = Array.from({ length: 10 }, (_, digit) => differenceOf(cell, renderDigitCell(digit)))
  const least = Math.min(...differences)
  return least < 1 ? differences.indexOf(least) : undefined
}

/** Mean difference of the pixels, of 255; below 1 means the same digit. */
function differenceOf(given: Uint8Array, known: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < known.length; at++) sum += Math.abs((given[at] ?? 0) - (known[at] ?? 0))
  return sum / known.length
}

/** Decodes the only PNGs that the keypad uses: 8 bits, grey, not interlaced, every line with filter 0. */
function decodeGreyPng(png: Uint8Array): GreyPicture {
  const bytes = Buffer.from(png)
  const compressed: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length; at += bytes.readUInt32BE(at) + 12)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      compressed.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)))
  // IHDR is the first chunk: width, height, bit depth, colour type, compression, filter, interlace.
  if (compressed.length === 0 || bytes.toString('hex', 24, 29) !== '0800000000')
    throw new Error('the keypad picture is not an 8-bit grey PNG')
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  const lines = inflateSync(Buffer.concat(compressed))
  const pixels = new Uint8Array(width * height)
  for (let line = 0; line < height; line++) {
    const start = line * (width + 1)
    if (lines[start] !== 0) throw new Error('the keypad picture has a filter that this reader does not support')
    pixels.set(lines.subarray(start + 1, start + 1 + width), line * width)
  }
  return { width, height, pixels }
}
