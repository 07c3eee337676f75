import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { readExample } from '../../packages/sandbox/src/init/examples.ts'
import { frameworks } from '../../packages/sandbox/src/init/frameworks.ts'
import { scriptReasons } from '../script-reasons.ts'
import { joinModules } from './join-modules.ts'
import {
  entriesOf,
  entryPointsOf,
  environmentOf,
  type Manifest,
  type PackageName,
  packageNames,
  publishedManifest,
  readManifest,
  repository,
} from './manifest.ts'

const buildFolder = resolve(repository, 'dist')

/** The package as npm gets it. */
export const stagedFolder = (name: PackageName): string => join(buildFolder, name)

/** Throws a sentence that says what to do when nothing was built. */
export function requireStaged(): void {
  if (!packageNames.every((name) => existsSync(join(stagedFolder(name), 'package.json'))))
    throw new Error('Nothing is built yet: npm run build')
}

const compiler = resolve(repository, 'node_modules/typescript/bin/tsc')

/** Declarations keep `.ts` in their imports, which only the newest compilers follow. */
const pointAtJavaScript = (declaration: string): string =>
  declaration.replace(/((?:\bfrom|\bimport\(|\bimport)\s*)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g, '$1$2$3.js$2')

/** What the oldest Node of a package brings; what is newer does not compile. */
const languageOf = ({ engines }: Manifest): string => (engines.node === '>=24' ? 'es2024' : 'es2023')

/** Followed through node_modules, a package of ours may count as somebody else’s, and is then not emitted. */
const sourcesOfDoors = (): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    packageNames.flatMap((name) =>
      entryPointsOf(readManifest(name)).map(({ specifier, module }) => [
        specifier,
        [resolve(repository, 'packages', name, 'src', `${module}.ts`)],
      ]),
    ),
  )

interface Target {
  readonly target: string
  readonly lib: readonly string[]
  readonly types: readonly string[]
}

function targetOf(name: PackageName): Target {
  const target = languageOf(readManifest(name))
  const { lib, types } = environmentOf(name)
  return { target, lib: [target, ...lib], types }
}

function compileFor(target: Target, names: readonly PackageName[], emitted: string): void {
  const configuration = join(buildFolder, `tsconfig.${target.lib.join('.')}.json`)
  const files = names.flatMap((name) =>
    entriesOf(readManifest(name)).map((entry) => resolve(repository, 'packages', name, entry)),
  )
  const compilerOptions = { ...target, paths: sourcesOfDoors() }
  writeFileSync(configuration, JSON.stringify({ extends: '../tsconfig.build.json', compilerOptions, files }))
  execFileSync(process.execPath, [compiler, '-p', configuration, '--outDir', emitted], { stdio: 'inherit' })
}

function compile(emitted: string): void {
  const byLibraries = Map.groupBy(packageNames, (name) => targetOf(name).lib.join())
  // The older language last: the packages of the newer one emit what they import too.
  for (const [, names] of [...byLibraries].sort().reverse())
    compileFor(targetOf(names[0] ?? 'protocol'), names, emitted)
  for (const path of globSync('**/*.d.ts', { cwd: emitted })) {
    const file = join(emitted, path)
    writeFileSync(file, pointAtJavaScript(readFileSync(file, 'utf8')))
  }
}

/** The scripts for browsers and their inventory, which are built before. */
const builtScripts = [...Object.keys(scriptReasons), 'packages/gateway/dist/scripts.json']

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true })
}

/** Has a command, which is started again and again; the others are libraries, of which a shop bundles what it uses. */
const isProgram = ({ bin }: Manifest): boolean => bin !== undefined

/** Joined modules lie in `dist` itself, and with them what one of them reads in a folder beside it. */
const assetPlace = (path: string, manifest: Manifest): string =>
  isProgram(manifest) ? join('dist', ...path.split(sep).slice(-2)) : path.replace(/^src/, 'dist')

/** Of `files` in a manifest: those that a build makes. */
const builtFolders: ReadonlySet<string> = new Set(['dist', 'operating'])

/** For an operator on one machine, who has no repository. */
function copyOperatingFiles(target: string): void {
  const folder = resolve(repository, 'docs/operating')
  for (const path of globSync('*.{env,service,sh,sql}', { cwd: folder }))
    copy(join(folder, path), join(target, 'operating', path))
}

/** What a package reads at run time beside its modules. */
function copyAssets(name: PackageName, target: string): void {
  const source = resolve(repository, 'packages', name)
  const manifest = readManifest(name)
  const besideModules = globSync('src/**/*.*', { cwd: source }).filter((path) => !path.endsWith('.ts'))
  for (const path of besideModules) copy(join(source, path), join(target, assetPlace(path, manifest)))
  for (const path of builtScripts.filter((script) => script.startsWith(`packages/${name}/`)))
    copy(resolve(repository, path), join(buildFolder, path.replace(/^packages/, '')))
  for (const path of manifest.files.filter((given) => !builtFolders.has(given)))
    copy(join(source, path), join(target, path))
}

/** What `sspay init` writes. */
function packExamples(target: string): void {
  const names = new Set(Object.values(frameworks).map(({ example }) => example))
  const examples = [...names].map((name) => [name, readExample(resolve(repository, 'examples', name))])
  writeFileSync(join(target, 'dist/examples.json'), JSON.stringify(Object.fromEntries(examples)))
}

function copyModules(name: PackageName, folder: string, target: string): void {
  const manifest = readManifest(name)
  for (const path of globSync(isProgram(manifest) ? '**/*.d.ts' : '**/*.*', { cwd: folder }))
    copy(join(folder, path), join(target, path))
  if (!isProgram(manifest)) return
  const entries = entriesOf(manifest).map((entry) => entry.replace(/^\.\/src\/(.+)\.ts$/, '$1.js'))
  joinModules({ folder, entries, node: manifest.engines.node, target })
}

function stage(name: PackageName, emitted: string, hostedAt: string | undefined): void {
  const target = stagedFolder(name)
  copyModules(name, join(emitted, name, 'src'), join(target, 'dist'))
  copyAssets(name, target)
  if (name === 'sandbox') packExamples(target)
  if (name === 'gateway') copyOperatingFiles(target)
  copy(resolve(repository, 'packages', name, 'README.md'), join(target, 'README.md'))
  copy(resolve(repository, 'LICENSE'), join(target, 'LICENSE'))
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(publishedManifest(name, hostedAt), null, 2)}\n`)
}

/** Each finds the built others as if they were installed, and third-party packages in the repository’s own folder. */
function linkStaged(): void {
  const links = join(buildFolder, 'node_modules/@sspay')
  mkdirSync(links, { recursive: true })
  for (const name of packageNames) symlinkSync(stagedFolder(name), join(links, name), 'junction')
}

/** Builds all packages from what their manifests say. Throws when something does not compile. */
export function stagePackages(hostedAt: string | undefined): void {
  rmSync(buildFolder, { recursive: true, force: true })
  mkdirSync(buildFolder)
  const emitted = join(buildFolder, 'emitted')
  compile(emitted)
  for (const name of packageNames) stage(name, emitted, hostedAt)
  rmSync(emitted, { recursive: true })
  linkStaged()
}
