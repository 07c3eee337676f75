import { componentRules, elementRules } from './rules.ts'
import { redTheme, type Theme, type Tokens } from './tokens.ts'

const declare = (values: Tokens): string =>
  Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

/** Puts a plain value before each declaration with `var()`, for browsers without custom properties. */
export function withPlainFallbacks(css: string, tokens: Tokens = redTheme.light): string {
  const plain = (declaration: string): string =>
    declaration.replace(/var\(--([a-z-]+)\)/g, (_use, name: string) => {
      const value = tokens[name]
      if (value === undefined) throw new RangeError(`no design token ${name}`)
      return value
    })
  return css.replace(/[a-z-]+:[^;{}]*var\([^;{}]*/g, (declaration) => `${plain(declaration)};${declaration}`)
}

/** Minifies. Assumes that strings in the rules contain no significant whitespace or semicolons. */
export const compactCss = (css: string): string =>
  css
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([a-z-]): /g, '$1:')
    .replace(/;}/g, '}')
    .trim()

interface StyleSheet {
  /** Rules of this kind of page, after the common ones. */
  readonly rules?: string
  /** Overrides of the common tokens. */
  readonly theme?: Theme
  /** Overrides by the `data-skin` attribute of the document. */
  readonly skins?: Readonly<Record<string, Theme>>
}

const noTheme: Theme = { light: {}, dark: {} }

/**
 * The style sheet of one kind of page, for an inline `<style>`; `rules.ts` lists the classes. Supports light and dark
 * mode and `prefers-contrast: more`.
 */
export function createStyleSheet({ rules = '', theme = noTheme, skins = {} }: StyleSheet): string {
  const light = { ...redTheme.light, ...theme.light }
  const dark = { ...redTheme.dark, ...theme.dark }
  const themed = (scheme: 'light' | 'dark', values: Tokens): string =>
    `:root{color-scheme:${scheme};${declare(values)}}${Object.entries(skins)
      .map(([skin, own]) => `[data-skin=${skin}]{${declare(own[scheme])}}`)
      .join('')}`
  const contrast =
    '@media (prefers-contrast:more){:root{--ink-faint:var(--ink-soft);--line:var(--line-strong);--line-strong:var(--ink-soft)}}'
  return `${themed('light', light)}@media (prefers-color-scheme:dark){${themed('dark', dark)}}${contrast}${compactCss(withPlainFallbacks(elementRules + componentRules + rules, light))}`
}
