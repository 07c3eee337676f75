import { readSources, type SourceFile } from '../source/files.ts'
import { importsOf, resolveRelative } from '../source/imports.ts'
import { sqliteOnly } from './sqlite-only.ts'

/** What a test opens its storage with, on the engine of the run. */
const engineOfTheRun = 'packages/gateway/test/test-storage.ts'

const folders = ['packages/gateway/test', 'packages/sandbox/test', 'test/journeys']

/** Test files in those folders, each with the repository's files that it imports directly or indirectly. */
function readTests(): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = readSources('packages/*/{src,test}/**/*.ts', 'test/**/*.ts')
  const imported = new Map(sources.map((source) => [source.path, importedBy(source)]))
  const tests = [...imported.keys()].filter(
    (path) => path.endsWith('.test.ts') && folders.some((folder) => path.startsWith(`${folder}/`)),
  )
  return new Map(tests.map((path) => [path, reachedFrom(path, imported)]))
}

const importedBy = (source: SourceFile): readonly string[] =>
  importsOf(source)
    .filter(({ specifier, isTypeOnly }) => specifier.startsWith('.') && !isTypeOnly)
    .map(({ specifier }) => resolveRelative(source.path, specifier))

function reachedFrom(path: string, imported: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set([path])
  for (const one of reached) for (const next of imported.get(one) ?? []) reached.add(next)
  return reached
}

/** Every test of storage that means something on PostgreSQL. */
export const testsOnBothEngines = (): readonly string[] =>
  [...readTests()].flatMap(([path, reached]) => (reached.has(engineOfTheRun) && !(path in sqliteOnly) ? [path] : []))

/** Tests that open SQLite whatever the run is about. */
export function testsThatOpenSqlite(): readonly string[] {
  const opening = /\bopenSqlite\(|\bdataFolder: (?!string|undefined)/
  const openers = new Set(
    readSources(...folders.map((folder) => `${folder}/**/*.ts`))
      .filter(
        ({ path, text }) => path !== engineOfTheRun && opening.test(text) && !/\btest(Place|Database)\(/.test(text),
      )
      .map(({ path }) => path),
  )
  return [...readTests()].flatMap(([path, reached]) => ([...reached].some((one) => openers.has(one)) ? [path] : []))
}
