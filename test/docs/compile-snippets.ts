import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { repository } from '../source/files.ts'
import { placeOf, type Snippet } from './pages.ts'

const compiler = resolve(repository, 'node_modules/typescript/bin/tsc')

/** A folder in which snippets are files beside the repository's packages. */
export interface Scratch {
  /** Each compiler complaint with the place of the snippet; empty when all compile. */
  compile(): readonly string[]
  /** Runs one snippet as a program. */
  run(snippet: Snippet): { readonly code: number | null; readonly output: string }
  remove(): void
}

const nameOf = ({ page, line }: Snippet): string => `${page.replaceAll(/[^\w]+/g, '-')}-${line}.ts`

/** A file without imports and exports would share its names with the others. */
const asModule = (code: string): string => (/^(import|export) /m.test(code) ? `${code}\n` : `${code}\nexport {}\n`)

export function writeScratch(snippets: readonly Snippet[]): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-snippets-'))
  symlinkSync(resolve(repository, 'node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'src'))
  const config = {
    extends: resolve(repository, 'tsconfig.json'),
    compilerOptions: {
      // The guides show a shop's server and its page.
      lib: ['es2024', 'dom', 'dom.iterable'],
      typeRoots: [resolve(repository, 'node_modules/@types')],
    },
    include: ['src'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const snippet of snippets) writeFileSync(join(folder, 'src', nameOf(snippet)), asModule(snippet.code))

  return {
    compile() {
      const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
        encoding: 'utf8',
      })
      const places = new Map(snippets.map((snippet) => [nameOf(snippet), placeOf(snippet)]))
      // Complaints about the packages themselves are those of the repository's own check.
      return stdout.split('\n').flatMap((line) => {
        const place = places.get(/^(?:.*\/)?src\/([^/(]+)\(/.exec(line)?.[1] ?? '')
        return place === undefined ? [] : [line.replace(/^[^(]+/, place)]
      })
    },
    run(snippet) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'src', nameOf(snippet))], {
        encoding: 'utf8',
        timeout: 240_000,
      })
      return { code: status, output: stdout + stderr }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
