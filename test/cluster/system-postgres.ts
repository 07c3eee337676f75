import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

/** The PostgreSQL that the system has installed. */
export const binaries: string = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? ''

/** Superuser of the clusters created here. */
export const superuser = 'shop'
export const database = 'sspay'

/** As root the programs run as Debian's user for PostgreSQL, which may not be root. */
export const asPostgres: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}

export function ownedByPostgres(path: string): void {
  const { uid, gid } = asPostgres
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

/** Throws with what to install. */
export function requirePrograms(others: readonly string[], debianPackages: string): void {
  const missing = [...others, join(binaries, 'pg_rewind')].filter((file) => !existsSync(file))
  if (missing.length > 0)
    throw new Error(`Not here: ${missing.join(', ')}. apt-get install -y --no-install-recommends ${debianPackages}`)
}

/** All hosts, for `SSPAY_DATABASE_URL`. */
export const urlOfPorts = (ports: readonly number[]): string =>
  `postgres://${superuser}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${database}`
