import type { Language } from '../../tools/docs/language.ts'

/** An environment variable or option as the code defines it. */
export interface KnownSetting {
  readonly name: string
  readonly default?: string | number | undefined
  readonly unit?: string | undefined
  readonly isRequired?: boolean | undefined
}

/** The environment variables that a source file names: our own anywhere, others where they are read. */
export const variablesIn = (source: string): readonly string[] => [
  ...new Set(
    [...source.matchAll(/\b(SSPAY_[A-Z_]*[A-Z])\b|\b(?:process\.env|environment)\.([A-Z][A-Z0-9_]*)/g)].map(
      ([, own, other]) => own ?? other ?? '',
    ),
  ),
]

type Shown = ReadonlyMap<string, string | undefined>

function compare(shown: Shown, known: readonly KnownSetting[], expect: (one: KnownSetting) => string | undefined) {
  const names = known.map(({ name }) => name)
  const strange = [...shown.keys()].filter((name) => !names.includes(name)).map((name) => `${name}: not read`)
  const wrong = known.flatMap((one) => {
    const [given, wanted] = [shown.get(one.name), expect(one)]
    if (!shown.has(one.name)) return [`${one.name}: missing`]
    return given === wanted ? [] : [`${one.name}: ${given}, but the code has ${wanted}`]
  })
  return [...wrong, ...strange]
}

/** `--help` of the gateway: each variable begins a row, and the row ends with its default in brackets. */
export function faultsInHelp(help: string, known: readonly KnownSetting[]): readonly string[] {
  const rows = help.matchAll(/^ {2}(SSPAY_\w+) +(.*(?:\n {4,}.*)*)/gm)
  const shown = new Map([...rows].map(([, name = '', row = '']) => [name, /\(([^()]*)\)$/.exec(row)?.[1]]))
  return compare(shown, known, (one) =>
    one.isRequired ? 'required' : [one.default, one.unit].filter((part) => part !== undefined).join(' ') || undefined,
  )
}

const tableText: Readonly<Record<Language, { readonly none: string; readonly required: string }>> = {
  ko: { none: '없음', required: '필수' },
  en: { none: 'none', required: 'required' },
}

/**
 * The table of variables in a guide, whose last column is the default; variables that share a row share its default.
 */
export function faultsInTable(page: string, known: readonly KnownSetting[], language: Language): readonly string[] {
  const { none, required } = tableText[language]
  const shown = new Map<string, string>()
  const sharedDefaults = new Map<string, KnownSetting>()
  for (const [, first = '', last = ''] of page.matchAll(/^\| (`SSPAY_\w+`(?:, `SSPAY_\w+`)*) \|.*\| ([^|]+) \|$/gm)) {
    const names = variablesIn(first)
    const withDefault = known.find((one) => names.includes(one.name) && one.default !== undefined)
    for (const name of names) {
      shown.set(name, last)
      if (withDefault !== undefined) sharedDefaults.set(name, withDefault)
    }
  }
  return compare(shown, known, ({ name, isRequired }) => {
    const fallback = sharedDefaults.get(name)?.default
    const given = shown.get(name)
    if (isRequired) return given?.startsWith(required) ? given : required
    return fallback === undefined ? none : `\`${fallback}\``
  })
}

const sentenceDefaults: Readonly<Record<Language, RegExp>> = {
  ko: /기본 (\S+)/,
  en: /(\S+) by default/,
}

/** Lines that say a default in words: the help of the command line, and the guide made of it. */
export function faultsInSentences(text: string, known: readonly KnownSetting[], language: Language): readonly string[] {
  return known.flatMap((one) => {
    const lines = text.split('\n').filter((line) => RegExp(`(?<![\\w-])${one.name}(?!\\w)`).test(line))
    if (lines.length === 0) return [`${one.name}: missing`]
    if (one.default === undefined) return []
    const defaults = lines.flatMap((line) => sentenceDefaults[language].exec(line)?.[1] ?? [])
    const wrong = defaults.filter((shown) => shown !== `${one.default}` && !shown.endsWith(`:${one.default}`))
    if (defaults.length === 0) return [`${one.name}: no default, but the code has ${one.default}`]
    return wrong.map((shown) => `${one.name}: ${shown}, but the code has ${one.default}`)
  })
}
