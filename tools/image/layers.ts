import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import { repository } from '../packages/manifest.ts'
import { productionTree, readLock } from '../packages/production-tree.ts'
import { stagedFolder } from '../packages/stage.ts'
import type { Program } from './programs.ts'
import { renderSbom, sbomPathOf } from './sbom.ts'
import { packageRecords, sharedLibraries } from './shared-libraries.ts'
import type { Entry } from './tar.ts'

export const user = { name: 'sspay', id: 10_001 }
export const nodePath = 'usr/local/bin/node'
export const commandPathOf = ({ name }: Program): string => `app/node_modules/@sspay/${name}/dist/bin.js`

const modules = resolve(repository, 'node_modules')
const nodeBinary = join(modules, 'node/bin/node')

/** Without debug symbols where binutils are installed: a seventh smaller. */
function strippedNode(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-node-'))
  const file = join(folder, 'node')
  try {
    copyFileSync(nodeBinary, file)
    execFileSync('strip', [file], { stdio: 'ignore' })
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return readFileSync(nodeBinary)
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const text = (path: string, ...lines: readonly string[]): Entry => ({
  path,
  mode: 0o644,
  content: Buffer.from(`${lines.join('\n')}\n`),
})

function usedLibraries(): readonly Entry[] {
  const addons = globSync('@node-rs/*/*.node', { cwd: modules }).map((path) => join(modules, path))
  return sharedLibraries([nodeBinary, ...addons])
}

/** Node.js and what it needs of a system. */
export function runtimeLayer(): readonly Entry[] {
  const libraries = usedLibraries()
  const nodeLicence = readFileSync(join(modules, `node/node_modules/node-linux-${process.arch}/LICENSE`))
  return [
    { path: nodePath, mode: 0o755, content: strippedNode() },
    { path: 'usr/share/doc/node/copyright', mode: 0o644, content: nodeLicence },
    ...libraries,
    ...packageRecords(libraries),
    text('etc/passwd', 'root:x:0:0::/:', `${user.name}:x:${user.id}:${user.id}::/data:`),
    text('etc/group', 'root:x:0:', `${user.name}:x:${user.id}:`),
    // Container engines put theirs in its place.
    text('etc/hosts', '127.0.0.1 localhost', '::1 localhost'),
    text('etc/nsswitch.conf', 'hosts: files dns'),
    text('etc/ssl/certs/ca-certificates.crt', ...rootCertificates),
    { path: 'tmp', mode: 0o1777 },
    { path: 'data', mode: 0o700, owner: user.id },
  ]
}

/** The files of a package that Node.js reads: no declarations and source maps. Licences stay. */
function filesOf(folder: string, target: string): readonly Entry[] {
  return globSync('**/*', { cwd: folder, exclude: ['node_modules'] })
    .filter(
      (path) =>
        !/\.([cm]?ts|map)$|(^|\/)(readme|changelog|history)[^/]*$/i.test(path) && statSync(join(folder, path)).isFile(),
    )
    .map((path) => ({ path: `${target}/${path}`, mode: 0o644, content: readFileSync(join(folder, path)) }))
}

/** A program as it is published, with the dependencies that the lock file names; none has an install script. */
export function applicationLayer(program: Program): readonly Entry[] {
  const places = productionTree(readLock(), [`packages/${program.name}`])
  const published = program.packages.map((name) => filesOf(stagedFolder(name), `app/node_modules/@sspay/${name}`))
  const dependencies = places.map((place) => filesOf(resolve(repository, place), `app/${place}`))
  const sbom = JSON.stringify(renderSbom(program, usedLibraries()), null, 1)
  return [
    ...[...published, ...dependencies].flat(),
    text(sbomPathOf(program), sbom),
    // For `docker exec`: there is no shell and no npm.
    {
      ...text(`usr/local/bin/${program.command}`, `#!/${nodePath}`, `import('/${commandPathOf(program)}')`),
      mode: 0o755,
    },
  ]
}
