import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createKeypad, findKeypad, shuffledLayout } from '../../src/keypad/create-keypad.ts'
import { keypadPictureSize, renderDigitCell } from '../../src/keypad/digit-cell.ts'
import { digitCells, type Keypad } from '../../src/keypad/model.ts'
import { renderKeypadPicture } from '../../src/keypad/picture.ts'
import { readTaps } from '../../src/keypad/read-taps.ts'
import { realRuntime } from '../../src/runtime.ts'
import { createTestContext, type TestContext } from '../support.ts'
import { cellsOfPicture } from './reader.ts'

const sessionHash = 'session-one'
let fixture: TestContext

before(async () => {
  fixture = await createTestContext()
})
after(() => fixture.close())

const tapsFor = (keypad: Keypad, digits: string): string[] =>
  [...digits].map((digit) => keypad.tokens[keypad.layout.indexOf(Number(digit))] as string)

test('a layout is a permutation of the ten digits', () => {
  for (let run = 0; run < 500; run++) {
    assert.deepEqual([...shuffledLayout(realRuntime)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  }
})

test('every digit comes to every key equally often', () => {
  const runs = 10_000
  const seen = Array.from({ length: 10 }, () => new Array<number>(10).fill(0))
  for (let run = 0; run < runs; run++) {
    for (const [key, digit] of shuffledLayout(realRuntime).entries()) {
      const row = seen[key] as number[]
      row[digit] = (row[digit] as number) + 1
    }
  }
  // 1,000 expected, standard deviation 30: seven of them are a broken shuffle, not bad luck.
  for (const times of seen.flat()) assert.ok(Math.abs(times - runs / 10) < 210, `${times} of ${runs}`)
})

test('whatever six digits are tapped are read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[0-9]{6}$/), async (digits) => {
      const keypad = await createKeypad(fixture.context, sessionHash)
      const read = await readTaps(fixture.context, { ...keypad, sessionHash, taps: tapsFor(keypad, digits) })
      assert.deepEqual(read, { ok: true, digits })
    }),
    { numRuns: 30 },
  )
})

test('tokens say nothing about digits and never come again', async () => {
  const first = await createKeypad(fixture.context, sessionHash)
  const second = await createKeypad(fixture.context, sessionHash)
  assert.equal(new Set([...first.tokens, ...second.tokens]).size, 20)
  for (const token of first.tokens) assert.match(token, /^[0-9a-f]{24}$/)
})

test('of fifty simultaneous readings of one keypad one succeeds', async () => {
  const keypad = await createKeypad(fixture.context, sessionHash)
  const taps = tapsFor(keypad, '902134')
  const read = await Promise.all(
    Array.from({ length: 50 }, () => readTaps(fixture.context, { ...keypad, sessionHash, taps })),
  )
  assert.equal(read.filter(({ ok }) => ok).length, 1)
  assert.equal(await findKeypad(fixture.context, keypad.keypadId, sessionHash), undefined)
})

test('another session cannot use a keypad, and its try does not use it up', async () => {
  const keypad = await createKeypad(fixture.context, sessionHash)
  const taps = tapsFor(keypad, '135790')
  const foreign = await readTaps(fixture.context, { ...keypad, sessionHash: 'session-two', taps })
  assert.deepEqual(foreign, { ok: false, reason: 'keypad_unusable' })
  assert.equal((await readTaps(fixture.context, { ...keypad, sessionHash, taps })).ok, true)
})

test('a keypad is over after its life', async () => {
  const { context, clock } = fixture
  const keypad = await createKeypad(context, sessionHash)
  clock.advance(context.settings.keypadLifeMs)
  const read = await readTaps(context, { ...keypad, sessionHash, taps: tapsFor(keypad, '135790') })
  assert.deepEqual(read, { ok: false, reason: 'keypad_unusable' })
})

for (const { name, changed } of [
  { name: 'five taps', changed: (taps: string[]) => taps.slice(1) },
  { name: 'seven taps', changed: (taps: string[]) => [...taps, ...taps.slice(0, 1)] },
  { name: 'an unknown token', changed: (taps: string[]) => ['0', ...taps.slice(1)] },
  { name: 'no tap', changed: () => [] },
]) {
  test(`${name}: rejected, and the keypad is used up`, async () => {
    const keypad = await createKeypad(fixture.context, sessionHash)
    const taps = tapsFor(keypad, '135790')
    const rejected = await readTaps(fixture.context, { ...keypad, sessionHash, taps: changed(taps) })
    assert.deepEqual(rejected, { ok: false, reason: 'taps_invalid' })
    assert.equal((await readTaps(fixture.context, { ...keypad, sessionHash, taps })).ok, false)
  })
}

test('the order of the digits is not in the database in clear', async () => {
  const keypad = await createKeypad(fixture.context, sessionHash)
  const stored = await fixture.readStoredBytes()
  assert.equal(stored.includes(keypad.layout.join(',')), false)
  for (const token of keypad.tokens) assert.equal(stored.includes(token), false)
})

test('the picture shows each digit where the layout says, and two empty corners', () => {
  const layout = shuffledLayout(realRuntime)
  const cells = cellsOfPicture(renderKeypadPicture(layout))
  for (const [key, cell] of digitCells.entries()) {
    assert.deepEqual(Buffer.from(cells[cell] as Uint8Array), Buffer.from(renderDigitCell(layout[key] as number)))
  }
  for (const corner of [9, 11]) assert.ok(cells[corner]?.every((pixel) => pixel === 255))
})

test('the ten digits look different', () => {
  const { cellWidth, cellHeight } = keypadPictureSize
  const drawn = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => renderDigitCell(digit))
  for (const [one, pixels] of drawn.entries()) {
    assert.equal(pixels.length, cellWidth * cellHeight)
    for (const other of drawn.slice(one + 1)) {
      const different = pixels.filter((pixel, at) => Math.abs(pixel - (other[at] as number)) > 128).length
      assert.ok(different > 150, `${different} pixels`)
    }
  }
})

test('the length of the picture is the same for every layout', () => {
  const lengths = Array.from({ length: 100 }, () => renderKeypadPicture(shuffledLayout(realRuntime)).length)
  assert.equal(new Set(lengths).size, 1)
})
