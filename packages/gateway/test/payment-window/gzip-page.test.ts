import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { createPageCompressor } from '../../src/payment-window/gzip-page.ts'

const css = 'main { color: red; } '.repeat(500)
const script = 'document.title = "결제"; '.repeat(200)
const compress = createPageCompressor([css, script])

const pages: Readonly<Record<string, string>> = {
  'both fixed texts': `<style>${css}</style>한빛 커피<script>${script}</script>`,
  'the first one only': `<style>${css}</style>`,
  'the second one only': `<script>${script}</script>`,
  neither: '<p>없음</p>',
  'one of them twice': `${css}${css}${script}`,
  'the other order': `${script}, ${css}`,
  nothing: '',
}

for (const [name, page] of Object.entries(pages)) {
  test(`a page with ${name} reads back the same`, () => {
    assert.equal(gunzipSync(compress(page)).toString(), page)
  })
}

test('whatever stands around the fixed texts reads back the same', () => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(text, text, text, (before, between, behind) => {
      const page = `${before}${css}${between}${script}${behind}`
      assert.equal(gunzipSync(compress(page)).toString(), page)
    }),
    { numRuns: 50 },
  )
})

test('an empty fixed text changes nothing', () => {
  assert.equal(gunzipSync(createPageCompressor([''])('<p>page</p>')).toString(), '<p>page</p>')
})

test('a fixed text is compressed well, as the page around it', () => {
  const { length } = compress(`<style>${css}</style>${'<option>3개월</option>'.repeat(100)}`)
  assert.ok(length < 500, `${length} bytes`)
})
