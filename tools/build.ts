import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '..')
const published = ['protocol', 'browser', 'merchant'] as const

/** The Node of the machine, which npm hides behind the repository’s own: what a shop may run. */
function findSystemNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const names = process.platform === 'win32' ? ['node.exe'] : ['node']
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}

/** Prints the sizes; throws above their limits. */
function buildScripts(): void {
  execFileSync(process.execPath, ['tools/build-scripts.ts', '--verbose'], { cwd: repository, stdio: 'inherit' })
}

/** JavaScript and declarations into packages/<name>/dist. */
function buildPackages(scratch: string): void {
  const compiler = resolve(repository, 'node_modules/typescript/bin/tsc')
  const emitted = join(scratch, 'emitted')
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', emitted], {
    cwd: repository,
    stdio: 'inherit',
  })
  for (const name of published) {
    cpSync(join(emitted, name, 'src'), resolve(repository, `packages/${name}/dist`), { recursive: true })
    console.log(`packages/${name}/dist: JavaScript and declarations`)
  }
}

/** The packages as they will be installed: doors lead to dist. */
function installPublished(scratch: string): void {
  for (const name of published) {
    const target = join(scratch, 'node_modules/@sspay', name)
    mkdirSync(target, { recursive: true })
    cpSync(resolve(repository, `packages/${name}/dist`), join(target, 'dist'), { recursive: true })
    const manifest = readFileSync(resolve(repository, `packages/${name}/package.json`), 'utf8')
    writeFileSync(join(target, 'package.json'), manifest.replace(/\.\/src\/([\w/-]+)\.ts/g, './dist/$1.js'))
  }
}

const smoke = `
for (const door of process.argv.slice(1)) {
  const names = Object.keys(await import(door))
  if (names.length === 0) throw new Error(door + ' exports nothing')
  console.log(process.version + ' imports ' + door + ': ' + names.length + ' names')
}
`

function tryDoors(scratch: string): void {
  const doors = [
    '@sspay/merchant',
    '@sspay/browser',
    '@sspay/protocol',
    '@sspay/protocol/charset',
    '@sspay/protocol/diagnosis',
  ]
  const node = findSystemNode() ?? process.execPath
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' })
  const isNewEnough = Number(/^v(\d+)/.exec(version)?.[1]) >= 20
  const runner = isNewEnough ? node : process.execPath
  execFileSync(runner, ['--input-type=module', '--eval', smoke, ...doors], { cwd: scratch, stdio: 'inherit' })
}

const scratch = mkdtempSync(join(tmpdir(), 'sspay-build-'))
try {
  buildScripts()
  buildPackages(scratch)
  installPublished(scratch)
  tryDoors(scratch)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
