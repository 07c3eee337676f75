import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Texts of an example's files, by path below its folder. */
export type ExampleFiles = Readonly<Record<string, string>>

const patterns = ['**/*.{ts,tsx,js,json,css,php,java,py}', '{.env.example,.gitignore}']

/** Build output, and the lock file that `npm install` rewrites. */
const made = /(^|\/)(node_modules|\.next|dist)(\/|$)|package-lock\.json$|next-env\.d\.ts$/

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
export const loadExample = (name: string): ExampleFiles =>
  existsSync(packed)
    ? JSON.parse(readFileSync(packed, 'utf8'))[name]
    : readExample(fileURLToPath(new URL(name, inRepository)))
