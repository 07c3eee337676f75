import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type PackageName, packageNames, repository } from './manifest.ts'
import { stagedFolder } from './stage.ts'

export interface Tarball {
  readonly name: PackageName
  readonly file: string
  readonly bytes: number
  readonly unpackedBytes: number
  readonly paths: readonly string[]
}

interface PackedByNpm {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

/** Packs what was built into `dist/tarballs`. */
export function packPackages(): readonly Tarball[] {
  const folder = resolve(repository, 'dist/tarballs')
  mkdirSync(folder, { recursive: true })
  const packed: readonly PackedByNpm[] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder, ...packageNames.map(stagedFolder)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  return packageNames.map((name, at) => {
    const one = packed[at]
    if (one === undefined) throw new Error(`npm packed no tarball of ${name}`)
    return {
      name,
      file: join(folder, one.filename),
      bytes: one.size,
      unpackedBytes: one.unpackedSize,
      paths: one.files.map(({ path }) => path),
    }
  })
}
