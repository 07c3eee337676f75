import { cpSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { createFolderWriter, type FolderWriter } from './folder-writer.ts'
import { type Language, languages } from './language.ts'
import { firstSentences, titleOf } from './markdown.ts'
import { renderPaymentPicture } from './payment-picture.ts'
import { linkForSite, sourceAddress } from './site-links.ts'
import { type SiteGroup, servedFiles, siteGroups } from './site-map.ts'
import { placeOf, readHome, readSitePages, type SitePage } from './site-pages.ts'

export interface ComposedPage {
  readonly language: Language
  /** Path below the site's root, without extension. */
  readonly place: string
  readonly title: string
  readonly summary: string
  /** The Markdown published beside the HTML. */
  readonly markdown: string
}

interface SideBarGroup {
  readonly text: string
  readonly collapsed: boolean
  readonly items: readonly { readonly text: string; readonly link: string }[]
}

/**
 * Writes what VitePress builds: the pages, the start pages, and the side bars as JSON. Returns the pages for
 * `llms.txt`.
 */
export function composeSite(repository: string, folder: string): readonly ComposedPage[] {
  const writer = createFolderWriter(folder)
  const pages = languages.flatMap((language) => readSitePages(repository, language))
  const shown = new Set<string>()
  const links = { repository, pages, show: (path: string) => shown.add(path) }
  const composed = pages.map((page): PlacedPage => {
    const markdown = linkForSite(links, page)
    const title = titleOf(page.markdown).replaceAll('`', '')
    return { page, language: page.language, place: placeOf(page), title, summary: firstSentences(markdown), markdown }
  })
  for (const { page, place, markdown } of composed) writer.write(`${place}.md`, withPicture(page, markdown))
  for (const language of languages) {
    for (const path of shown) writeSource(repository, writer, language, path)
    const home = linkForSite(links, readHome(repository, language))
    writer.write(`${placeOf({ language, address: 'index' })}.md`, home.replace('<!-- payment -->', picture(language)))
  }
  const sideBars = Object.fromEntries(languages.map((language) => [language, sideBarOf(language, composed)]))
  writer.write('side-bars.json', JSON.stringify(sideBars))
  writer.sweep()
  cpSync(join(repository, 'docs/images'), join(folder, 'public/images'), { recursive: true })
  for (const file of servedFiles) cpSync(join(repository, file), join(folder, 'public', basename(file)))
  return inReadingOrder(composed)
}

const picture = (language: Language): string => renderPaymentPicture(language, 'page').trim()

const inEnglish = '::: info\n이 문서는 영어로 씁니다.\n:::'

const withFrontMatter = (markdown: string, line: string): string => `---\n${line}\n---\n\n${markdown}`

function withPicture({ isForeign, language, address }: SitePage, markdown: string): string {
  const drawn = markdown.replaceAll(/^!\[[^\]]*\]\([^)]*\/payment\.(?:ko|en)\.svg\)$/gm, () => picture(language))
  // API declarations and whole source files would dominate the search results.
  if (/^(api|examples)\//.test(address)) return withFrontMatter(drawn, 'search: false')
  if (/^protocol\/|\/(checkout-options|decisions)$/.test(address)) return withFrontMatter(drawn, 'aside: false')
  // The English page is already in the search index.
  return isForeign ? withFrontMatter(drawn.replace(/^(# .*\n)/m, `$1\n${inEnglish}\n`), 'search: false') : drawn
}

function writeSource(repository: string, writer: FolderWriter, language: Language, path: string): void {
  const code = readFileSync(join(repository, path), 'utf8')
  const place = placeOf({ language, address: sourceAddress(path) })
  const fence = code.includes('```') ? '````' : '```'
  const page = `---\nsearch: false\nsidebar: false\n---\n\n# ${path}\n\n${fence}${extname(path).slice(1)}\n${code}${fence}\n`
  writer.write(`${place}.md`, page)
}

type PlacedPage = ComposedPage & { readonly page: SitePage }

/** The pages of a group: the named ones in their order, then the others. */
function pagesOf({ folder, pages }: SiteGroup, composed: readonly PlacedPage[]): readonly PlacedPage[] {
  const rank = ({ page }: PlacedPage): number => {
    const at = pages.indexOf(page.address.slice(folder.length + 1))
    return at === -1 ? pages.length : at
  }
  return composed
    .filter(({ page }) => page.address.startsWith(`${folder}/`))
    .sort((one, other) => rank(one) - rank(other) || (one.place < other.place ? -1 : 1))
}

const inReadingOrder = (composed: readonly PlacedPage[]): readonly ComposedPage[] =>
  languages.flatMap((language) =>
    siteGroups.flatMap((group) =>
      pagesOf(
        group,
        composed.filter((page) => page.language === language),
      ),
    ),
  )

function sideBarOf(language: Language, composed: readonly PlacedPage[]): readonly SideBarGroup[] {
  const own = composed.filter((page) => page.language === language)
  const homeless = own.filter(({ page }) => !siteGroups.some(({ folder }) => page.address.startsWith(`${folder}/`)))
  if (homeless.length > 0)
    throw new Error(`no group of the side bar has ${homeless.map(({ place }) => place).join(', ')}`)
  return siteGroups.flatMap((group) => {
    const items = pagesOf(group, own).map(({ title, place }) => ({ text: title, link: `/${place}` }))
    return items.length === 0 ? [] : [{ text: group[language], collapsed: group.isCollapsed ?? false, items }]
  })
}
