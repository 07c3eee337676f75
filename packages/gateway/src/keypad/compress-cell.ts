import { constants, deflateRawSync } from 'node:zlib'
import { digitLines, keypadPictureSize } from './digit-cell.ts'

const { cellWidth, columns } = keypadPictureSize

/** Bytes of one line of the picture: its PNG filter type and its pixels. */
export const lineLength = 1 + cellWidth * columns

export interface CompressedCell {
  /** The DEFLATE blocks of each line within {@link digitLines}. */
  readonly lines: readonly Uint8Array[]
  /** Sum of all pixels, and of each pixel times its distance from the cell's first one in the picture: for Adler-32. */
  readonly sum: number
  readonly weightedSum: number
}

/** DEFLATE blocks that end at a byte, so that they can be concatenated. */
export const compress = (bytes: Uint8Array, dictionary = new Uint8Array()): Uint8Array =>
  deflateRawSync(bytes, { level: 9, memLevel: 1, windowBits: 12, finishFlush: constants.Z_SYNC_FLUSH, dictionary })

const linesAbove = 3

/** A byte that is no pixel, in place of the neighbours of a cell: no match can refer to them. */
const neighbours = new Uint8Array(lineLength - cellWidth).fill(1)

/** Compresses each line alone, with the lines above it in the same cell as dictionary: valid in any place of a picture. */
export function compressCell(pixels: Uint8Array): CompressedCell {
  const lineOf = (line: number): Uint8Array => pixels.subarray(line * cellWidth, (line + 1) * cellWidth)
  const lines: Uint8Array[] = []
  for (let line = digitLines.first; line < digitLines.end; line++) {
    const above = Array.from({ length: linesAbove }, (_, index) => lineOf(line - linesAbove + index))
    lines.push(compress(lineOf(line), Buffer.concat(above.flatMap((pixelsAbove) => [pixelsAbove, neighbours]))))
  }
  let [sum, weightedSum] = [0, 0]
  for (const [at, pixel] of pixels.entries()) {
    sum += pixel
    weightedSum += pixel * (Math.floor(at / cellWidth) * lineLength + (at % cellWidth))
  }
  return { lines, sum, weightedSum }
}
