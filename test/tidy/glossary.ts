import type { SourceFile, Violation } from '../source/files.ts'
import { codeRule, type Rule } from './rule.ts'

interface ExcludedWord {
  readonly word: string
  /** A word that ends in a star stands for every word that begins like it. */
  readonly pattern: RegExp
  readonly where: 'everywhere' | 'names'
}

export interface Glossary {
  readonly excluded: readonly ExcludedWord[]
  /** Phrases in which an excluded word is right. */
  readonly allowed: readonly string[]
}

const codeIn = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

const rowsBelow = (markdown: string, header: RegExp): readonly (readonly string[])[] =>
  markdown.split(/\n{2,}/).flatMap((block) => {
    const [first = '', , ...rows] = block.split('\n')
    return header.test(first) ? rows.map((row) => row.split('|').slice(1, -1)) : []
  })

const excludedWord =
  (where: ExcludedWord['where']) =>
  (word: string): ExcludedWord => {
    const source = word.endsWith('*') ? `${word.slice(0, -1)}[a-z]*` : word
    return { word, where, pattern: new RegExp(`(?<![\\w-])${source}(?![\\w-])`, 'gi') }
  }

/** Reads the tables of docs/glossary.md. */
export function readGlossary(markdown: string): Glossary {
  const rows = rowsBelow(markdown, /^\| Use \|/)
  const excluded = rows.flatMap(([, , , everywhere, inNames]) => [
    ...codeIn(everywhere).map(excludedWord('everywhere')),
    ...codeIn(inNames).map(excludedWord('names')),
  ])
  return { excluded, allowed: rowsBelow(markdown, /^\| Word \| In \|/).flatMap(([, phrases]) => codeIn(phrases)) }
}

export interface Place {
  readonly term: string
  readonly path: string
}

/** The table of terms and files. */
export const readPlaces = (markdown: string): readonly Place[] =>
  rowsBelow(markdown, /^\| Term \| File \|/).flatMap(([term = '', file]) =>
    codeIn(file).map((path) => ({ term: term.trim(), path })),
  )

/** The excluded words of a text that stand in none of the allowed phrases. */
function wordsIn(text: string, words: readonly ExcludedWord[], allowed: readonly string[]): readonly string[] {
  return words.flatMap(({ pattern }) =>
    [...text.matchAll(pattern)]
      .filter((match) => !allowed.some((phrase) => covers(text, phrase, match.index)))
      .map(([found]) => found),
  )
}

function covers(text: string, phrase: string, index: number): boolean {
  for (let at = text.indexOf(phrase); at !== -1; at = text.indexOf(phrase, at + 1))
    if (at <= index && index < at + phrase.length) return true
  return false
}

const splitName = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])|[_./-]+/g, '$1$3 $2').toLowerCase()

/** An identifier, a file name, or a log event: its words. */
function wordsInName(name: string, { excluded, allowed }: Glossary): readonly string[] {
  return allowed.some((phrase) => name.includes(phrase)) ? [] : wordsIn(splitName(name), excluded, [])
}

const at = (path: string, line: number, words: readonly string[]): readonly Violation[] =>
  [...new Set(words)].map((word) => ({ path, line, message: word }))

/** Log events, metrics, options and commands are texts of this form. */
const isNameLike = (text: string): boolean => /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/.test(text)

/** Each identifier once per file, at its first line. */
export const namesOfGlossary =
  (glossary: Glossary): Rule =>
  ({ path, tokens }) => {
    const seen = new Set<string>()
    return tokens.flatMap(({ kind, text, line }) => {
      const name = kind === 'text' ? `'${text}'` : text
      if (seen.has(name) || !(kind === 'word' || (kind === 'text' && isNameLike(text)))) return []
      seen.add(name)
      return at(path, line, wordsInName(name, glossary))
    })
  }

/** Names that other test files import. */
export const exportedNamesOfGlossary =
  (glossary: Glossary): Rule =>
  ({ path, text }) =>
    [...text.matchAll(/^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm)].flatMap(
      ({ index, 1: name = '' }) => at(path, text.slice(0, index).split('\n').length, wordsInName(name, glossary)),
    )

export const pathsOfGlossary =
  (glossary: Glossary) =>
  ({ path }: Pick<SourceFile, 'path'>): readonly Violation[] =>
    at(path, 1, wordsInName(path.replace(/\.\w+$/, ''), glossary))

const inProse = ({ excluded }: Glossary): readonly ExcludedWord[] =>
  excluded.filter(({ where }) => where === 'everywhere')

const withoutCode = (line: string): string => line.replace(/`[^`]*`|\]\([^)]*\)|https?:\S+/g, ' ')

export const commentsOfGlossary =
  (glossary: Glossary): Rule =>
  ({ path, tokens }) =>
    tokens
      .filter(({ kind }) => kind === 'comment')
      .flatMap((comment) =>
        comment.text
          .split('\n')
          .flatMap((line, offset) =>
            at(path, comment.line + offset, wordsIn(withoutCode(line), inProse(glossary), glossary.allowed)),
          ),
      )

/** What shops, buyers and operators read: each text of more than one word, without its markup. */
export const textsOfGlossary =
  (glossary: Glossary): Rule =>
  ({ path, tokens }) =>
    tokens
      .filter(({ kind, text }) => kind === 'text' && text.includes(' '))
      .flatMap(({ text, line }) => {
        const prose = withoutCode(text.replace(/<[^>]*>/g, ' '))
        return at(path, line, wordsIn(prose, inProse(glossary), glossary.allowed))
      })

/** The first argument of a test, a subtest or a group of tests. */
const isTitle = /\b(test|describe|suite|it)( \. (skip|only|todo))? \($/

export const titlesOfGlossary = (glossary: Glossary): Rule =>
  codeRule((code, index) => {
    const { kind, text = '' } = code[index] ?? {}
    const before = code.slice(Math.max(0, index - 4), index).map((token) => token.text)
    if (kind !== 'text' || !isTitle.test(before.join(' '))) return
    return wordsIn(withoutCode(text), inProse(glossary), glossary.allowed).join(', ') || undefined
  })

/** English Markdown, without its code and the addresses of its links. */
export function documentOfGlossary(glossary: Glossary, { path, text }: Pick<SourceFile, 'path' | 'text'>) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, (code) => code.replace(/[^\n]+/g, ''))
  return prose
    .split('\n')
    .flatMap((line, index) => at(path, index + 1, wordsIn(withoutCode(line), inProse(glossary), glossary.allowed)))
}
