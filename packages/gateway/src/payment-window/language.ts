import type { LocalizedText } from '@sspay/protocol'
import { parseAccept } from 'hono/utils/accept'

export const languages = ['ko', 'en'] as const

export type Language = (typeof languages)[number]

/** Each in itself, for those who cannot read the other. */
export const languageNames: Readonly<Record<Language, string>> = { ko: '한국어', en: 'English' }

export const otherLanguage = (language: Language): Language => (language === 'ko' ? 'en' : 'ko')

export const isLanguage = (text: string | null): text is Language => languages.some((language) => language === text)

/** Picks the text in the language of the window. */
export type Translate = (text: LocalizedText) => string

export const translateTo =
  (language: Language): Translate =>
  (text) =>
    text[language]

/** English for a browser that prefers it to Korean (RFC 9110, 12.5.4); Korean for every other. */
export function preferredLanguage(request: Request): Language {
  const accepted = parseAccept((request.headers.get('accept-language') ?? '').toLowerCase())
  /** Of `en`, `en-US` …; of `*` when the language itself is not named. */
  const qualityOf = (language: Language): number => {
    const named = accepted.filter(({ type }) => type === language || type.startsWith(`${language}-`))
    const considered = named.length > 0 ? named : accepted.filter(({ type }) => type === '*')
    return Math.max(0, ...considered.map(({ params }) => Number(params.q ?? 1) || 0))
  }
  return qualityOf('en') > qualityOf('ko') ? 'en' : 'ko'
}
