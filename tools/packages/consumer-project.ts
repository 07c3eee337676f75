import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type EntryPoint, entryPointsOf, type PackageName, packageNames, readManifest, repository } from './manifest.ts'
import { readLock } from './production-tree.ts'
import { releaseTool } from './release-tools.ts'

const lockedVersion = (name: string): string => {
  const version = readLock()[`node_modules/${name}`]?.version
  if (version === undefined) throw new Error(`package-lock.json does not have ${name}`)
  return version
}

const write = (path: string, content: unknown): void =>
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))

/**
 * Installs the tarballs as a shop does, with the frameworks whose types its adapters show. No package may need a script
 * to be installed.
 */
export function installTarballs(folder: string, tarballs: readonly string[]): void {
  const peers = packageNames.flatMap((name) => Object.keys(readManifest(name).peerDependencies ?? {}))
  const wanted = [...peers, '@types/node'].map((name) => `${name}@${lockedVersion(name)}`)
  write(join(folder, 'package.json'), { name: 'a-shop', private: true, type: 'module' })
  const given = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', [...given, ...tarballs, ...wanted], { cwd: folder, stdio: 'inherit' })
}

/** A module that imports every entry point, and requires it, and finds the same behind both. */
function doorsModule(entryPoints: readonly EntryPoint[]): string {
  const imports = entryPoints.map(({ specifier }, at) => `import * as entryPoint${at} from '${specifier}'`)
  const rows = entryPoints.map(({ specifier }, at) => `  ['${specifier}', entryPoint${at}],`)
  return `import { createRequire } from 'node:module'
${imports.join('\n')}

const entryPoints: readonly (readonly [string, object])[] = [
${rows.join('\n')}
]
const require = createRequire(import.meta.url)
for (const [specifier, entryPoint] of entryPoints) {
  const names = Object.keys(entryPoint)
  if (names.length === 0) throw new Error(specifier + ' exports nothing')
  const required = Object.keys(require(specifier))
  if (names.some((name) => !required.includes(name))) throw new Error(specifier + ' is another one when it is required')
}
console.log(entryPoints.length + ' entryPoints import and require')
`
}

const doorsOfAll = (names: readonly PackageName[]): readonly EntryPoint[] =>
  names.flatMap((name) => entryPointsOf(readManifest(name)))

/** What the package's README shows: it has to compile as it stands. */
function readmeModule(folder: string, name: PackageName): string {
  const readme = readFileSync(join(folder, 'node_modules/@sspay', name, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)\n```/g)].map(([, code = '']) => code)
  if (blocks.length !== 1)
    throw new Error(`the README of ${name} shows ${blocks.length} pieces of TypeScript instead of one`)
  return blocks.join('\n')
}

const strict = {
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  resolveJsonModule: true,
}
/** A server without the names of a page, a page without the names of Node, and a framework that has both. */
const programs = {
  server: {
    files: ['server-entryPoints.ts', 'take-payment.ts', 'readme-protocol.ts', 'readme-merchant.ts'],
    lib: ['es2023'],
    types: ['node'],
  },
  page: { files: ['readme-browser.ts'], lib: ['es2023', 'dom', 'dom.iterable'], types: [] },
  both: { files: ['browser-entryPoints.ts'], lib: ['es2023', 'dom'], types: ['node'] },
  service: {
    files: ['all-entryPoints.ts', 'readme-gateway.ts', 'readme-sandbox.ts'],
    lib: ['es2024', 'dom'],
    types: ['node'],
  },
} as const
const resolutions = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const

/** Writes a shop that uses what is installed. */
export function writeConsumer(folder: string): void {
  const sources = join(folder, 'src')
  mkdirSync(sources)
  write(join(sources, 'server-entryPoints.ts'), doorsModule(doorsOfAll(['protocol', 'merchant'])))
  write(join(sources, 'browser-entryPoints.ts'), doorsModule(doorsOfAll(['browser'])))
  write(join(sources, 'all-entryPoints.ts'), doorsModule(doorsOfAll(packageNames)))
  for (const name of packageNames) write(join(sources, `readme-${name}.ts`), readmeModule(folder, name))
  cpSync(resolve(repository, 'tools/packages/consumer/take-payment.ts'), join(sources, 'take-payment.ts'))
}

export interface TypeCheck {
  readonly name: string
  run(): void
}

/**
 * Every program by both ways to find modules, which also emits what is run afterwards, and once by an older compiler.
 */
export function typeChecks(folder: string): readonly TypeCheck[] {
  const newest = { compiler: 'TypeScript 7', path: resolve(repository, 'node_modules/typescript/bin/tsc') }
  const older = { compiler: 'TypeScript 5', path: releaseTool('typescript-5/bin/tsc') }
  const ways = [
    { ...newest, resolution: 'nodenext', noEmit: false },
    { ...newest, resolution: 'bundler', noEmit: true },
    { ...older, resolution: 'nodenext', noEmit: true },
  ] as const
  return ways.flatMap(({ compiler, path, resolution, noEmit }) =>
    Object.entries(programs).map(([program, { files, lib, types }]) => ({
      name: `${compiler}, ${program}, ${resolution}`,
      run(): void {
        const configuration = join(folder, `tsconfig.${compiler.at(-1)}.${program}.${resolution}.json`)
        const options = { ...strict, ...resolutions[resolution], lib, types, noEmit, rootDir: 'src', outDir: 'built' }
        write(configuration, { compilerOptions: options, files: files.map((file) => `src/${file}`) })
        execFileSync(process.execPath, [path, '-p', configuration], { cwd: folder, stdio: 'inherit' })
      },
    })),
  )
}
