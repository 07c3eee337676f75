import type { LocalizedText } from '@sspay/protocol'

/** `both`: nothing says which one the reader wants. */
export type Language = 'ko' | 'en' | 'both'

type Environment = Readonly<Record<string, string | undefined>>

/** What was asked for, then SSPAY_LANG, then the locale; the locales `C` and `POSIX` say nothing about a person. */
export function readLanguage(given: string | undefined, { SSPAY_LANG, LC_ALL, LANG }: Environment): Language {
  const locale = LC_ALL || LANG || ''
  const wanted = given || SSPAY_LANG || (/^(C|POSIX)([.@]|$)/i.test(locale) ? '' : locale)
  if (wanted === '') return 'both'
  return /^ko/i.test(wanted) ? 'ko' : 'en'
}

/** One line; in both languages the Korean comes first. */
export function t(language: Language, { ko, en }: LocalizedText): string {
  if (language !== 'both') return language === 'ko' ? ko : en
  return ko === en ? ko : `${ko} / ${en}`
}

/** Names, addresses and commands are the same in every language. */
export const untranslated = (text: string): LocalizedText => ({ ko: text, en: text })
