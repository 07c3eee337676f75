import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { bySize } from '../../../../test/support/proof-size.ts'
import { shuffledLayout } from '../../src/keypad/create-keypad.ts'
import { keypadPictureSize, renderBlankCell, renderDigitCell } from '../../src/keypad/digit-cell.ts'
import { digitCells, type Keypad } from '../../src/keypad/model.ts'
import { renderKeypadPicture } from '../../src/keypad/picture.ts'
import { renderKeypad } from '../../src/payment-window/keypad-view.ts'
import { translateTo } from '../../src/payment-window/language.ts'
import { realRuntime } from '../../src/runtime.ts'
import { cellsOfPicture } from './reader.ts'

const pictureCount = bySize({ short: 200, medium: 2_000, thorough: 2_000 })
const wireLength = 8_788

/** Everything about a picture but its pixels. */
function shapeOf(png: Buffer): string {
  const parts = [png.toString('hex', 0, 8)]
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    parts.push(name === 'IDAT' ? `IDAT ${length}` : `${name} ${png.toString('hex', at + 8, at + 12 + length)}`)
    at += length + 12
  }
  return parts.join(', ')
}

const distinctLayouts = (count: number): readonly (readonly number[])[] => {
  const layouts = new Map<string, readonly number[]>()
  while (layouts.size < count) {
    const layout = shuffledLayout(realRuntime)
    layouts.set(layout.join(''), layout)
  }
  return [...layouts.values()]
}

interface Comparison {
  readonly lengths: ReadonlySet<number>
  readonly shapes: ReadonlySet<string>
  readonly distinct: number
}

const compare = (pictures: readonly Buffer[]): Comparison => ({
  lengths: new Set(pictures.map(({ length }) => length)),
  shapes: new Set(pictures.map(shapeOf)),
  distinct: new Set(pictures.map((png) => png.toString('base64'))).size,
})

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
const size = [cellWidth * columns, cellHeight * rows].map((side) => side.toString(16).padStart(8, '0')).join('')
const bytesAroundPixels = 8 + 25 + 12 + 12
const onlyShape = new RegExp(
  `^89504e470d0a1a0a, IHDR ${size}0800000000[0-9a-f]{8}, IDAT ${wireLength - bytesAroundPixels}, IEND ae426082$`,
)

/** Differences between pictures outside their pixels, such as the length. */
function leaksOf({ lengths, shapes }: Comparison): readonly string[] {
  return [
    ...[...lengths].filter((length) => length !== wireLength).map((length) => `length ${length}`),
    ...[...shapes].filter((shape) => !onlyShape.test(shape)).map((shape) => `shape ${shape}`),
    ...(shapes.size > 1 ? [`${shapes.size} shapes`] : []),
  ]
}

const render = (layout: readonly number[]): Buffer => Buffer.from(renderKeypadPicture(layout))

test('layouts differ in nothing but pixels: one length, one header, the same chunks', () => {
  const comparison = compare(distinctLayouts(pictureCount).map(render))
  assert.equal(comparison.distinct, pictureCount)
  assert.deepEqual(leaksOf(comparison), [])
})

test('every picture shows its layout, pixel by pixel', () => {
  const places: readonly number[] = digitCells
  for (const layout of distinctLayouts(bySize({ short: 40, medium: 500, thorough: 500 }))) {
    const cells = cellsOfPicture(render(layout))
    for (const [cell, pixels] of cells.entries()) {
      const digit = layout[places.indexOf(cell)]
      assert.ok(Buffer.from(pixels).equals(digit === undefined ? renderBlankCell() : renderDigitCell(digit)))
    }
  }
})

const bytesOfIend = 12

function chunkOf(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const chunk = Buffer.alloc(named.length + 8)
  chunk.writeUInt32BE(data.length)
  named.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(named), named.length + 4)
  return chunk
}

const addChunk = (png: Buffer, chunk: Buffer): Buffer =>
  Buffer.concat([png.subarray(0, -bytesOfIend), chunk, png.subarray(-bytesOfIend)])

/** Appends bytes after the end of the compressed data, which decoders ignore. */
function lengthenPixels(png: Buffer): Buffer {
  const at = png.indexOf('IDAT', 0, 'latin1') - 4
  const length = png.readUInt32BE(at)
  const pixels = Buffer.concat([png.subarray(at + 8, at + 8 + length), Buffer.alloc(1)])
  return Buffer.concat([png.subarray(0, at), chunkOf('IDAT', pixels), png.subarray(at + 12 + length)])
}

const injected: Readonly<Record<string, { readonly alter: (png: Buffer) => Buffer; readonly leak: RegExp }>> = {
  'a text chunk for layouts that begin with an even digit': {
    alter: (png) => addChunk(png, chunkOf('tEXt', Buffer.from('even'))),
    leak: /^shape .*tEXt/,
  },
  'one byte more for layouts that begin with an even digit': {
    alter: lengthenPixels,
    leak: new RegExp(`^length ${wireLength + 1}$`),
  },
}

for (const [name, { alter, leak }] of Object.entries(injected)) {
  test(`a injected leak is found: ${name}`, () => {
    const pictures = distinctLayouts(pictureCount).map((layout) => {
      const png = render(layout)
      return (layout[0] ?? 0) % 2 === 0 ? alter(png) : png
    })
    const leaks = leaksOf(compare(pictures))
    assert.ok(
      leaks.some((found) => leak.test(found)),
      leaks.join('\n') || 'no leak was found',
    )
  })
}

test('the page is the same to the byte whatever the layout: only the picture knows it', () => {
  const keypad = (layout: readonly number[]): Keypad => ({
    keypadId: 'ab'.repeat(16),
    layout,
    tokens: Array.from({ length: 10 }, (_token, index) => `${index}`.repeat(24)),
    expiresAt: new Date(0),
  })
  const t = translateTo('ko')
  const pages = distinctLayouts(bySize({ short: 100, medium: 500, thorough: 500 })).map(
    (layout) => `${renderKeypad('cd'.repeat(32), keypad(layout), 3, { t })}`,
  )
  assert.equal(new Set(pages).size, 1)
})
