import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../..')

/** Each may depend on those before it. */
export const packageNames = ['protocol', 'browser', 'merchant', 'gateway', 'sandbox'] as const
export type PackageName = (typeof packageNames)[number]

/**
 * The oldest Node that each published package supports. Only the published manifests name it: in the repository's own,
 * `npm ci` under Node 20 would warn about the workspaces, although the repository brings Node 24 as a dependency.
 */
const supportedNode: Readonly<Record<PackageName, string>> = {
  protocol: '>=20.19',
  browser: '>=20.19',
  merchant: '>=20.19',
  gateway: '>=24',
  sandbox: '>=24',
}

/** What the packages’ own manifests say, as far as a build asks. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly engines: { readonly node: string }
  readonly files: readonly string[]
  readonly exports: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** What a package finds where it runs: a page has no names of Node, a server none of a page. */
export const environmentOf = (
  name: PackageName,
): { readonly lib: readonly string[]; readonly types: readonly string[] } =>
  name === 'browser' ? { lib: ['dom', 'dom.iterable'], types: [] } : { lib: [], types: ['node'] }

export const readManifest = (name: PackageName): Manifest => ({
  ...JSON.parse(readFileSync(resolve(repository, 'packages', name, 'package.json'), 'utf8')),
  engines: { node: supportedNode[name] },
})

export interface EntryPoint {
  /** As a shop imports it: `@sspay/protocol/charset`. */
  readonly specifier: string
  /** The path of its module without `src/` and extension: `checkout/context`. */
  readonly module: string
}

const sourceModule = /^\.\/src\/(.+)\.ts$/

/** The entryPoints that are modules of ours; scripts and JSON files have no declarations. */
export const entryPointsOf = ({ name, exports }: Manifest): readonly EntryPoint[] =>
  Object.entries(exports).flatMap(([entryPoint, target]) => {
    const module = sourceModule.exec(target)?.[1]
    return module === undefined ? [] : [{ specifier: name + entryPoint.slice(1), module }]
  })

/** Everything from which the compiler reaches the rest: entryPoints and commands. */
export const entriesOf = ({ exports, bin = {} }: Manifest): readonly string[] =>
  [...new Set([...Object.values(exports), ...Object.values(bin)])].filter((target) => sourceModule.test(target))

const builtEntryPoint = (target: string): unknown => {
  const module = sourceModule.exec(target)?.[1]
  return module === undefined ? target : { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` }
}

/**
 * For the compiler option `moduleResolution: node10`, the default of older projects, which does not read `exports`:
 * where the declarations of each entry point are. At run time Node.js reads `exports`.
 */
function olderEntryPoints(manifest: Manifest): Record<string, unknown> {
  const builtAt = ({ module }: EntryPoint): string => `dist/${module}`
  const entryPoints = entryPointsOf(manifest)
  const below = entryPoints.filter(({ specifier }) => specifier !== manifest.name)
  const main = entryPoints.find(({ specifier }) => specifier === manifest.name)
  const paths = below.map((entryPoint) => [
    entryPoint.specifier.slice(manifest.name.length + 1),
    [`${builtAt(entryPoint)}.d.ts`],
  ])
  return {
    ...(main !== undefined && { main: `./${builtAt(main)}.js`, types: `./${builtAt(main)}.d.ts` }),
    ...(paths.length > 0 && { typesVersions: { '*': Object.fromEntries(paths) } }),
  }
}

/**
 * The manifest as npm gets it: what leads to a source here leads to what was built from it. `hostedAt` is the address
 * of the repository, which a provenance is compared with; it is known where a release runs.
 */
export function publishedManifest(name: PackageName, hostedAt: string | undefined): Record<string, unknown> {
  const manifest = readManifest(name)
  const bin = Object.entries(manifest.bin ?? {}).map(([command, target]) => [
    command,
    target.replace(sourceModule, 'dist/$1.js'),
  ])
  return {
    ...manifest,
    ...olderEntryPoints(manifest),
    exports: Object.fromEntries(
      Object.entries(manifest.exports).map(([entryPoint, target]) => [entryPoint, builtEntryPoint(target)]),
    ),
    ...(bin.length > 0 && { bin: Object.fromEntries(bin) }),
    ...(hostedAt !== undefined && {
      repository: { type: 'git', url: `git+${hostedAt}.git`, directory: `packages/${name}` },
    }),
  }
}
