import { existsSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { headingsOf, linksOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'
import type { MarkdownPage } from './pages.ts'

const databaseHosts =
  'patroni.readthedocs.io|www.pgbouncer.org|www.cockroachlabs.com|github.com/cockroachdb|github.com/citusdata|docs.yugabyte.com|docs.citusdata.com|docs.aws.amazon.com|docs.cloud.google.com'

/** Hosts that pages may link to; this test does not request them. */
export const knownHosts = new RegExp(
  `^https?://(localhost(:\\d+)?|www\\.npmjs\\.com|${databaseHosts.replaceAll('.', '\\.')}|[\\w.-]+\\.example)(/|$)`,
)

interface LinkFault {
  readonly place: string
  readonly message: string
}

/** Links of a page to other pages, files and headings that are not there. */
export function findDeadLinks(page: MarkdownPage, pages: readonly MarkdownPage[]): readonly LinkFault[] {
  const texts = new Map([...pages, page].map(({ path, text }) => [path, text]))
  return linksOf(page.text).flatMap(({ target, line }): readonly LinkFault[] => {
    if (/^[a-z]+:/.test(target)) return []
    const [path = '', anchor] = target.split('#')
    const file =
      path === '' ? page.path : posix.normalize(posix.join(posix.dirname(page.path), decodeURIComponent(path)))
    const place = `${page.path}:${line}`
    if (file.startsWith('..')) return [{ place, message: `${target} leaves the repository` }]
    if (!texts.has(file) && !existsSync(resolve(repository, file)))
      return [{ place, message: `${target} is not there` }]
    if (anchor === undefined) return []
    const text = texts.get(file)
    if (text === undefined) return [{ place, message: `${target}: only Markdown has headings` }]
    const slugs = headingsOf(text).map(({ slug }) => slug)
    return slugs.includes(decodeURIComponent(anchor)) ? [] : [{ place, message: `${target}: there is no such heading` }]
  })
}

export const outsideLinksOf = (page: MarkdownPage): readonly string[] =>
  linksOf(page.text)
    .map(({ target }) => target)
    .filter((target) => /^[a-z]+:/.test(target))
