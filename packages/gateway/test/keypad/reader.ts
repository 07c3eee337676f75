import { inflateSync } from 'node:zlib'
import { keypadPictureSize } from '../../src/keypad/digit-cell.ts'

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize

/** The grey pixels of the twelve cells of a keypad picture, in reading order. */
export function cellsOfPicture(png: Uint8Array): readonly Uint8Array[] {
  const lines = inflateSync(chunkOf(Buffer.from(png), 'IDAT'))
  const lineLength = cellWidth * columns + 1
  return Array.from({ length: columns * rows }, (_cell, index) => {
    const left = 1 + (index % columns) * cellWidth
    const top = Math.floor(index / columns) * cellHeight
    return Buffer.concat(
      Array.from({ length: cellHeight }, (_line, line) => {
        const start = (top + line) * lineLength + left
        return lines.subarray(start, start + cellWidth)
      }),
    )
  })
}

function chunkOf(png: Buffer, type: string): Buffer {
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === type) return png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
  }
  throw new Error(`no ${type} in the picture`)
}
