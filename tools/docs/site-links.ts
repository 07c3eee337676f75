import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { exampleOf } from './example-pages.ts'
import type { Language } from './language.ts'
import { headingsOf, replaceLinks } from './markdown.ts'
import { servedFiles, shownSources } from './site-map.ts'
import { placeOf, type SitePage } from './site-pages.ts'

export interface SiteLinks {
  readonly repository: string
  readonly pages: readonly SitePage[]
  /** Called for each file that the site shows on a page of its own. */
  readonly show: (path: string) => void
}

/** Rewrites the page’s links for the site. A link to a file that the site does not contain becomes its text. */
export function linkForSite({ repository, pages, show }: SiteLinks, page: SitePage): string {
  return replaceLinks(page.markdown, ({ text, target, isPicture }, whole) => {
    // Nothing listens there while the site is read.
    if (/^http:\/\/localhost\b/.test(target)) return `${text} (\`${target}\`)`
    if (/^([a-z]+:|#)/.test(target)) return whole
    const [path = '', anchor = ''] = target.split(/(?=#)/)
    const file = posix.normalize(posix.join(posix.dirname(page.source), decodeURIComponent(path)))
    if (isPicture) return `![${text}](${pictureAddress(file)})`
    const address = findFile(pages, page.language, file)
    if (address !== undefined) return `[${text}](${address})`
    const place = findPlace(pages, page.language, file)
    if (place !== undefined) return `[${text}](/${place}.md${anchor})`
    if (!existsSync(join(repository, file))) throw new Error(`${page.source} links to ${target}, which is not there`)
    if (!shownSources.test(file)) return text
    show(file)
    return `[${text}](/${placeOf({ language: page.language, address: sourceAddress(file) })}.md)`
  })
}

const pictures = 'docs/images/'

function pictureAddress(file: string): string {
  if (!file.startsWith(pictures)) throw new Error(`${file}: pictures stand in ${pictures}`)
  return `/images/${file.slice(pictures.length)}`
}

/** Address of a file on the site. */
export const sourceAddress = (file: string): string => `source/${file.replaceAll('.', '-')}`

/** Address of a file that the site contains whole. */
const findFile = (pages: readonly SitePage[], language: Language, file: string): string | undefined =>
  servedFiles.includes(file) ? `/${posix.basename(file)}` : findInExample(pages, language, file)

/** A file of an example is on the page of the example, under its own heading. */
function findInExample(pages: readonly SitePage[], language: Language, path: string): string | undefined {
  const { name, file } = exampleOf(path.replace(/\/$/, '')) ?? {}
  const page = pages.find((candidate) => candidate.language === language && candidate.address === `examples/${name}`)
  if (page === undefined) return undefined
  const address = `/${placeOf(page)}.md`
  if (file === undefined) return address
  const heading = headingsOf(page.markdown).find(({ text }) => text === `\`${file}\``)
  return heading && `${address}#${heading.slug}`
}

function findPlace(pages: readonly SitePage[], language: Language, file: string): string | undefined {
  if (/^README(\.en)?\.md$/.test(file)) return placeOf({ language, address: 'index' })
  const found = pages.filter(({ source }) => source === file)
  const page = found.find((candidate) => candidate.language === language) ?? found[0]
  return page === undefined ? undefined : placeOf(page)
}
