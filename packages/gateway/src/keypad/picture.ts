import { constants, crc32, deflateRawSync } from 'node:zlib'
import { digitLines, keypadPictureSize, paper, renderBlankCell, renderDigitCell } from './digit-cell.ts'
import { digitCells, type Layout } from './model.ts'

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
/** Each line of a PNG begins with the number of its filter. */
const noFilter = 0
const lineLength = 1 + cellWidth * columns

/** One key, compressed alone, line by line, with its two sums for the checksum of the picture. */
interface Cell {
  readonly lines: readonly Buffer[]
  /** The same for the left column, with the filter in front. */
  readonly leftLines: readonly Buffer[]
  readonly sum: number
  /** Each pixel times its distance from the first pixel of the cell in the picture's bytes. */
  readonly weightedSum: number
}

/** The parts that pictures are joined from. */
interface Parts {
  readonly digits: readonly Cell[]
  readonly blank: Cell
  readonly top: Buffer
  readonly between: Buffer
  readonly bottom: Buffer
}

let parts: Parts | undefined

/**
 * The keypad as a grey PNG: three columns, four rows, the lower corners empty.
 *
 * Neither size nor timing may depend on the layout. So each line of each digit is compressed once, alone; a full flush
 * ends it at a byte and lets nothing refer back beyond it. A picture only joins these parts in its order: the same
 * bytes in another order, with the same work.
 */
export function renderKeypadPicture(layout: Layout): Uint8Array {
  // All digits at once: otherwise the first pictures of a process take longer for some layouts.
  parts ??= compressParts()
  const { digits, blank, top, between, bottom } = parts
  const cells = Array<Cell>(columns * rows).fill(blank)
  for (const [index, cell] of digitCells.entries()) cells[cell] = digits[layout[index] as number] as Cell
  const lines = Array.from({ length: rows }, (_, row) => linesOfRow(cells.slice(row * columns, (row + 1) * columns)))
  const pixels = [top, ...lines.flatMap((ofRow, row) => [...ofRow, row < rows - 1 ? between : bottom])]
  const zlibHeader = Buffer.from([0x78, 0x01])
  const lastBlock = Buffer.from([0x03, 0x00])
  return encodeGreyPng(Buffer.concat([zlibHeader, ...pixels, lastBlock, uint32(adler32Of(cells))]))
}

const linesOfRow = ([left, ...others]: readonly Cell[]): readonly Buffer[] =>
  left?.leftLines.flatMap((line, index) => [line, ...others.map(({ lines }) => lines[index] as Buffer)]) ?? []

function compressParts(): Parts {
  const { first, end } = digitLines
  return {
    digits: Array.from({ length: 10 }, (_, digit) => compressCell(renderDigitCell(digit))),
    blank: compressCell(renderBlankCell()),
    top: paperLines(first),
    between: paperLines(cellHeight - end + first),
    bottom: paperLines(cellHeight - end),
  }
}

function compressCell(pixels: Uint8Array): Cell {
  const lines = Array.from({ length: digitLines.end - digitLines.first }, (_, index) => {
    const start = (digitLines.first + index) * cellWidth
    return pixels.subarray(start, start + cellWidth)
  })
  let sum = 0
  let weightedSum = 0
  for (const [at, pixel] of pixels.entries()) {
    sum += pixel
    weightedSum += pixel * (Math.floor(at / cellWidth) * lineLength + (at % cellWidth))
  }
  return { lines: lines.map(compress), leftLines: lines.map((line) => compress(withFilter(line))), sum, weightedSum }
}

const withFilter = (line: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([noFilter]), line])

const paperLines = (count: number): Buffer =>
  compress(Buffer.concat(Array<Uint8Array>(count).fill(withFilter(Buffer.alloc(lineLength - 1, paper)))))

/** Run lengths are all there is to find. A small buffer is enough, and faster than the default of 16 KiB. */
const compress = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, { strategy: constants.Z_RLE, chunkSize: 512, finishFlush: constants.Z_FULL_FLUSH })

/** RFC 1950: a sum of all bytes, and one weighted by how many follow. Filters are zero, so only the cells count. */
function adler32Of(cells: readonly Cell[]): number {
  const modulus = 65_521
  const pictureBytes = lineLength * cellHeight * rows
  let sum = 1
  let weightedSum = pictureBytes
  for (const [index, cell] of cells.entries()) {
    const first = 1 + Math.floor(index / columns) * cellHeight * lineLength + (index % columns) * cellWidth
    sum += cell.sum
    weightedSum += (pictureBytes - first) * cell.sum - cell.weightedSum
  }
  return (weightedSum % modulus) * 65_536 + (sum % modulus)
}

/** Eight bits a pixel, no interlace. */
function encodeGreyPng(zlibStream: Uint8Array): Uint8Array {
  const header = Buffer.concat([uint32(cellWidth * columns), uint32(cellHeight * rows), Buffer.from([8, 0, 0, 0, 0])])
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', zlibStream), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  return Buffer.concat([uint32(body.length), typed, uint32(crc32(typed))])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
