import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySize } from '../../../test/support/proof-size.ts'
import { type DecodedForm, decodeForm, encodeForm, encodeText, guessFormCharset } from '../src/charset.ts'
import type { Charset } from '../src/index.ts'

const charsets = ['utf-8', 'euc-kr'] as const
const formType = 'application/x-www-form-urlencoded'
const syllables = Array.from({ length: 11_172 }, (_, index) => String.fromCharCode(0xac00 + index))

/** Every so many of what is tried, others in every run. */
const step = bySize({ short: 7, medium: 1, thorough: 1 })
const offset = Date.now() % step
const some = (texts: readonly string[]): readonly string[] => texts.filter((_, index) => index % step === offset)

/** The form as it is read that a page in `charset` posts. */
function posted(fields: DecodedForm['fields'], charset: Charset, contentType = formType): DecodedForm['fields'] {
  const body = new TextEncoder().encode(encodeForm({ Mid: 'ssptest01m', ...fields }, charset))
  return decodeForm(body, guessFormCharset(body, contentType)).fields
}

const misread = (names: readonly string[], charset: Charset, more: DecodedForm['fields'] = {}, type = formType) =>
  names.filter((name) => posted({ ...more, BuyerName: name }, charset, type).BuyerName !== name)

/** Syllables whose two bytes in windows-949 are a letter in UTF-8: 217 of KS X 1001, the others of the extension. */
const ambiguous = syllables.filter((syllable) => {
  const [lead = 0, trail = 0] = encodeText(syllable, 'euc-kr')
  return lead >= 0xc2 && lead <= 0xdf && trail >= 0x80 && trail <= 0xbf
})

test('치킨, a dish of two syllables whose EUC-KR bytes are UTF-8 too', () => {
  assert.equal(posted({ GoodsName: '치킨' }, 'euc-kr').GoodsName, '치킨')
  assert.equal(posted({ GoodsName: 'BBQ 치킨 2' }, 'euc-kr').GoodsName, 'BBQ 치킨 2')
})

test('every syllable is read right as a name of one and of two syllables, declared or not', () => {
  const names = some(syllables.flatMap((syllable) => [syllable, `${syllable}철`]))
  for (const charset of charsets) {
    assert.deepEqual(misread(names, charset), [], charset)
    assert.deepEqual(
      misread(some(syllables), charset, {}, `${formType}; charset=${charset}`),
      [],
      `${charset}, content type`,
    )
    assert.deepEqual(misread(some(syllables), charset, { EncodingType: charset }), [], `${charset}, EncodingType`)
  }
})

test('two syllables that are both letters of UTF-8 are read right in every pair', () => {
  assert.equal(ambiguous.length, 345)
  const pairs = ambiguous.flatMap((first) => ambiguous.map((second) => first + second))
  assert.deepEqual(misread(some(pairs), 'euc-kr'), [])
})

test('a form in EUC-KR that asks for answers in UTF-8 misreads these syllables, where nothing else tells', () => {
  assert.deepEqual(misread(syllables, 'euc-kr', { EncodingType: 'utf8' }), ambiguous)
  assert.deepEqual(misread(syllables, 'euc-kr', { EncodingType: 'utf8', GoodsName: '커피' }), [])
})

test('Western words in UTF-8 stay Western, whatever Hangul their bytes are', () => {
  for (const text of ['café', 'crème brûlée', 'Élysée', 'Pokémon', '4°C', 'COLA®', '커피 café', 'Müller'])
    assert.equal(posted({ GoodsName: text }, 'utf-8').GoodsName, text)
  assert.equal(posted({ GoodsName: 'Čapek', EncodingType: 'utf8' }, 'utf-8').GoodsName, 'Čapek')
})
