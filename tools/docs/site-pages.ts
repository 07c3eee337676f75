import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { everyExample, renderExamplePage } from './example-pages.ts'
import type { Language } from './language.ts'
import { titleOf } from './markdown.ts'
import { renderProtocolPages } from './protocol-pages.ts'
import { readReference } from './reference-pages.ts'
import { pageFolders, sharedPages } from './site-map.ts'

/** A page before its links are rewritten for the site. */
export interface SitePage {
  readonly language: Language
  /** Without the language: `guides/recovery`. */
  readonly address: string
  /** Source file, relative to the repository's root. */
  readonly source: string
  readonly markdown: string
  /** Written in English only, and shown to Korean readers too. */
  readonly isForeign: boolean
}

/** Address below the site's root, without extension; Korean pages are at the root. */
export const placeOf = ({ language, address }: Pick<SitePage, 'language' | 'address'>): string =>
  language === 'ko' ? address : `${language}/${address}`

export function readSitePages(repository: string, language: Language): readonly SitePage[] {
  const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
  const page = (address: string, source: string, markdown: string, isForeign = false): SitePage => ({
    language,
    address,
    source,
    markdown,
    isForeign,
  })
  const own = pageFolders.flatMap((folder) =>
    globSync(`docs/${folder}/${language}/*.md`, { cwd: repository }).map((source) =>
      page(`${folder}/${nameOf(source)}`, source, read(source)),
    ),
  )
  const shared = Object.entries(sharedPages).flatMap(([pattern, address]) =>
    globSync(pattern, { cwd: repository }).map((source) => {
      const twin = source.replace(/\.md$/, `.${language}.md`)
      const own = existsSync(join(repository, twin)) ? twin : source
      const star = starOf(pattern, source)
      const text = (source.endsWith('/api.md') ? readReference(repository, star) : undefined) ?? read(own)
      return page(address.replace('*', star), own, text, language !== 'en' && own === source)
    }),
  )
  const protocol = [...renderProtocolPages(language)].map(([name, markdown]) =>
    page(`protocol/${name === 'README.md' ? 'index' : nameOf(name)}`, `docs/protocol/${name}`, markdown),
  )
  const examples = everyExample.map((server) =>
    page(
      `examples/${server.name}`,
      `examples/${server.name}/${server.main}`,
      renderExamplePage(repository, language, server),
    ),
  )
  return [...own, ...shared, ...protocol, ...examples, decisionsIndex(language, shared)].sort((one, other) =>
    one.address < other.address ? -1 : 1,
  )
}

/** The home page, which is not in the side bar. */
export function readHome(repository: string, language: Language): SitePage {
  const source = `docs/site/home/${language}.md`
  const markdown = readFileSync(join(repository, source), 'utf8')
  return { language, address: 'index', source, markdown, isForeign: false }
}

const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.md$/, '')

function starOf(pattern: string, path: string): string {
  const [before = '', after = ''] = pattern.split('*')
  return path.slice(before.length, path.length - after.length)
}

const decisionText = {
  ko: ['결정', '여러 길 가운데 하나를 고른 까닭입니다. 제목이 곧 결정입니다. 영어로 씁니다.'],
  en: ['Decisions', 'Why one of several ways was taken. The titles are the decisions.'],
} as const

function decisionsIndex(language: Language, pages: readonly SitePage[]): SitePage {
  const [title, about] = decisionText[language]
  const items = pages
    .filter(({ address }) => address.startsWith('decisions/'))
    .map(({ source, markdown }) => {
      const name = nameOf(source)
      return `${Number(name.slice(0, 4))}. [${titleOf(markdown)}](${name}.md)`
    })
  const markdown = `# ${title}\n\n${about}\n\n${items.join('\n')}\n`
  return { language, address: 'decisions/index', source: 'docs/decisions/README.md', markdown, isForeign: false }
}
