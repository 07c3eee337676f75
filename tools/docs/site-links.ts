import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Language } from './language.ts'
import { replaceLinks } from './markdown.ts'
import { shownSources } from './site-map.ts'
import { placeOf, type SitePage } from './site-pages.ts'

export interface SiteLinks {
  readonly repository: string
  readonly pages: readonly SitePage[]
  /** Called for each file that is to be shown as it is. */
  readonly show: (path: string) => void
}

/** The page’s links as those of the site. A link to a file that the site does not show becomes its text. */
export function linkForSite({ repository, pages, show }: SiteLinks, page: SitePage): string {
  return replaceLinks(page.markdown, ({ text, target, isPicture }, whole) => {
    // Nothing listens there while somebody reads a site.
    if (/^http:\/\/localhost\b/.test(target)) return `${text} (\`${target}\`)`
    if (/^([a-z]+:|#)/.test(target)) return whole
    const [path = '', anchor = ''] = target.split(/(?=#)/)
    const file = posix.normalize(posix.join(posix.dirname(page.source), path))
    if (isPicture) return `![${text}](${pictureAddress(file)})`
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

/** Where a file that the site shows stands. */
export const sourceAddress = (file: string): string => `source/${file.replaceAll('.', '-')}`

function findPlace(pages: readonly SitePage[], language: Language, file: string): string | undefined {
  if (/^README(\.en)?\.md$/.test(file)) return placeOf({ language, address: 'index' })
  const found = pages.filter(({ source }) => source === file)
  const page = found.find((candidate) => candidate.language === language) ?? found[0]
  return page === undefined ? undefined : placeOf(page)
}
