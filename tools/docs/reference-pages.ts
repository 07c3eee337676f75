import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where typedoc writes the API reference; not committed. */
const folder = 'dist/reference'

/**
 * Writes the API reference of all packages from their docstrings. Fails if a signature uses a type that is not
 * exported.
 */
export function writeReference(repository: string): void {
  const tools = join(repository, 'tools/reference')
  installOnce(tools)
  rmSync(join(repository, folder), { recursive: true, force: true })
  const typedoc = join(tools, 'node_modules/typedoc/bin/typedoc')
  execFileSync(
    process.execPath,
    [typedoc, '--options', join(tools, 'typedoc.json'), '--out', join(repository, folder)],
    {
      cwd: tools,
      stdio: 'inherit',
    },
  )
}

/** Installs at the first run, and again after the lock file has changed. */
function installOnce(tools: string): void {
  const installed = statSync(join(tools, 'node_modules/.package-lock.json'), { throwIfNoEntry: false })
  if (installed !== undefined && installed.mtimeMs >= statSync(join(tools, 'package-lock.json')).mtimeMs) return
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: tools, stdio: 'inherit' })
}

/** The API reference of a package, with links like those of its `api.md`; undefined before {@link writeReference}. */
export function readReference(repository: string, name: string): string | undefined {
  const file = join(repository, folder, name, 'src.md')
  if (!existsSync(file)) return undefined
  return (
    readFileSync(file, 'utf8')
      .replace(/^# .*$/m, `# @sspay/${name}`)
      .replaceAll(/\]\(\.\.\/(\w+)\/src\.md/g, '](../$1/api.md')
      // A row of a table is no heading, to which the site could link.
      .replaceAll(/\[([^\]]*)\]\(#property-[\w-]+\)/g, '$1')
      .replaceAll(/#property-[\w-]+\)/g, ')')
  )
}
