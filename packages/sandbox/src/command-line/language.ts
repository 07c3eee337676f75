import type { LocalizedText } from '@sspay/protocol'
import type { Environment } from '../addresses.ts'

/** `both` when neither an option nor the environment names a language. */
export type Language = 'ko' | 'en' | 'both'

/** Precedence: the option, SSPAY_LANG, the locale. The locales `C` and `POSIX` name no language. */
export function readLanguage(given: string | undefined, { SSPAY_LANG, LC_ALL, LANG }: Environment): Language {
  const locale = LC_ALL || LANG || ''
  const wanted = given || SSPAY_LANG || (/^(C|POSIX)([.@]|$)/i.test(locale) ? '' : locale)
  if (wanted === '') return 'both'
  return /^ko/i.test(wanted) ? 'ko' : 'en'
}

/** Windows and macOS keep the language of the user elsewhere than in `LANG`. Linux without `LANG` names none. */
export function withSystemLanguage(environment: Environment, platform: string, locale: string): Environment {
  const isNamed = Boolean(environment.SSPAY_LANG || environment.LC_ALL || environment.LANG)
  return isNamed || (platform !== 'win32' && platform !== 'darwin') ? environment : { ...environment, LANG: locale }
}

/** One line; with `both` the Korean comes first. */
export function t(language: Language, { ko, en }: LocalizedText): string {
  if (language !== 'both') return language === 'ko' ? ko : en
  return ko === en ? ko : `${ko} / ${en}`
}

/** For names, addresses and commands, which are the same in both languages. */
export const untranslated = (text: string): LocalizedText => ({ ko: text, en: text })
