import type { LocalizedText } from '@sspay/protocol'
import { displayWidth, padTo } from './columns.ts'
import { type Command, type Option, type Options, sharedOptions } from './command.ts'
import { type Language, t } from './language.ts'

const nameWidth = 26

const titles = {
  usage: { ko: '사용법', en: 'usage' },
  options: { ko: '옵션', en: 'options' },
  exitCodes: { ko: '끝 코드', en: 'exit code' },
  examples: { ko: '예', en: 'examples' },
} satisfies Readonly<Record<string, LocalizedText>>

export function writeHelp(command: Command, language: Language): string {
  const { name, summary, sections = [], notes = [], exitCodes, examples } = command
  const translate = (text: LocalizedText): string => t(language, text)
  const codes = Object.entries(exitCodes).map(([code, text]) => `${code} ${translate(text)}`)
  return [
    `sspay ${name} — ${translate(summary)}\n`,
    usageOf(command, language),
    `${translate(titles.options)}\n${optionRows(everyVerbOptions(command), language)}`,
    ...sections.map(
      ({ title, rows }) => `${translate(title)}\n${rows.map((row) => writeRow(language, ...row)).join('')}`,
    ),
    ...notes.map((note) => `${translate(note)}\n`),
    `${translate(titles.exitCodes)}: ${codes.join(' · ')}\n`,
    `${translate(titles.examples)}\n${examples.map((one) => writeRow(language, one.line, one, 44)).join('')}`,
  ].join('\n')
}

/** Each verb with its own options. */
function usageOf(command: Command, language: Language): string {
  const lines = Object.entries(command.verbs).map(([verb, about]) => {
    const own = Object.entries(command.options).filter(([, option]) => isOwn(command, option, verb))
    const line = writeRow(language, usageLine(command, verb), about, 44)
    return line + (own.length === 0 ? '' : optionRows(Object.fromEntries(own), language, '    '))
  })
  return `${t(language, titles.usage)}\n${lines.join('')}`
}

export const usageLine = ({ name, verbs }: Command, verb: string): string =>
  ['sspay', name, verb, ...(verbs[verb]?.operands ?? [])].filter((part) => part !== '').join(' ')

/** An option of several verbs is listed below the last of them. */
const isOwn = ({ verbs }: Command, option: Option, verb: string): boolean =>
  Object.keys(verbs).findLast((name) => option.verbs?.includes(name)) === verb

export const everyVerbOptions = ({ options }: Command): Options => ({
  ...Object.fromEntries(Object.entries(options).filter(([, option]) => option.verbs === undefined)),
  ...sharedOptions,
})

const optionRows = (options: Options, language: Language, indent = '  '): string =>
  Object.entries(options)
    .map(([name, option]) => writeRow(language, optionName(name, option), withFallback(option), nameWidth, indent))
    .join('')

export const optionName = (name: string, { value }: Option): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`

function withFallback({ ko, en, fallback, verbs = [] }: Option): LocalizedText {
  const shared = verbs.length > 1 ? ` (${verbs.join(', ')})` : ''
  const isSaid = fallback === undefined || ko.includes(fallback)
  return {
    ko: `${ko}${isSaid ? '' : `, 기본 ${fallback}`}${shared}`,
    en: `${en}${isSaid || en.includes(fallback) ? '' : `, ${fallback} by default`}${shared}`,
  }
}

/** Name and text on one line; the text behind a long name on its own. */
function writeRow(language: Language, name: string, text: LocalizedText, width = nameWidth, indent = '  '): string {
  const sentence = t(language, text)
  const isLong = displayWidth(name) >= width
  const lines = isLong ? [name, ' '.repeat(width) + sentence] : [padTo(name, width) + sentence]
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => `${(indent + line).trimEnd()}\n`)
    .join('')
}
