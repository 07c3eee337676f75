import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { readReference, regionOf } from '../../tools/docs/code-regions.ts'
import { repository } from '../source/files.ts'
import type { Snippet } from './pages.ts'

/**
 * How a snippet is kept true. `region`: it stands in a file that is compiled or run elsewhere. `types`: it is compiled
 * on its own. `shell`: its commands exist. `json`: it parses. `report`: declarations that `npm run check:packages`
 * writes and compares. `text`: a picture or an answer, with nothing to run.
 */
export type SnippetKind = 'region' | 'types' | 'shell' | 'json' | 'report' | 'text'

const read = (path: string): string | undefined => {
  const file = resolve(repository, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** The examples that guides quote without naming the place. */
const examples = globSync(['examples/*.ts', 'examples/*/*.ts'], { cwd: repository }).map((path) => read(path) ?? '')

const isTypeScript = (language: string): boolean => /^(ts|js)$/.test(language)

/** Code of other languages, and of other compilers: it must stand in a file of the examples or of a test. */
const mustBeRegion = (language: string): boolean => /^(tsx|php|java|python)$/.test(language)

const looksRun = /^\s*(\$ )?(npm|npx|node|curl|bash|git|php|python3|java) /m

/** How the snippet is verified, or a problem when it is not. */
export function kindOf(snippet: Snippet): SnippetKind | { readonly fault: string } {
  const { language, code, comment, page } = snippet
  if (/^packages\/\w+\/api\.md$/.test(page)) return 'report'
  const reference = readReference(comment)
  if (reference !== undefined)
    return isRegion(code, reference) ? 'region' : { fault: `is not what ${comment.slice('from '.length)} says` }
  if (isTypeScript(language)) return examples.some((example) => example.includes(code)) ? 'region' : 'types'
  if (mustBeRegion(language)) return { fault: `${language} without the file it is from` }
  if (/^(json|yaml)$/.test(language)) return kindOfData(language, code)
  if (language === 'sh' || language === 'powershell') return 'shell'
  if (language === '' && looksRun.test(code)) return { fault: 'commands in a block without a language' }
  return /^(|text|mermaid)$/.test(language) ? 'text' : { fault: `nobody looks after ${language}` }
}

function isRegion(code: string, reference: NonNullable<ReturnType<typeof readReference>>): boolean {
  const source = read(reference.path)
  return source !== undefined && regionOf(source, reference) === code
}

/** Workflows are YAML, and run commands. */
function kindOfData(language: string, code: string): ReturnType<typeof kindOf> {
  if (language === 'json') return isJson(code) ? 'json' : { fault: 'is no JSON' }
  return parseDocument(code).errors.length === 0 ? 'shell' : { fault: 'is no YAML' }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
