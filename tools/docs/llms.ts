import type { ComposedPage } from './compose-site.ts'
import type { Language } from './language.ts'
import { siteGroups } from './site-map.ts'

const intro: Readonly<Record<Language, string>> = {
  ko: `# sspay

> SS-Pay(스마트로페이 간편결제)를 TypeScript로 통째로 구현한 독립 프로젝트의 문서입니다. 스마트로와 관계가 없습니다. 쇼핑몰 서버용 SDK \`@sspay/merchant\`, 브라우저용 \`@sspay/browser\`, 결제 게이트웨이, 샌드박스가 있습니다. 인증에서는 돈이 움직이지 않고, 쇼핑몰 서버가 승인을 요청할 때 결제됩니다. \`unknown\`은 실패가 아닙니다.

영어 문서는 [/en/llms.txt](/en/llms.txt), 모두 한 파일로는 [/llms-full.txt](/llms-full.txt)에 있습니다.`,
  en: `# sspay

> Documentation of an independent implementation of SS-Pay (Smartro easy payment) in TypeScript, not affiliated with Smartro: the server SDK \`@sspay/merchant\`, \`@sspay/browser\`, the gateway and a sandbox. Authentication charges nothing; the shop's server requests the approval, which charges the card. \`unknown\` is never a failure.

Korean pages: [/llms.txt](/llms.txt). Everything in one file: [/en/llms-full.txt](/en/llms-full.txt).`,
}

const itemOf = ({ title, place, summary }: ComposedPage): string =>
  `- [${title}](/${place}.md)${summary === '' ? '' : `: ${summary}`}`

/** `llms.txt`: the pages in the order of the side bar, with title, address of the Markdown and first sentences. */
export function renderLlms(language: Language, pages: readonly ComposedPage[]): string {
  const prefix = language === 'ko' ? '' : `${language}/`
  const sections = siteGroups.flatMap((group) => {
    const items = own(language, pages).filter(({ place }) => place.startsWith(`${prefix}${group.folder}/`))
    return items.length === 0 ? [] : [`## ${group[language]}\n\n${items.map(itemOf).join('\n')}`]
  })
  return `${intro[language]}\n\n${sections.join('\n\n')}\n`
}

/** `llms-full.txt`: all pages in one text. */
export const renderLlmsFull = (language: Language, pages: readonly ComposedPage[]): string =>
  own(language, pages)
    .map(({ place, markdown }) => `<!-- /${place}.md -->\n\n${markdown.trim()}\n`)
    .join('\n---\n\n')

const own = (language: Language, pages: readonly ComposedPage[]): readonly ComposedPage[] =>
  pages.filter((page) => page.language === language)
