import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { composeSite } from '../../tools/docs/compose-site.ts'
import { renderLlms, renderLlmsFull } from '../../tools/docs/llms.ts'
import { headingsOf, linksOf } from '../../tools/docs/markdown.ts'
import { findOutsideRequests } from '../../tools/docs/outside-requests.ts'
import { linkForSite } from '../../tools/docs/site-links.ts'
import { repository } from '../source/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'sspay-site-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const composed = composeSite(repository, folder)
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
const files = globSync('**/*.md', { cwd: folder })

test('every link of the site leads to a page and a heading of the site', () => {
  const dead = files.flatMap((path) =>
    linksOf(read(path))
      .filter(({ target, isPicture }) => target.startsWith('/') && !isPicture)
      .flatMap(({ target }) => {
        const [page = '', anchor] = target.slice(1).split('#')
        if (page.endsWith('.json') && existsSync(join(folder, 'public', page))) return []
        if (!files.includes(page)) return [`${path}: ${target}`]
        const slugs = anchor === undefined ? [] : headingsOf(read(page)).map(({ slug }) => slug)
        return anchor === undefined || slugs.includes(decodeURIComponent(anchor)) ? [] : [`${path}: ${target}`]
      }),
  )
  assert.deepEqual(dead, [])
})

test('no link of the site leads into the repository', () => {
  const strange = files.flatMap((path) =>
    linksOf(read(path))
      .filter(({ target }) => !/^(\/|#|https?:)/.test(target))
      .map(({ target }) => `${path}: ${target}`),
  )
  assert.deepEqual(strange, [])
})

test('every page has a twin in the other language', () => {
  const korean = files.filter((path) => !path.startsWith('en/')).map((path) => `en/${path}`)
  const english = files.filter((path) => path.startsWith('en/'))
  assert.deepEqual(korean.sort(), english.sort())
})

test('every file of every example stands whole on the site, and the start page leads to it', () => {
  const sources = globSync(
    ['examples/*/{*,app/**/*}.{ts,tsx,css,php,java,py}', 'examples/*/{.env.example,package.json}'],
    {
      cwd: repository,
      // The guide to bill keys shows the subscriptions.
      exclude: (path) => path.endsWith('next-env.d.ts') || path === 'examples/subscriptions',
    },
  )
  assert.ok(sources.length > 50)
  for (const source of sources) {
    const [, name = '', file = ''] = /^examples\/(\w+)\/(.+)$/.exec(source) ?? []
    const code = readFileSync(join(repository, source), 'utf8').trimEnd()
    for (const prefix of ['', 'en/']) {
      const page = read(`${prefix}examples/${name}.md`)
      assert.ok(page.includes(`\n${code}\n\`\`\``), `${prefix}${source}`)
      const slug = headingsOf(page).find(({ text }) => text === `\`${file}\``)?.slug
      const targets = linksOf(read(`${prefix}start/${name}.md`)).map(({ target }) => target)
      assert.ok(targets.includes(`/${prefix}examples/${name}.md#${slug}`), `${prefix}start/${name} to ${file}`)
    }
  }
})

test('every page stands in the side bar once', () => {
  const bars: Record<string, { items: { link: string }[] }[]> = JSON.parse(read('side-bars.json'))
  for (const [language, groups] of Object.entries(bars)) {
    const links = groups.flatMap(({ items }) => items.map(({ link }) => link.slice(1)))
    const places = composed.filter((page) => page.language === language).map(({ place }) => place)
    assert.deepEqual(links.sort(), places.sort())
  }
})

test('machines find every page, with a title and its Markdown', () => {
  for (const language of ['ko', 'en'] as const) {
    const index = renderLlms(language, composed)
    const whole = renderLlmsFull(language, composed)
    for (const { place, title } of composed.filter((page) => page.language === language)) {
      assert.ok(index.includes(`- [${title}](/${place}.md)`), place)
      assert.ok(whole.includes(`<!-- /${place}.md -->`), place)
    }
  }
})

test('an injected link to a file that is not there stops the build', () => {
  const page = {
    language: 'ko',
    address: 'guides/injected',
    source: 'docs/guides/ko/injected.md',
    isForeign: false,
  } as const
  const links = { repository, pages: [], show: () => {} }
  assert.throws(() => linkForSite(links, { ...page, markdown: '[가](gone.md)' }), /gone\.md, which is not there/)
  assert.equal(linkForSite(links, { ...page, markdown: '[나](../../../package.json)' }), '나')
})

const outside: readonly (readonly [path: string, text: string])[] = [
  ['a.html', '<script src="https://cdn.example/a.js"></script>'],
  ['a.html', '<link rel="preload" href="//fonts.example/a.woff2">'],
  ['a.html', '<img alt="" src="https://pixel.example/a.gif">'],
  ['a.css', '@font-face { src: url(https://fonts.example/a.woff2) }'],
  ['a.js', 'fetch("https://analytics.example/a")'],
]

for (const [path, text] of outside) {
  test(`an injected request to another host is found: ${text}`, () => {
    assert.equal(findOutsideRequests(path, text).length, 1)
  })
}

test('links that a reader follows, and requests to the site itself, are left alone', () => {
  const page = '<a href="https://other.example/">a</a><script src="/assets/a.js"></script><img src="data:,">'
  assert.deepEqual(findOutsideRequests('a.html', page), [])
})
