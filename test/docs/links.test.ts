import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutCode } from '../../tools/docs/markdown.ts'
import { findDeadLinks, knownHosts, outsideLinksOf } from './links.ts'
import { type MarkdownPage, readPages } from './pages.ts'

const pages = readPages()

test('every link and every anchor of every page leads somewhere', (t) => {
  const faults = pages.flatMap((page) => findDeadLinks(page, pages))
  assert.equal(faults.map(({ place, message }) => `${place} ${message}`).join('\n'), '')
  t.diagnostic(`${pages.length} pages`)
})

test('links outside go to known hosts only', (t) => {
  const outside = [...new Set(pages.flatMap(outsideLinksOf))].sort()
  assert.deepEqual(
    outside.filter((link) => !knownHosts.test(link)),
    [],
  )
  t.diagnostic(`${outside.length} outside: ${outside.join(' ')}`)
})

/** No other check sees them, and the site takes one on localhost for a dead link. */
const bracketed = ({ path, text }: MarkdownPage): readonly string[] =>
  [...withoutCode(text).matchAll(/<https?:[^>]*>/g)].map(([address]) => `${path} ${address}`)

test('no address stands in angle brackets', () => {
  assert.deepEqual(pages.flatMap(bracketed), [])
  assert.equal(bracketed(injected('<http://localhost:4600/club> `<http://localhost>`')).length, 1)
})

const injected = (text: string): MarkdownPage => ({ path: 'docs/guides/ko/injected.md', text: `# 제목\n\n${text}\n` })

const dead: readonly (readonly [text: string, message: string])[] = [
  ['[가](gone.md)', 'gone.md is not there'],
  ['[가](recovery.md#없는-제목)', 'recovery.md#없는-제목: there is no such heading'],
  ['[가](#없는-제목)', '#없는-제목: there is no such heading'],
  ['![그림](../../images/gone.svg)', '../../images/gone.svg is not there'],
  ['[`코드`](../../../examples/gone.ts)', '../../../examples/gone.ts is not there'],
  ['[밖](../../../../outside.md)', '../../../../outside.md leaves the repository'],
]

for (const [text, message] of dead) {
  test(`an injected dead link is found: ${text}`, () => {
    assert.deepEqual(findDeadLinks(injected(text), pages), [{ place: 'docs/guides/ko/injected.md:3', message }])
  })
}

test('right links, and what only looks like one, are left alone', () => {
  const text = '[가](recovery.md#취소하기) [나](#제목) `[다](gone.md)`\n\n```\n[라](gone.md)\n```\n'
  assert.deepEqual(findDeadLinks(injected(text), pages), [])
})

test('an injected link to an unknown host is found', () => {
  const [link = ''] = outsideLinksOf(injected('[밖](https://tracker.invalid/x)'))
  assert.ok(!knownHosts.test(link))
})
