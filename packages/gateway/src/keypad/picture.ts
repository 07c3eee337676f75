import { digitShapes, distanceTo } from './digit-shapes.ts'
import { digitCells, keypadGrid, type Layout } from './model.ts'
import { encodeGreyPng } from './png.ts'

/** In picture pixels; a page shows the picture at half of this or less, so that it is sharp on dense screens. */
export const keypadPictureSize = { cellWidth: 240, cellHeight: 128, ...keypadGrid } as const

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
const digitHeight = 54
const halfStroke = 3.1
const paper = 255
const ink = 0x22
const pictureLengthStep = 8_192

const renderedCells = new Map<number, Uint8Array>()

/** The grey pixels of one digit key, line by line: what a reader compares the cells of a picture with. */
export function renderDigitCell(digit: number): Uint8Array {
  const rendered = renderedCells.get(digit) ?? drawDigitCell(digit)
  renderedCells.set(digit, rendered)
  return rendered
}

function drawDigitCell(digit: number): Uint8Array {
  const shape = digitShapes[digit]
  if (shape === undefined) throw new RangeError(`no digit ${digit}`)
  const scale = digitHeight / 100
  const left = (cellWidth - 60 * scale) / 2
  const top = (cellHeight - digitHeight) / 2
  const pixels = new Uint8Array(cellWidth * cellHeight).fill(paper)
  for (let y = 0; y < cellHeight; y++)
    for (let x = 0; x < cellWidth; x++) {
      const distance = distanceTo(shape, (x + 0.5 - left) / scale, (y + 0.5 - top) / scale) * scale
      const coverage = Math.min(1, Math.max(0, halfStroke + 0.5 - distance))
      pixels[y * cellWidth + x] = Math.round(paper - coverage * (paper - ink))
    }
  return pixels
}

/** The keypad as a PNG: three columns, four rows, the lower corners empty. */
export function renderKeypadPicture(layout: Layout): Uint8Array {
  const width = cellWidth * columns
  const pixels = new Uint8Array(width * cellHeight * rows).fill(paper)
  for (const [index, cell] of digitCells.entries()) {
    const drawn = renderDigitCell(layout[index] as number)
    const left = (cell % columns) * cellWidth
    const top = Math.floor(cell / columns) * cellHeight
    for (let line = 0; line < cellHeight; line++)
      pixels.set(drawn.subarray(line * cellWidth, (line + 1) * cellWidth), (top + line) * width + left)
  }
  return encodeGreyPng(pixels, width, cellHeight * rows, pictureLengthStep)
}
