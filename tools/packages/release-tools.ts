import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { repository } from './manifest.ts'

const folder = resolve(repository, 'tools/release')

const changedAt = (path: string): number => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0

/**
 * The tools that only a release needs have a lock file of their own, which the repository’s `npm ci` leaves out.
 * Installs them once.
 */
export function installReleaseTools(): void {
  if (changedAt('node_modules/.package-lock.json') >= changedAt('package-lock.json')) return
  console.log('The tools of tools/release are installed: npm ci --prefix tools/release (half a minute, 450 MB) …')
  const given = ['ci', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', given, { cwd: repository, stdio: 'inherit' })
}

export const releaseTool = (path: string): string => join(folder, 'node_modules', path)

export const requireReleaseTool = (name: string): unknown => createRequire(join(folder, 'package.json'))(name)
