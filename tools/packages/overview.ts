import { entryPointsOf, type PackageName, packageNames, readManifest } from './manifest.ts'
import { sizeLimits } from './sizes.ts'

const thirdParty = (dependencies: Readonly<Record<string, string>> = {}): string =>
  Object.keys(dependencies)
    .filter((name) => !name.startsWith('@sspay/'))
    .map((name) => `\`${name}\``)
    .join(', ') || '–'

const kilobytes = (bytes: number | undefined): string => (bytes === undefined ? '–' : `${bytes / 1000} kB`)

function row(name: PackageName): string {
  const manifest = readManifest(name)
  const { tarballBytes, unpackedBytes, files, bundleGzipBytes } = sizeLimits[name]
  const cells = [
    `\`${manifest.name}\``,
    manifest.engines.node,
    thirdParty(manifest.dependencies),
    kilobytes(tarballBytes),
    kilobytes(unpackedBytes),
    String(files),
    kilobytes(bundleGzipBytes),
  ]
  return `| ${cells.join(' | ')} |`
}

const doorsList = (name: PackageName): string =>
  `- ${entryPointsOf(readManifest(name))
    .map(({ specifier }) => `\`${specifier}\``)
    .join(', ')}`

/** What is published, from the manifests and the limits. */
export const describePackages = (): string => `# The packages

Written by \`npm run check:packages -- --write\`; the check fails above a limit and prints the sizes as they are.

| package | Node | third-party dependencies | tarball at most | unpacked at most | files at most | main entryPoint bundled, gzip, at most |
|---|---|---|--:|--:|--:|--:|
${packageNames.map(row).join('\n')}

All are ES modules with declarations; \`require\` works too, in every version of Node they support. What each entryPoint shows is in the \`api.md\`
of its package. Entry points:

${packageNames.map(doorsList).join('\n')}
`
