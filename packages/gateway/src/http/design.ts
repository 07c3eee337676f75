import { componentRules, elementRules } from './design-rules.ts'

/** What every page is made of; the accent is RED's, the other skins replace it. All text colours reach 4.5:1 on their ground. */
const tokens: Readonly<Record<string, string>> = {
  accent: '#d01f3c',
  'accent-strong': '#a8152d',
  'accent-soft': '#fdf0f2',
  ink: '#191f28',
  'ink-soft': '#4a5565',
  'ink-faint': '#5f6b80',
  line: '#e3e7ee',
  'line-strong': '#c3cad6',
  ground: '#f4f6f9',
  surface: '#ffffff',
  danger: '#b4231a',
  'danger-soft': '#fef1f0',
  success: '#0b6b46',
  'success-soft': '#eaf7f1',
  warning: '#8a5300',
  'warning-soft': '#fff6e5',
  info: '#1d56c4',
  'info-soft': '#eef4ff',
  shadow: '0 1px 2px rgba(25, 31, 40, .05), 0 6px 24px rgba(25, 31, 40, .07)',
  radius: '14px',
  'radius-small': '10px',
}

const skinTokens: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GREEN: { accent: '#0a7a4c', 'accent-strong': '#065d39', 'accent-soft': '#ecf8f2' },
  BLUE: { accent: '#1f5be0', 'accent-strong': '#1645b0', 'accent-soft': '#eef4ff' },
  PURPLE: { accent: '#6a3fd4', 'accent-strong': '#522db0', 'accent-soft': '#f4f0fe' },
}

const declare = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

/** Writes each declaration that uses `var()` twice, first with the plain value, for browsers without custom properties. */
export function withPlainFallbacks(css: string): string {
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

const skinRules = Object.entries(skinTokens)
  .map(([skin, values]) => `[data-skin=${skin}]{${declare(values)}}`)
  .join('')

/**
 * The one style sheet of window, shop and console, to be put inline into a `<style>`. `<html data-skin="GREEN|BLUE|PURPLE">` changes the
 * accent; the classes are listed in `design-rules.ts`.
 */
export const designCss: string = `:root{${declare(tokens)}}${skinRules}${compactCss(withPlainFallbacks(elementRules + componentRules))}`
