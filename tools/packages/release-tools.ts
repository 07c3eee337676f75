import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { repository } from './manifest.ts'

const folder = resolve(repository, 'tools/release')

/** The tools that only a release needs have a lock file of their own; the repository’s `npm ci` leaves them out. */
export function releaseTool(path: string): string {
  const found = join(folder, 'node_modules', path)
  if (existsSync(found)) return found
  throw new Error(`${path} is not installed: npm ci --prefix tools/release`)
}

export const requireReleaseTool = (name: string): unknown => {
  releaseTool(name)
  return createRequire(join(folder, 'package.json'))(name)
}
