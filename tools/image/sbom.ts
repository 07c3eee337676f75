import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readManifest, repository } from '../packages/manifest.ts'
import { dependencyPlaces, type LockedPackages, productionTree, readLock } from '../packages/production-tree.ts'
import type { Program } from './programs.ts'
import { versionsOf } from './shared-libraries.ts'
import type { Entry } from './tar.ts'

/** CycloneDX 1.6, as far as it is used here. */
export interface Component {
  readonly type: 'application' | 'library'
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses?: readonly { readonly expression: string }[]
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[]
}

export interface Sbom {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.6'
  readonly version: 1
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

export const sbomPathOf = ({ name }: Program): string => `usr/share/sbom/sspay-${name}.cdx.json`

const npmUrl = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`

function lockedComponent(locked: LockedPackages, place: string): Component {
  const { version = '', license = '', integrity = '' } = locked[place] ?? {}
  const name = place.replace(/.*node_modules\//, '')
  const [algorithm, digest = ''] = integrity.split('-')
  if (algorithm !== 'sha512') throw new Error(`${place}: package-lock.json has no SHA-512 digest`)
  return {
    type: 'library',
    'bom-ref': place,
    ...{ name, version, purl: npmUrl(name, version) },
    licenses: [{ expression: license }],
    hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
  }
}

function ownComponent(name: Program['packages'][number]): Component {
  const manifest = readManifest(name)
  const purl = npmUrl(manifest.name, manifest.version)
  return { type: 'library', 'bom-ref': `packages/${name}`, name: manifest.name, version: manifest.version, purl }
}

function nodeComponent(): Component {
  const manifest = resolve(repository, 'node_modules/node/package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
  return { type: 'application', 'bom-ref': 'node', name: 'node', version, purl: `pkg:generic/node@${version}` }
}

/** Everything in an image, from package-lock.json and the package database. The same files give the same bytes. */
export function renderSbom(program: Program, libraries: readonly Entry[]): Sbom {
  const locked = readLock()
  const roots = program.packages.map((name) => `packages/${name}`)
  // The lock file has the addons of other platforms too.
  const places = productionTree(locked, roots).filter((place) => existsSync(resolve(repository, place)))
  const debian = Object.entries(versionsOf(libraries)).map(([name, version]): Component => {
    const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}`
    return { type: 'library', 'bom-ref': `debian/${name}`, name, version, purl }
  })
  const own = program.packages.map(ownComponent)
  const main = own.find(({ 'bom-ref': ref }) => ref === `packages/${program.name}`) as Component
  const components = [
    ...own.filter((component) => component !== main),
    ...places.map((place) => lockedComponent(locked, place)),
    nodeComponent(),
    ...debian,
  ].sort((one, other) => (one['bom-ref'] < other['bom-ref'] ? -1 : 1))
  const known = new Set(components.map(({ 'bom-ref': ref }) => ref))
  const dependsOn = (ref: string): readonly string[] =>
    dependencyPlaces(locked, ref).filter((place) => known.has(place))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { ...main, type: 'application' } },
    components,
    dependencies: [...roots, ...places].sort().map((ref) => ({
      ref,
      dependsOn: ref === main['bom-ref'] ? [...dependsOn(ref), 'node'] : dependsOn(ref),
    })),
  }
}
