import { crc32 } from 'node:zlib'
import { type CompressedCell, compress, compressCell, lineLength } from './compress-cell.ts'
import { digitLines, keypadPictureSize, paper, renderBlankCell, renderDigitCell } from './digit-cell.ts'
import { digitCells, type Layout } from './model.ts'

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
const pictureBytes = lineLength * cellHeight * rows

/** Lines without a digit: filter type 0, then paper. */
const compressPaper = (lines: number): Uint8Array =>
  compress(new Uint8Array(lines * lineLength).map((_, at) => (at % lineLength === 0 ? 0 : paper)))

/** Filter type 0, at the start of each line, as a stored DEFLATE block of one byte. */
const filter = Uint8Array.of(0, 1, 0, 0xfe, 0xff, 0)
const zlibHeader = Uint8Array.of(0x78, 0x01)
const lastBlock = Uint8Array.of(0x03, 0x00)

/** All ten at once: the first picture of a process must not take longer for one layout than for another. */
const compressParts = () => ({
  digits: Array.from({ length: 10 }, (_, digit) => compressCell(renderDigitCell(digit))),
  blank: compressCell(renderBlankCell()),
  top: compressPaper(digitLines.first),
  betweenRows: compressPaper(cellHeight - digitLines.end + digitLines.first),
  bottom: compressPaper(cellHeight - digitLines.end),
})

let parts: ReturnType<typeof compressParts> | undefined

/**
 * The keypad as a PNG: three columns, four rows, the lower corners empty.
 *
 * Constant time and length: every picture concatenates the same compressed lines of the same ten digits, so neither its
 * size nor the work depends on the layout.
 */
export function renderKeypadPicture(layout: Layout): Uint8Array {
  parts ??= compressParts()
  const { digits, blank, top, betweenRows, bottom } = parts
  const cells = Array<CompressedCell>(columns * rows).fill(blank)
  for (const [index, cell] of digitCells.entries()) cells[cell] = digits[layout[index] as number] as CompressedCell
  const blocks = [zlibHeader, top]
  for (let row = 0; row < rows; row++) {
    const inRow = cells.slice(row * columns, (row + 1) * columns)
    for (let line = 0; line < digitLines.end - digitLines.first; line++)
      blocks.push(filter, ...inRow.map(({ lines }) => lines[line] as Uint8Array))
    blocks.push(row < rows - 1 ? betweenRows : bottom)
  }
  return encodeGreyPng(Buffer.concat([...blocks, lastBlock, adler32Of(cells)]))
}

/**
 * RFC 1950: the sum of all bytes, and of each byte times the number of bytes from it to the end. Filter types are zero,
 * so only cells count.
 */
function adler32Of(cells: readonly CompressedCell[]): Buffer {
  const modulus = 65_521
  let sum = 1
  let weightedSum = pictureBytes
  for (const [index, cell] of cells.entries()) {
    const first = 1 + Math.floor(index / columns) * cellHeight * lineLength + (index % columns) * cellWidth
    sum += cell.sum
    weightedSum += (pictureBytes - first) * cell.sum - cell.weightedSum
  }
  return uint32((weightedSum % modulus) * 65_536 + (sum % modulus))
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Eight-bit grey, not interlaced; `lines` is the zlib stream of all lines. */
const encodeGreyPng = (lines: Buffer): Uint8Array =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    ...chunk('IHDR', Buffer.concat([uint32(cellWidth * columns), uint32(cellHeight * rows), Buffer.of(8, 0, 0, 0, 0)])),
    ...chunk('IDAT', lines),
    ...chunk('IEND', Buffer.alloc(0)),
  ])

function chunk(type: string, body: Buffer): readonly Buffer[] {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  return [uint32(body.length), typed, uint32(crc32(typed))]
}
