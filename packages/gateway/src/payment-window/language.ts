import type { LocalizedText } from '@sspay/protocol'

export const languages = ['ko', 'en'] as const

export type Language = (typeof languages)[number]

/** As the switch names them: each in itself, for those who cannot read the other. */
export const languageNames: Readonly<Record<Language, string>> = { ko: '한국어', en: 'English' }

export const otherLanguage = (language: Language): Language => (language === 'ko' ? 'en' : 'ko')

export const isLanguage = (text: string | null): text is Language => languages.some((language) => language === text)

/** What a page says with, in the language of its window. */
export type Translate = (words: LocalizedText) => string

export const translateTo =
  (language: Language): Translate =>
  (words) =>
    words[language]

/** English for a browser that asks for it rather than for Korean (RFC 9110, 12.5.4); Korean for every other. */
export function preferredLanguage(request: Request): Language {
  const accepted = readAcceptLanguage(request.headers.get('accept-language') ?? '')
  return weightOf(accepted, 'en') > weightOf(accepted, 'ko') ? 'en' : 'ko'
}

interface AcceptedRange {
  readonly range: string
  readonly weight: number
}

const readAcceptLanguage = (header: string): readonly AcceptedRange[] =>
  header
    .toLowerCase()
    .split(',')
    .map((item) => {
      const [range = '', ...parameters] = item.split(';').map((part) => part.trim())
      const quality = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '')
      return { range, weight: quality === undefined ? 1 : Number(quality) || 0 }
    })

/** The best of `en`, `en-US` …; of `*` when the language itself is not named. */
function weightOf(accepted: readonly AcceptedRange[], language: Language): number {
  const named = accepted.filter(({ range }) => range === language || range.startsWith(`${language}-`))
  const considered = named.length > 0 ? named : accepted.filter(({ range }) => range === '*')
  return Math.max(0, ...considered.map(({ weight }) => weight))
}
