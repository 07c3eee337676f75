import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { type PackageName, repository } from './manifest.ts'
import type { Tarball } from './pack.ts'
import { stagedFolder } from './stage.ts'

interface Limits {
  readonly tarballBytes: number
  readonly unpackedBytes: number
  readonly files: number
  /**
   * Everything behind the main entry point in one minified file, protocol included, under gzip. Services are not
   * bundled.
   */
  readonly bundleGzipBytes?: number
}

/** Room for the next few features; a package above them has taken in something that it should not. */
export const sizeLimits: Readonly<Record<PackageName, Limits>> = {
  protocol: { tarballBytes: 85_000, unpackedBytes: 280_000, files: 130 },
  browser: { tarballBytes: 20_000, unpackedBytes: 60_000, files: 30, bundleGzipBytes: 5_000 },
  merchant: { tarballBytes: 110_000, unpackedBytes: 380_000, files: 160, bundleGzipBytes: 40_000 },
  gateway: { tarballBytes: 460_000, unpackedBytes: 1_560_000, files: 660 },
  // Its `examples.json` has 62 kB packed: each example stands in it whole, with its copy of the pages.
  sandbox: { tarballBytes: 270_000, unpackedBytes: 1_000_000, files: 300 },
}

export type Sizes = Readonly<Record<keyof Limits, number | undefined>>

function bundleGzipBytes(name: PackageName): number {
  const platform = name === 'browser' ? 'browser' : 'node'
  const { outputFiles } = buildSync({
    entryPoints: [`${stagedFolder(name)}/dist/index.js`],
    absWorkingDir: repository,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

export const measure = ({ name, bytes, unpackedBytes, paths }: Tarball): Sizes => ({
  tarballBytes: bytes,
  unpackedBytes,
  files: paths.length,
  bundleGzipBytes: sizeLimits[name].bundleGzipBytes === undefined ? undefined : bundleGzipBytes(name),
})

export const aboveLimits = (name: PackageName, sizes: Sizes): readonly string[] =>
  Object.entries(sizeLimits[name]).flatMap(([what, limit]: [string, number]) => {
    const size = sizes[what as keyof Limits] ?? 0
    return size <= limit ? [] : [`@sspay/${name}: ${what} ${size}, at most ${limit}`]
  })
