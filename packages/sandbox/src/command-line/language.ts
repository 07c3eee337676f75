import type { LocalizedText } from '@sspay/protocol'
import type { Environment } from '../addresses.ts'

export type Language = 'ko' | 'en'

/** Precedence: the option, SSPAY_LANG, the locale, Korean. The locales `C` and `POSIX` name no language. */
export function readLanguage(given: string | undefined, { SSPAY_LANG, LC_ALL, LANG }: Environment): Language {
  const locale = LC_ALL || LANG || ''
  const wanted = given || SSPAY_LANG || (/^(C|POSIX)([.@]|$)/i.test(locale) ? '' : locale)
  return wanted === '' || /^ko/i.test(wanted) ? 'ko' : 'en'
}

/** Windows and macOS keep the language of the user elsewhere than in `LANG`. Linux without `LANG` names none. */
export function withSystemLanguage(environment: Environment, platform: string, locale: string): Environment {
  const isNamed = Boolean(environment.SSPAY_LANG || environment.LC_ALL || environment.LANG)
  return isNamed || (platform !== 'win32' && platform !== 'darwin') ? environment : { ...environment, LANG: locale }
}

export const t = (language: Language, text: LocalizedText): string => text[language]

/** For names, addresses and commands, which are the same in both languages. */
export const untranslated = (text: string): LocalizedText => ({ ko: text, en: text })
