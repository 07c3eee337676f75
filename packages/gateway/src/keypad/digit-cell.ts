import { digitShapes, distanceTo } from './digit-shapes.ts'
import { keypadGrid } from './model.ts'

/** In picture pixels; a page shows the picture at half of this or less, so that it is sharp on dense screens. */
export const keypadPictureSize = { cellWidth: 240, cellHeight: 128, ...keypadGrid } as const

const { cellWidth, cellHeight } = keypadPictureSize
const digitHeight = 54
const halfStroke = 3.1
const scale = digitHeight / 100
const left = (cellWidth - 60 * scale) / 2
const top = (cellHeight - digitHeight) / 2
/** The pen reaches less than this beyond the box of a digit. */
const margin = 8
export const paper = 255
const ink = 0x22
/** Steps from paper to ink. More of them are not seen at half size, and compress badly. */
const shades = 3

/** The lines of a cell that a digit may stand on; above and below there is only paper. */
export const digitLines = { first: top - margin, end: top + digitHeight + margin } as const

const renderedCells = new Map<number, Uint8Array>()

/** The grey pixels of one digit key, line by line: what a reader compares the cells of a picture with. */
export function renderDigitCell(digit: number): Uint8Array {
  const rendered = renderedCells.get(digit) ?? drawDigitCell(digit)
  renderedCells.set(digit, rendered)
  return rendered
}

export const renderBlankCell = (): Uint8Array => new Uint8Array(cellWidth * cellHeight).fill(paper)

function drawDigitCell(digit: number): Uint8Array {
  const shape = digitShapes[digit]
  if (shape === undefined) throw new RangeError(`no digit ${digit}`)
  const pixels = renderBlankCell()
  for (let y = digitLines.first; y < digitLines.end; y++)
    for (let x = Math.floor(left) - margin; x < left + 60 * scale + margin; x++) {
      const distance = distanceTo(shape, (x + 0.5 - left) / scale, (y + 0.5 - top) / scale) * scale
      const coverage = Math.min(1, Math.max(0, halfStroke + 0.5 - distance))
      pixels[y * cellWidth + x] = Math.round(paper - (Math.round(coverage * shades) / shades) * (paper - ink))
    }
  return pixels
}
