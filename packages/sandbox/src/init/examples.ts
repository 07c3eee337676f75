import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Framework } from './frameworks.ts'

/** Texts of an example's files, by path below its folder. */
export type ExampleFiles = Readonly<Record<string, string>>

const patterns = ['**/*.{ts,tsx,js,json,css,php,java,py,jsp,jspf,xml}', '{.env.example,.gitignore}']

/** Build output, what Tomcat makes of JSPs, and the lock file that `npm install` rewrites. */
const made = /(^|\/)(node_modules|\.next|dist|work)(\/|$)|package-lock\.json$|next-env\.d\.ts$/

/** Paths of the files that a reader needs to run the example; sorted. */
export const listExampleFiles = (cwd: string): readonly string[] =>
  globSync(patterns, { cwd, exclude: (path) => made.test(slashed(path)) })
    .filter((path) => statSync(`${cwd}/${path}`).isFile())
    .map(slashed)
    .sort()

const slashed = (path: string): string => path.replaceAll('\\', '/')

export const readExample = (folder: string): ExampleFiles =>
  Object.fromEntries(listExampleFiles(folder).map((path) => [path, readFileSync(`${folder}/${path}`, 'utf8')]))

/** The build packs the examples into one file: npm would leave out some of their names. */
const packed = new URL('./examples.json', import.meta.url)
const inRepository = new URL('../../../../examples/', import.meta.url)

/** The files of `examples/NAME`, from the package or from the repository. */
const loadFolder = (name: string): ExampleFiles =>
  existsSync(packed)
    ? JSON.parse(readFileSync(packed, 'utf8'))[name]
    : readExample(fileURLToPath(new URL(name, inRepository)))

/** The files of an example, with those of the folder of another one that it shares, as in `java/sspay`. */
export function loadExample({ example, shares }: Pick<Framework, 'example' | 'shares'>): ExampleFiles {
  const [other = '', folder] = shares?.split('/') ?? []
  const shared = folder === undefined ? [] : Object.entries(loadFolder(other))
  return {
    ...Object.fromEntries(shared.filter(([path]) => path.startsWith(`${folder}/`))),
    ...loadFolder(example),
  }
}
