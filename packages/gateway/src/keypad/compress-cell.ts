import { type Bits, createBitWriter, longestMatch, shortestMatch, writeLiteral, writeMatch } from './deflate-bits.ts'
import { digitLines, keypadPictureSize } from './digit-cell.ts'

const { cellWidth, columns } = keypadPictureSize

/** Bytes of one line of the picture: its filter and its pixels. */
export const lineLength = 1 + cellWidth * columns

export interface CompressedCell {
  /** The bits of each line that a digit may stand on. */
  readonly lines: readonly Bits[]
  /**
   * Sum of all pixels, and of all pixels times how far they are from the first one in the picture: for the checksum.
   */
  readonly sum: number
  readonly weightedSum: number
}

/**
 * Each line alone, as copies of what stands above or to the left of it in the same cell. So the bits of a cell are
 * right at every place of the picture and beside every neighbour.
 */
export function compressCell(pixels: Uint8Array): CompressedCell {
  const { first, end } = digitLines
  const lines = Array.from({ length: end - first }, (_, index) => compressLine(pixels, first + index))
  let sum = 0
  let weightedSum = 0
  for (const [at, pixel] of pixels.entries()) {
    sum += pixel
    weightedSum += pixel * (Math.floor(at / cellWidth) * lineLength + (at % cellWidth))
  }
  return { lines, sum, weightedSum }
}

function compressLine(pixels: Uint8Array, line: number): Bits {
  const writer = createBitWriter(2 * cellWidth)
  for (let x = 0; x < cellWidth; ) {
    const { length, distance } = longestCopy(pixels, line, x)
    if (length < shortestMatch) writeLiteral(writer, pixels[line * cellWidth + x++] as number)
    else {
      writeMatch(writer, length, distance)
      x += length
    }
  }
  return writer.bits()
}

const linesAbove = 3
const mostShift = 3

/**
 * The longest run of pixels from `x` on that stands earlier in the cell, from one line above or a few, a little
 * shifted.
 */
function longestCopy(
  pixels: Uint8Array,
  line: number,
  x: number,
): { readonly length: number; readonly distance: number } {
  let longest = { length: 0, distance: 0 }
  for (let up = 0; up <= linesAbove; up++)
    for (let shift = -mostShift; shift <= (up === 0 ? -1 : mostShift); shift++) {
      const length = copyLength(pixels, line * cellWidth + x, { up, shift })
      if (length > longest.length) longest = { length, distance: up * lineLength - shift }
      if (x + length === cellWidth) return longest
    }
  return longest
}

function copyLength(
  pixels: Uint8Array,
  at: number,
  { up, shift }: { readonly up: number; readonly shift: number },
): number {
  const x = at % cellWidth
  if (x + shift < 0) return 0
  const most = Math.min(longestMatch, cellWidth - x - Math.max(0, shift))
  const from = at - up * cellWidth + shift
  let length = 0
  while (length < most && pixels[from + length] === pixels[at + length]) length++
  return length
}
