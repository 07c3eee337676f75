import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { blocksOf, type CodeBlock } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'

/** A Markdown file of the repository, by its path from the root. */
export interface MarkdownPage {
  readonly path: string
  readonly text: string
}

/** All Markdown pages but installed and built ones. */
export const readPages = (): readonly MarkdownPage[] =>
  globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md', 'examples/**/*.md'], {
    cwd: repository,
    exclude: ['**/node_modules/**', '**/dist/**', 'docs/site/content/**'],
  })
    .sort()
    .map((path) => ({ path, text: readFileSync(resolve(repository, path), 'utf8') }))

export interface Snippet extends CodeBlock {
  readonly page: string
}

export const snippetsOf = ({ path, text }: MarkdownPage): readonly Snippet[] =>
  blocksOf(text).map((block) => ({ ...block, page: path }))

export const placeOf = ({ page, line }: Pick<Snippet, 'page' | 'line'>): string => `${page}:${line}`
