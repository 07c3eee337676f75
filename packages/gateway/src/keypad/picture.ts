import { crc32 } from 'node:zlib'
import { type CompressedCell, compressCell, lineLength } from './compress-cell.ts'
import { type Bits, beginBlock, createBitWriter, endBlock, writeLiteral, writeRun } from './deflate-bits.ts'
import { digitLines, keypadPictureSize, paper, renderBlankCell, renderDigitCell } from './digit-cell.ts'
import { digitCells, type Layout } from './model.ts'

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(body.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}

/** Eight-bit grey, no interlace; `lines` is the zlib stream of all lines, each with its filter before it. */
function encodeGreyPng(lines: Uint8Array, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', lines), chunk('IEND', Buffer.alloc(0))])
}

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
const pictureBytes = lineLength * cellHeight * rows
const mostBytes = 16_384
/** PNG filter type of every line: none. */
const filter = 0

interface CompressedCells {
  readonly digits: readonly CompressedCell[]
  readonly blank: CompressedCell
}

let compressed: CompressedCells | undefined

/** All ten at once: the first picture of a process must not take longer for one layout than for another. */
const compressCells = (): CompressedCells => ({
  digits: Array.from({ length: 10 }, (_, digit) => compressCell(renderDigitCell(digit))),
  blank: compressCell(renderBlankCell()),
})

/**
 * The keypad as a PNG: three columns, four rows, the lower corners empty.
 *
 * Every picture consists of the same ten digits, and each line of each digit is compressed once, alone. A picture joins
 * these bits in its order, so that it costs little, and all pictures are of one length and take the same work: neither
 * tells anything about the layout.
 */
export function renderKeypadPicture(layout: Layout): Uint8Array {
  compressed ??= compressCells()
  const { digits, blank } = compressed
  const cells = Array<CompressedCell>(columns * rows).fill(blank)
  for (const [index, cell] of digitCells.entries()) cells[cell] = digits[layout[index] as number] as CompressedCell
  return encodeGreyPng(zlibStreamOf(cells), cellWidth * columns, cellHeight * rows)
}

function zlibStreamOf(cells: readonly CompressedCell[]): Buffer {
  const writer = createBitWriter(mostBytes)
  const repeatLine = (count: number): void => writeRun(writer, count * lineLength, lineLength)
  beginBlock(writer)
  writeLiteral(writer, filter)
  writeLiteral(writer, paper)
  writeRun(writer, lineLength - 2, 1)
  repeatLine(digitLines.first - 1)
  for (let row = 0; row < rows; row++) {
    const ofRow = cells.slice(row * columns, (row + 1) * columns)
    for (let line = 0; line < digitLines.end - digitLines.first; line++) {
      writeLiteral(writer, filter)
      for (const { lines } of ofRow) writer.append(lines[line] as Bits)
    }
    // The last line was paper already.
    repeatLine(cellHeight - digitLines.end + (row < rows - 1 ? digitLines.first : 0))
  }
  endBlock(writer)
  const end = Buffer.alloc(4)
  end.writeUInt32BE(adler32Of(cells))
  return Buffer.concat([Buffer.from([0x78, 0x01]), writer.bits().bytes, end])
}

/**
 * RFC 1950: one sum of all bytes, and one of all bytes times how many follow them. Filters are zero, so only cells
 * count, each by its own sums and its place.
 */
function adler32Of(cells: readonly CompressedCell[]): number {
  const modulus = 65_521
  let sum = 1
  let weightedSum = pictureBytes
  for (const [index, cell] of cells.entries()) {
    const first = 1 + Math.floor(index / columns) * cellHeight * lineLength + (index % columns) * cellWidth
    sum += cell.sum
    weightedSum += (pictureBytes - first) * cell.sum - cell.weightedSum
  }
  return (weightedSum % modulus) * 65_536 + (sum % modulus)
}
