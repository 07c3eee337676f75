import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { bySize } from '../../../../test/support/proof-size.ts'
import { shuffledLayout } from '../../src/keypad/layout.ts'
import type { Keypad } from '../../src/keypad/model.ts'
import { keypadPictureSize, renderKeypadPicture } from '../../src/keypad/picture.ts'
import { renderKeypad } from '../../src/payment-window/keypad-view.ts'
import { sayIn } from '../../src/payment-window/language.ts'
import { realRuntime } from '../../src/runtime.ts'

const pictureCount = bySize({ short: 200, medium: 2_000, thorough: 2_000 })
const wireLength = 8_192
/** Signature, header, empty padding, frame of the pixels, end. */
const bytesAroundPixels = 8 + 25 + 12 + 12 + 12

/** Everything about a picture but its pixels and how long they and the padding are. */
function shapeOf(png: Buffer): { readonly text: string; readonly pixelBytes: number } {
  const parts = [png.toString('hex', 0, 8)]
  let pixelBytes = 0
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    if (name === 'IDAT') pixelBytes = length
    const body = png.subarray(at + 8, at + 8 + length)
    if (name === 'IHDR' || name === 'IEND') parts.push(`${name} ${png.toString('hex', at + 8, at + 12 + length)}`)
    else parts.push(name === 'paDd' ? `paDd ${Math.max(0, ...body)}` : name)
    at += length + 12
  }
  return { text: parts.join(', '), pixelBytes }
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
  readonly pixelBytes: readonly number[]
}

function compare(pictures: readonly Buffer[]): Comparison {
  const shapes = pictures.map(shapeOf)
  return {
    lengths: new Set(pictures.map(({ length }) => length)),
    shapes: new Set(shapes.map(({ text }) => text)),
    distinct: new Set(pictures.map((png) => png.toString('base64'))).size,
    pixelBytes: shapes.map(({ pixelBytes }) => pixelBytes),
  }
}

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
const size = [cellWidth * columns, cellHeight * rows].map((side) => side.toString(16).padStart(8, '0')).join('')
const onlyShape = new RegExp(`^89504e470d0a1a0a, IHDR ${size}0800000000[0-9a-f]{8}, paDd 0, IDAT, IEND ae426082$`)

/** What tells one picture from another although it is no pixel. */
function leaksOf({ lengths, shapes }: Comparison): readonly string[] {
  return [
    ...[...lengths].filter((length) => length !== wireLength).map((length) => `length ${length}`),
    ...[...shapes].filter((shape) => !onlyShape.test(shape)).map((shape) => `shape ${shape}`),
    ...(shapes.size > 1 ? [`${shapes.size} shapes`] : []),
  ]
}

const render = (layout: readonly number[]): Buffer => Buffer.from(renderKeypadPicture(layout))

test('layouts differ in nothing but pixels: one length, one header, the same chunks', (t) => {
  const comparison = compare(distinctLayouts(pictureCount).map(render))
  const { distinct, pixelBytes } = comparison
  assert.equal(distinct, pictureCount)
  assert.deepEqual(leaksOf(comparison), [])

  const mean = pixelBytes.reduce((sum, bytes) => sum + bytes, 0) / pictureCount
  const spread = Math.sqrt(pixelBytes.reduce((sum, bytes) => sum + (bytes - mean) ** 2, 0) / pictureCount)
  t.diagnostic(
    `pixels compress to ${Math.min(...pixelBytes)} to ${Math.max(...pixelBytes)} bytes, mean ${mean}, σ ${spread}`,
  )
  // Of 3,628,800 layouts none may need the next step of the length.
  assert.ok(spread > 0 && mean + 8 * spread < wireLength - bytesAroundPixels, `mean ${mean}, spread ${spread}`)
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

function resizePadding(png: Buffer, by: number): Buffer {
  const at = png.indexOf('paDd', 0, 'latin1') - 4
  const length = png.readUInt32BE(at)
  return Buffer.concat([
    png.subarray(0, at),
    chunkOf('paDd', Buffer.alloc(length + by)),
    png.subarray(at + 12 + length),
  ])
}

/** The chunk takes its room from the padding, so that the length stays. */
function addText(png: Buffer): Buffer {
  const chunk = chunkOf('tEXt', Buffer.from('even'))
  const shorter = resizePadding(png, -chunk.length)
  return Buffer.concat([shorter.subarray(0, -bytesOfIend), chunk, shorter.subarray(-bytesOfIend)])
}

const planted: Readonly<Record<string, { readonly alter: (png: Buffer) => Buffer; readonly leak: RegExp }>> = {
  'a text chunk for layouts that begin with an even digit': {
    alter: addText,
    leak: /^shape .*tEXt/,
  },
  'one byte more for layouts that begin with an even digit': {
    alter: (png) => resizePadding(png, 1),
    leak: new RegExp(`^length ${wireLength + 1}$`),
  },
}

for (const [name, { alter, leak }] of Object.entries(planted)) {
  test(`a planted leak is found: ${name}`, () => {
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
  const say = sayIn('ko')
  const pages = distinctLayouts(bySize({ short: 100, medium: 500, thorough: 500 })).map(
    (layout) => `${renderKeypad('cd'.repeat(32), keypad(layout), 3, { say })}`,
  )
  assert.equal(new Set(pages).size, 1)
})
