import assert from 'node:assert/strict'
import { test } from 'node:test'
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

test('layouts differ in nothing but pixels: one length, one header, the same chunks', (t) => {
  const lengths = new Set<number>()
  const shapes = new Set<string>()
  const pictures = new Set<string>()
  const pixelBytes: number[] = []
  for (const layout of distinctLayouts(pictureCount)) {
    const png = Buffer.from(renderKeypadPicture(layout))
    const shape = shapeOf(png)
    lengths.add(png.length)
    shapes.add(shape.text)
    pixelBytes.push(shape.pixelBytes)
    pictures.add(png.toString('base64'))
  }
  assert.equal(pictures.size, pictureCount)
  assert.deepEqual([...lengths], [wireLength])
  assert.equal(shapes.size, 1)
  const { cellWidth, cellHeight, columns, rows } = keypadPictureSize
  const [header] = [...shapes]
  const size = [cellWidth * columns, cellHeight * rows].map((side) => side.toString(16).padStart(8, '0')).join('')
  const only = `^89504e470d0a1a0a, IHDR ${size}0800000000[0-9a-f]{8}, paDd 0, IDAT, IEND ae426082$`
  assert.match(header ?? '', new RegExp(only))

  const mean = pixelBytes.reduce((sum, bytes) => sum + bytes, 0) / pictureCount
  const spread = Math.sqrt(pixelBytes.reduce((sum, bytes) => sum + (bytes - mean) ** 2, 0) / pictureCount)
  t.diagnostic(
    `pixels compress to ${Math.min(...pixelBytes)} to ${Math.max(...pixelBytes)} bytes, mean ${mean}, σ ${spread}`,
  )
  // Of 3,628,800 layouts none may need the next step of the length.
  assert.ok(spread > 0 && mean + 8 * spread < wireLength - bytesAroundPixels, `mean ${mean}, spread ${spread}`)
})

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
