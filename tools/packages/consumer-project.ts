import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Door, doorsOf, packageNames, readManifest, repository } from './manifest.ts'
import { readLock } from './production-tree.ts'
import { releaseTool } from './release-tools.ts'

const lockedVersion = (name: string): string => {
  const version = readLock()[`node_modules/${name}`]?.version
  if (version === undefined) throw new Error(`package-lock.json does not have ${name}`)
  return version
}

const write = (path: string, content: unknown): void =>
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))

/** Installs the tarballs as a shop does, with the frameworks whose types its adapters show. No package may need a script to be installed. */
export function installTarballs(folder: string, tarballs: readonly string[]): void {
  const peers = packageNames.flatMap((name) => Object.keys(readManifest(name).peerDependencies ?? {}))
  const wanted = [...peers, '@types/node'].map((name) => `${name}@${lockedVersion(name)}`)
  write(join(folder, 'package.json'), { name: 'a-shop', private: true, type: 'module' })
  const given = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', [...given, ...tarballs, ...wanted], { cwd: folder, stdio: 'inherit' })
}

/** A module that imports every door, and requires it, and finds the same behind both. */
function doorsModule(doors: readonly Door[]): string {
  const imports = doors.map(({ specifier }, at) => `import * as door${at} from '${specifier}'`)
  const rows = doors.map(({ specifier }, at) => `  ['${specifier}', door${at}],`)
  return `import { createRequire } from 'node:module'
${imports.join('\n')}

const doors: readonly (readonly [string, object])[] = [
${rows.join('\n')}
]
const require = createRequire(import.meta.url)
for (const [specifier, door] of doors) {
  const names = Object.keys(door)
  if (names.length === 0) throw new Error(specifier + ' exports nothing')
  const required = Object.keys(require(specifier))
  if (names.some((name) => !required.includes(name))) throw new Error(specifier + ' is another one when it is required')
}
console.log(doors.length + ' doors import and require')
`
}

const doorsOfAll = (names: readonly (typeof packageNames)[number][]): readonly Door[] =>
  names.flatMap((name) => doorsOf(readManifest(name)))

const pageModule = `import { loadSmartroPay } from '@sspay/browser'
import { paymentRequest } from '@sspay/protocol'

export const load: Promise<unknown> = loadSmartroPay({ environment: 'staging' })
export const wireNames: readonly string[] = Object.keys(paymentRequest)
`

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
  server: { files: ['server-doors.ts', 'take-payment.ts'], lib: ['es2023'], types: ['node'] },
  page: { files: ['page.ts'], lib: ['es2023', 'dom'], types: [] },
  both: { files: ['browser-doors.ts'], lib: ['es2023', 'dom'], types: ['node'] },
} as const
const resolutions = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const

/** Writes a shop that uses what is installed. */
export function writeConsumer(folder: string): void {
  const sources = join(folder, 'src')
  mkdirSync(sources)
  write(join(sources, 'server-doors.ts'), doorsModule(doorsOfAll(['protocol', 'merchant'])))
  write(join(sources, 'browser-doors.ts'), doorsModule(doorsOfAll(['browser'])))
  write(join(sources, 'all-doors.ts'), doorsModule(doorsOfAll(packageNames)))
  write(join(sources, 'page.ts'), pageModule)
  cpSync(resolve(repository, 'tools/packages/consumer/take-payment.ts'), join(sources, 'take-payment.ts'))
}

export interface TypeCheck {
  readonly name: string
  run(): void
}

const emittingCompiler = resolve(repository, 'node_modules/typescript/bin/tsc')

const compilers = (): Readonly<Record<string, string>> => ({
  'TypeScript 7': emittingCompiler,
  'TypeScript 5': releaseTool('typescript-5/bin/tsc'),
})

/** Every program by every compiler and both ways to find modules; one of them emits what is run afterwards. */
export function typeChecks(folder: string): readonly TypeCheck[] {
  return Object.entries(compilers()).flatMap(([compiler, path]) =>
    Object.entries(programs).flatMap(([program, { files, lib, types }]) =>
      Object.entries(resolutions).map(([resolution, options]) => ({
        name: `${compiler}, ${program}, ${resolution}`,
        run(): void {
          const configuration = join(folder, `tsconfig.${compiler.at(-1)}.${program}.${resolution}.json`)
          const noEmit = path !== emittingCompiler || resolution !== 'nodenext'
          const compilerOptions = { ...strict, ...options, lib, types, noEmit, rootDir: 'src', outDir: 'built' }
          write(configuration, { compilerOptions, files: files.map((file) => `src/${file}`) })
          execFileSync(process.execPath, [path, '-p', configuration], { cwd: folder, stdio: 'inherit' })
        },
      })),
    ),
  )
}
