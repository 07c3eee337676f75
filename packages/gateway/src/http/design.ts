import { componentRules, elementRules } from './design-rules.ts'
import { redTheme, type Theme, type Tokens } from './design-tokens.ts'

const declare = (values: Tokens): string =>
  Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

/** Writes each declaration that uses `var()` twice, first with the plain value, for browsers without custom properties. */
export function withPlainFallbacks(css: string, tokens: Tokens = redTheme.light): string {
  const plain = (declaration: string): string =>
    declaration.replace(/var\(--([a-z-]+)\)/g, (_use, name: string) => {
      const value = tokens[name]
      if (value === undefined) throw new RangeError(`no design token ${name}`)
      return value
    })
  return css.replace(/[a-z-]+:[^;{}]*var\([^;{}]*/g, (declaration) => `${plain(declaration)};${declaration}`)
}

/** Takes out what a browser does not read. The rules hold no strings with blanks or semicolons that would matter. */
export const compactCss = (css: string): string =>
  css
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([a-z-]): /g, '$1:')
    .replace(/;}/g, '}')
    .trim()

interface StyleSheet {
  /** What this kind of page has beside the common rules. */
  readonly rules?: string
  /** Values of its own, over the common ones. */
  readonly theme?: Theme
  /** By the skin that `data-skin` of the document names. */
  readonly skins?: Readonly<Record<string, Theme>>
}

const noTheme: Theme = { light: {}, dark: {} }

/**
 * The one style sheet of a kind of page, to be put inline into a `<style>`; the classes are listed in `design-rules.ts`. It follows the
 * reader's scheme, and who asks for more contrast gets stronger lines and no faint text.
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
