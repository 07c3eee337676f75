import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Token, tokensOf } from './tokens.ts'

export const repository: string = resolve(import.meta.dirname, '../..')

/** One source file, with its path from the repository's root. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly tokens: readonly Token[]
}

export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

export const sourceFile = (path: string, text: string): SourceFile => ({ path, text, tokens: tokensOf(text) })

/** Hand-written TypeScript under the patterns; built and installed files never. */
export function readSources(...patterns: readonly string[]): readonly SourceFile[] {
  const paths = globSync(patterns, { cwd: repository, exclude: ['**/node_modules/**', '**/dist/**'] })
  return paths.sort().map((path) => sourceFile(path, readFileSync(resolve(repository, path), 'utf8')))
}

/** One violation a line, as editors and terminals link them. */
export const report = (violations: readonly Violation[]): string =>
  violations.map(({ path, line, message }) => `${path}:${line} ${message}`).join('\n')
