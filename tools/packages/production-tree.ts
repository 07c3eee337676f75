import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { packageNames, repository } from './manifest.ts'

export interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly link?: boolean
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
export type LockedPackages = Readonly<Record<string, LockedPackage>>

/** Licences that ask for no more than their text and, in Apache’s case, their attribution (NOTICE). */
const allowedLicences = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']

const packagesAtMost = 150

export const readLock = (): LockedPackages =>
  JSON.parse(readFileSync(resolve(repository, 'package-lock.json'), 'utf8')).packages

/** Where Node finds a dependency of the package at `from`. */
function findPlace(locked: LockedPackages, from: string, dependency: string): string | undefined {
  const place = `${from === '' ? '' : `${from}/`}node_modules/${dependency}`
  if (locked[place] !== undefined) return place
  if (from === '') return undefined
  return findPlace(locked, from.replace(/(^|\/)(?:node_modules|packages)\/(@[^/]+\/)?[^/]+$/, ''), dependency)
}

/** Where the dependencies of the package at `place` are, on any platform; a link leads to its target. */
export function dependencyPlaces(locked: LockedPackages, place: string): readonly string[] {
  const { dependencies, optionalDependencies } = locked[place] ?? {}
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((dependency) => {
    const found = findPlace(locked, place, dependency)
    if (found === undefined && optionalDependencies?.[dependency] === undefined)
      throw new Error(`${place} needs ${dependency}, which package-lock.json does not have`)
    if (found === undefined) return []
    const { link, resolved = '' } = locked[found] ?? {}
    return [link ? resolved : found]
  })
}

/** Every place of the lock file that an installation of the packages brings, on any platform. */
export function productionTree(locked: LockedPackages, roots: readonly string[]): readonly string[] {
  const reached = new Set(roots)
  for (const place of reached) for (const found of dependencyPlaces(locked, place)) reached.add(found)
  return [...reached].filter((place) => place.includes('node_modules/'))
}

export function faultsOfTree(locked: LockedPackages, tree: readonly string[]): readonly string[] {
  const faults = tree.flatMap((place) => {
    const { license = 'no licence', hasInstallScript } = locked[place] ?? {}
    return [
      ...(allowedLicences.includes(license) ? [] : [`${place}: ${license} is not an allowed licence`]),
      ...(hasInstallScript ? [`${place} runs a script when it is installed`] : []),
    ]
  })
  const names = new Set(tree.map((place) => place.replace(/.*node_modules\//, '')))
  return names.size <= packagesAtMost ? faults : [...faults, `${names.size} packages, at most ${packagesAtMost}`]
}

/** What third parties bring into an installation of all packages. */
export function readProductionTree(): { readonly places: readonly string[]; readonly faults: readonly string[] } {
  const locked = readLock()
  const places = productionTree(
    locked,
    packageNames.map((name) => `packages/${name}`),
  )
  return { places, faults: faultsOfTree(locked, places) }
}
