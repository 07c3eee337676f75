import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultCodes } from '../../packages/protocol/src/codes/result-codes.ts'
import { resultAdvice } from '../../tools/docs/advice/result-advice.ts'
import { renderErrorPage } from '../../tools/docs/error-pages.ts'
import { languages } from '../../tools/docs/language.ts'
import { headingsOf } from '../../tools/docs/markdown.ts'

for (const language of languages) {
  test(`every result code has one anchor in the catalogue (${language})`, () => {
    const slugs = headingsOf(renderErrorPage(language)).map(({ slug }) => slug)
    for (const { code } of Object.values(resultCodes)) {
      assert.equal(slugs.filter((slug) => slug === code.toLowerCase()).length, 1, code)
    }
  })
}

test('no advice is empty, and none is that of another code', () => {
  for (const [reason, { cause, fix, buyer }] of Object.entries(resultAdvice)) {
    for (const words of [cause, fix, buyer]) assert.ok(words.ko.length > 4 && words.en.length > 4, reason)
  }
  const causes = Object.values(resultAdvice).map(({ cause }) => cause.en)
  assert.equal(new Set(causes).size, causes.length)
})
