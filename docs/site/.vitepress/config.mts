import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type DefaultTheme, defineConfig, type MarkdownRenderer } from 'vitepress'
import { fuzzinessOf } from './fuzziness.mts'
import { labelWideTables } from './wide-tables.mts'

type SideBar = DefaultTheme.SidebarItem[]

const content = resolve(import.meta.dirname, '../content')
const sideBars: { ko: SideBar; en: SideBar } = JSON.parse(readFileSync(resolve(content, 'side-bars.json'), 'utf8'))

/** As the sites that show a repository make them: an anchor is the same there and here. */
const slugOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')

/** `- [ ]` is a box that a reader can tick. */
function withCheckboxes(markdown: MarkdownRenderer): void {
  markdown.core.ruler.after('inline', 'checkboxes', ({ tokens, Token }) => {
    for (const [index, { children, content }] of tokens.entries()) {
      const first = children?.[0]
      if (tokens[index - 2]?.type !== 'list_item_open' || !first?.content.startsWith('[ ] ')) continue
      first.content = first.content.slice('[ ] '.length)
      const [name = ''] = content.slice('[ ] '.length).replaceAll(/[*`]/g, '').split(/[.:] /)
      const box = new Token('html_inline', '', 0)
      box.content = `<input type="checkbox" aria-label="${markdown.utils.escapeHtml(name)}"> `
      children?.unshift(box)
    }
  })
}

const notFound = {
  ko: {
    title: '없는 페이지입니다',
    quote: '주소가 바뀌었거나 잘못되었습니다.',
    linkText: '처음으로',
    linkLabel: '처음으로',
  },
  en: { title: 'No such page', quote: 'The address has changed or is wrong.', linkText: 'Home', linkLabel: 'Home' },
}

const searchText = {
  ko: {
    button: { buttonText: '검색', buttonAriaLabel: '검색' },
    modal: {
      displayDetails: '자세히 보기',
      resetButtonTitle: '지우기',
      backButtonTitle: '닫기',
      noResultsText: '결과가 없습니다',
      footer: {
        selectText: '열기',
        selectKeyAriaLabel: '엔터',
        navigateText: '이동',
        navigateUpKeyAriaLabel: '위로',
        navigateDownKeyAriaLabel: '아래로',
        closeText: '닫기',
        closeKeyAriaLabel: 'esc',
      },
    },
  },
}

export default defineConfig({
  title: 'sspay',
  srcDir: './content',
  outDir: './dist',
  base: process.env.SSPAY_DOCS_BASE ?? '/',
  ignoreDeadLinks: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    anchor: { slugify: slugOf },
    // Sandbox addresses are not links: nothing listens there while the site is read.
    linkify: false,
    config: (markdown) => {
      withCheckboxes(markdown)
      markdown.core.ruler.after('inline', 'wide-tables', ({ tokens }) => labelWideTables(tokens))
    },
  },
  // The search index is one file, fetched on the first search.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        locales: { root: { translations: searchText.ko } },
        miniSearch: { searchOptions: { fuzzy: fuzzinessOf } },
      },
    },
  },
  locales: {
    root: {
      label: '한국어',
      lang: 'ko-KR',
      description: 'SS-Pay 간편결제 연동 문서',
      themeConfig: {
        sidebar: sideBars.ko,
        nav: [
          { text: '시작하기', link: '/start/', activeMatch: '^/start/' },
          { text: '안내서', link: '/guides/recovery', activeMatch: '^/guides/' },
          { text: '결과코드', link: '/reference/errors', activeMatch: '^/reference/errors' },
          { text: '전문', link: '/protocol/', activeMatch: '^/protocol/' },
        ],
        outline: { level: [2, 3], label: '이 페이지에서' },
        docFooter: { prev: '이전', next: '다음' },
        darkModeSwitchLabel: '화면 모드',
        lightModeSwitchTitle: '밝게',
        darkModeSwitchTitle: '어둡게',
        sidebarMenuLabel: '차례',
        returnToTopLabel: '위로',
        langMenuLabel: '언어',
        skipToContentLabel: '본문으로',
        notFound: notFound.ko,
        footer: { message: '스마트로와 관계없는 독립 프로젝트입니다. Apache-2.0' },
      },
    },
    en: {
      label: 'English',
      lang: 'en',
      description: 'Documentation of SS-Pay integration',
      themeConfig: {
        sidebar: sideBars.en,
        nav: [
          { text: 'Start', link: '/en/start/', activeMatch: '^/en/start/' },
          { text: 'Guides', link: '/en/guides/recovery', activeMatch: '^/en/guides/' },
          { text: 'Result codes', link: '/en/reference/errors', activeMatch: '^/en/reference/errors' },
          { text: 'Protocol', link: '/en/protocol/', activeMatch: '^/en/protocol/' },
        ],
        outline: { level: [2, 3], label: 'On this page' },
        notFound: notFound.en,
        footer: { message: 'An independent project, not affiliated with Smartro. Apache-2.0' },
      },
    },
  },
})
