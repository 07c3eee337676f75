import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { ApiReport } from './packages/api-report.ts'
import { entryPointsOf, type PackageName, packageNames, readManifest, repository } from './packages/manifest.ts'
import { checkOlderProject } from './packages/older-project.ts'
import { describePackages } from './packages/overview.ts'
import { packPackages, type Tarball } from './packages/pack.ts'
import { readProductionTree } from './packages/production-tree.ts'
import { installReleaseTools, releaseTool } from './packages/release-tools.ts'
import { reportFailure } from './packages/report-failure.ts'
import { aboveLimits, measure } from './packages/sizes.ts'
import { requireStaged, stagedFolder } from './packages/stage.ts'

const help = `npm run check:packages            checks what npm run build made: everything that a release promises
npm run check:packages -- --write  writes packages/*/api.md and docs/packages.md

Needs npm run build. The first run installs the tools of tools/release.
`

type Faults = readonly string[]
const writes = process.argv.includes('--write')
const run = promisify(execFile)

async function runTool(path: string, given: readonly string[], name: PackageName): Promise<Faults> {
  try {
    await run(process.execPath, [releaseTool(path), ...given], {
      cwd: stagedFolder(name),
      env: { ...process.env, NO_COLOR: '1' },
    })
    return []
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    return [`@sspay/${name}: ${path}\n${stdout}${stderr || (stdout === '' ? cause : '')}`]
  }
}

const eachPackage = async (check: (name: PackageName) => Promise<Faults>): Promise<Faults> =>
  (await Promise.all(packageNames.map(check))).flat()

/** Scripts for a `<script>` and JSON have no declarations. */
function checkTypes(name: PackageName): Promise<Faults> {
  const manifest = readManifest(name)
  const modules = entryPointsOf(manifest).map(({ specifier }) => `.${specifier.slice(manifest.name.length)}`)
  const others = Object.keys(manifest.exports).filter(
    (entryPoint) => !modules.includes(entryPoint) && !entryPoint.includes('*'),
  )
  // ES modules only, for require() too, which Node.js 20.19 can.
  const given = ['--pack', '.', '--profile', 'strict', '--ignore-rules', 'cjs-resolves-to-esm']
  const excluded = others.length === 0 ? [] : ['--exclude-entrypoints', ...others]
  return runTool('@arethetypeswrong/cli/dist/index.js', [...given, ...excluded], name)
}

/** The committed text must be what the sources say. */
function compareOrWrite(path: string, text: string): Faults {
  const file = resolve(repository, path)
  if (writes) writeFileSync(file, text)
  const known = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return known === text ? [] : [`${path} is out of date: npm run check:packages -- --write, and read the difference`]
}

async function checkApi(name: PackageName): Promise<Faults> {
  const worker = new Worker(new URL('./packages/api-report-worker.ts', import.meta.url), { workerData: name })
  const { text, undocumented } = await new Promise<ApiReport>((resolveReport, reject) => {
    worker.once('message', resolveReport)
    worker.once('error', reject)
  })
  return [...compareOrWrite(`packages/${name}/api.md`, text), ...undocumented.map((one) => `no docstring: ${one}`)]
}

function checkSizes(tarballs: readonly Tarball[]): Faults {
  return tarballs.flatMap((tarball) => {
    const sizes = measure(tarball)
    const { tarballBytes, unpackedBytes, files, bundleGzipBytes } = sizes
    const bundle = bundleGzipBytes === undefined ? '' : `, main entry point bundled ${bundleGzipBytes} bytes gzip`
    console.log(
      `  @sspay/${tarball.name}: ${tarballBytes} bytes packed, ${unpackedBytes} unpacked, ${files} files${bundle}`,
    )
    return aboveLimits(tarball.name, sizes)
  })
}

/** Nothing but what is meant to be there. */
const checkFiles = (tarballs: readonly Tarball[]): Faults =>
  tarballs.flatMap(({ name, paths }) => {
    const wanted =
      /^(LICENSE|README\.md|package\.json|dist\/.+\.(js|d\.ts|sql|json)|vectors\/[\w-]+\.json|operating\/[\w-]+\.(env|service|sh|sql))$/
    const missing = ['LICENSE', 'README.md', 'package.json'].filter((path) => !paths.includes(path))
    return [
      ...paths
        .filter((path) => !wanted.test(path))
        .map((path) => `@sspay/${name}: ${path} should not be in the tarball`),
      ...missing.map((path) => `@sspay/${name}: ${path} is not in the tarball`),
    ]
  })

function checkTree(): Faults {
  const { places, faults } = readProductionTree()
  console.log(`  ${places.length} third-party packages on all platforms together`)
  return faults
}

const checksOf = (tarballs: readonly Tarball[]): readonly (readonly [string, () => Promise<Faults> | Faults])[] => [
  ['publint, strict', () => eachPackage((name) => runTool('publint/src/cli.js', ['--strict'], name))],
  ['types of every entry point (attw)', () => eachPackage(checkTypes)],
  ['a project with moduleResolution node10', () => checkOlderProject(tarballs)],
  ['sizes', () => checkSizes(tarballs)],
  ['files', () => checkFiles(tarballs)],
  ['licences and install scripts', checkTree],
  ['API reports and docstrings', () => eachPackage(checkApi)],
  ['docs/packages.md', () => compareOrWrite('docs/packages.md', describePackages())],
]

async function checkAll(): Promise<void> {
  requireStaged()
  installReleaseTools()
  for (const [name, check] of checksOf(packPackages())) {
    const startedAt = performance.now()
    const faults = await check()
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${faults.length === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds} s)`)
    for (const fault of faults) console.log(`  ${fault}`)
    if (faults.length > 0) process.exitCode = 1
  }
}

if (process.argv.includes('--help')) process.stdout.write(help)
else await reportFailure(checkAll)
