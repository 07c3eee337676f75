import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { blocksOf, linksOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'

/** Commands and files of the page about starting from the packages. */
export interface PackagesPage {
  /** The commands that install, as one script for the folder above the shop's. */
  readonly install: string
  /** Words after `npx` of the command that begins with these. Throws when the page has none. */
  npx(...beginning: readonly string[]): readonly string[]
  /** Names of the files to save, in the order of the page. */
  readonly files: readonly string[]
  /** Text of `.env`. */
  readonly environment: string
}

export function readPackagesPage(language: 'ko' | 'en'): PackagesPage {
  const text = readFileSync(resolve(repository, `docs/start/${language}/packages.md`), 'utf8')
  const blocks = blocksOf(text)
  const lines = blocks.filter((block) => block.language === 'sh').flatMap(({ code }) => code.split('\n'))
  const npx = (...beginning: readonly string[]): readonly string[] => {
    const prefix = ['npx', ...beginning].join(' ')
    const found = lines.find((line) => line === prefix || line.startsWith(`${prefix} `))
    if (found === undefined) throw new Error(`the page has no ${prefix}`)
    return found.split(' ').slice(1)
  }
  const saved = /examples\/express\/([\w.-]+)$/
  return {
    install: blocks.find(({ code }) => code.startsWith('mkdir my-shop'))?.code ?? '',
    npx,
    files: [...new Set(linksOf(text).flatMap(({ target }) => saved.exec(target)?.[1] ?? []))],
    environment: blocks.find(({ comment }) => comment.endsWith('/.env.example'))?.code ?? '',
  }
}
