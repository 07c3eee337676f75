import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readTypedExpiry } from '../../src/payment-window/typed-card.ts'

const read = (fields: Readonly<Record<string, string>>) => readTypedExpiry(new URLSearchParams(fields))

describe('the expiry date of a card', () => {
  for (const typed of ['12/33', '12 / 33', '12-33', '12.33', '1233', '12/2033', ' 12/33 '])
    test(`is read from “${typed}”`, () => {
      const { expiryMonth, expiryYear } = read({ expiry: typed }) ?? assert.fail()
      assert.deepEqual([expiryMonth, expiryYear % 100], [12, 33])
    })

  test('may have a month of one digit', () => {
    assert.deepEqual(read({ expiry: '1/33' }), { expiryMonth: 1, expiryYear: 33 })
  })

  for (const typed of ['', '13/33', '00/33', '33/12', '12', '12/3', '12/1933', '2033-12', 'xx/yy'])
    test(`is not guessed from “${typed}”`, () => assert.equal(read({ expiry: typed }), undefined))

  test('is read from the two fields of older pages', () => {
    assert.deepEqual(read({ expiryMonth: '01', expiryYear: '2033' }), { expiryMonth: 1, expiryYear: 2033 })
    assert.equal(read({ expiryMonth: '', expiryYear: '2033' }), undefined)
  })
})
