import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { digitCells, renderKeypadPicture, shuffledLayout } from '@sspay/gateway/internal'
import { bySize } from '../../../../test/support/proof-size.ts'
import { readKeypadPicture } from '../../src/buyer/keypad-reader.ts'

const pictures = bySize({ short: 60, medium: 200, thorough: 200 })

test(`${pictures} random keypads are read as a person reads them`, () => {
  for (let round = 0; round < pictures; round++) {
    const layout = shuffledLayout(realRuntime)
    const read = readKeypadPicture(renderKeypadPicture(layout))
    assert.deepEqual(
      layout,
      digitCells.map((cell) => read.get(cell)),
    )
  }
})

const notKeypads: readonly [string, Uint8Array, RegExp][] = [
  ['text', Buffer.from('no picture'), /not an 8-bit grey PNG/],
  ['a keypad with a digit twice', renderKeypadPicture([1, 1, 2, 3, 4, 5, 6, 7, 8, 9]), /ten digits/],
]
for (const [name, picture, message] of notKeypads)
  test(`rejected as a keypad: ${name}`, () => assert.throws(() => readKeypadPicture(picture), message))
