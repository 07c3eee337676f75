import { readdir, readFile } from 'node:fs/promises'
import type { Storage, Transaction } from './storage.ts'

interface Migration {
  readonly version: number
  readonly name: string
  readonly statements: readonly string[]
}

const folder = new URL('./migrations/', import.meta.url)

/** A file of that name removes what the version before still uses; every other one only adds (expand and contract). */
const contracts = /-contracts\.sql$/

/**
 * Brings the schema up to this version of the code: each numbered file once, in its own transaction. Two versions may
 * run side by side: migrations of a newer one only add. Returns the names of those. Throws, and changes nothing, when
 * one of them contracts.
 */
export async function migrate(storage: Storage): Promise<readonly string[]> {
  const migrations = await readMigrations()
  const newestKnown = migrations.at(-1)?.version ?? 0
  const unknown = await storage.transact(async (transaction) => {
    await storage.lockSchema(transaction)
    await transaction.write(
      'create table if not exists schema_migrations (version integer primary key, name text not null)',
    )
    return transaction.read<{ readonly version: number; readonly name: string }>(
      'select version, name from schema_migrations where version > ?1 order by version',
      [newestKnown],
    )
  })
  const breaking = unknown.find(({ name }) => contracts.test(name))
  if (breaking !== undefined) {
    throw new Error(
      `The database has version ${breaking.version}, this program knows versions up to ${newestKnown}: start the newer program, or restore a backup made before the upgrade.`,
    )
  }
  for (const migration of migrations)
    await storage.transact(async (transaction) => {
      await storage.lockSchema(transaction)
      await apply(transaction, migration, storage)
    })
  return unknown.map(({ name }) => name)
}

/** Throws unless the schema is that of this version: for commands beside a gateway, which do not change it. */
export async function requireMigrated(storage: Storage): Promise<void> {
  const newestKnown = (await readMigrations()).at(-1)?.version ?? 0
  const [newest] = await storage
    .read<{ version: number | null }>('select max(version) as version from schema_migrations')
    .catch((cause: unknown) => {
      throw new Error('Not an sspay gateway database (it has no table schema_migrations).', { cause })
    })
  const version = newest?.version ?? 0
  if (version !== newestKnown)
    throw new Error(
      `The database has version ${version}, this program knows version ${newestKnown}: start the gateway of this version first.`,
    )
}

async function apply(
  transaction: Transaction,
  { version, name, statements }: Migration,
  { byKey }: Pick<Storage, 'byKey'>,
): Promise<void> {
  const isNew = await transaction.write(
    'insert into schema_migrations (version, name) values (?1, ?2) on conflict do nothing',
    [version, name],
  )
  if (isNew === 0) return
  for (const statement of statements) await transaction.write(statement.replace('/* by key */', byKey))
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({
      version: Number(name.slice(0, 4)),
      name,
      statements: splitStatements(await readFile(new URL(name, folder), 'utf8')),
    })),
  )
}

/** No string in a migration has a semicolon at the end of a line. */
function splitStatements(sql: string): readonly string[] {
  return sql
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
