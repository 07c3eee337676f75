import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passesLuhn } from '../src/card-formats.ts'

for (const number of ['4111111111111111', '378282246310005', '6011111111111117', '79927398713'])
  test(`a correct check digit passes, any other fails: ${number}`, () => {
    const right = Number(number.at(-1))
    for (let digit = 0; digit < 10; digit++)
      assert.equal(passesLuhn(`${number.slice(0, -1)}${digit}`), digit === right, String(digit))
  })
