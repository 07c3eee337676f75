import { readdir, readFile } from 'node:fs/promises'
import { type Reader, type Row, SchemaBlockedError, type Storage, type Transaction } from './storage.ts'

interface Migration {
  readonly version: number
  readonly name: string
  /** An index of a big table has `if not exists`: its owner may have built it concurrently before the upgrade. */
  readonly statements: readonly string[]
}

const folder = new URL('./migrations/', import.meta.url)

/** A file of that name removes what the version before still uses; every other one only adds (expand and contract). */
const contracts = /-contracts\.sql$/

/** The schema of a database beside that of this program, as names of migrations. */
export interface SchemaState {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
  /** Of a newer program. */
  readonly newer: readonly string[]
}

export interface MigrationStep {
  readonly step: 'applying' | 'blocked'
  readonly name: string
}

export interface MigrateOptions {
  /** How long a migration waits for tables that other sessions use. */
  readonly waitMs?: number
  readonly onStep?: (step: MigrationStep) => void
}

/** A gateway that starts fails after this time; the command waits for as long as necessary. */
const startWaitMs = 30_000

/**
 * Brings the schema up to this version of the code: each numbered file once, in its own transaction. Two versions may
 * run side by side: migrations of a newer one only add. Returns the names of those. A schema that lacks nothing is only
 * read. Throws, and changes nothing, when a newer migration contracts.
 */
export async function migrate(storage: Storage, options: MigrateOptions = {}): Promise<readonly string[]> {
  const { waitMs = startWaitMs, onStep = () => {} } = options
  const migrations = await readMigrations()
  const { pending, newer } = await readSchema(storage)
  for (const migration of migrations.filter(({ name }) => pending.includes(name))) {
    const { name } = migration
    const wait = { forMs: waitMs, onBlocked: () => onStep({ step: 'blocked', name }) }
    onStep({ step: 'applying', name })
    await storage.changeSchema((transaction) => apply(transaction, migration, storage), wait).catch(explain(name))
  }
  // While this one waited, a newer program may have been here.
  return pending.length === 0 ? newer : (await readSchema(storage)).newer
}

/** Throws when the database has a newer migration that contracts. */
export async function readSchema(storage: Reader): Promise<SchemaState> {
  const known = await readMigrations()
  const newestKnown = known.at(-1)?.version ?? 0
  const rows = await readApplied(storage)
  const newer = rows.filter(({ version }) => version > newestKnown)
  const breaking = newer.find(({ name }) => contracts.test(name))
  if (breaking !== undefined) {
    throw new Error(
      `The database has version ${breaking.version}, this program knows versions up to ${newestKnown}: start the newer program, or restore a backup made before the upgrade.`,
    )
  }
  const isApplied = (version: number): boolean => rows.some((row) => row.version === version)
  return {
    applied: known.filter(({ version }) => isApplied(version)).map(({ name }) => name),
    pending: known.filter(({ version }) => !isApplied(version)).map(({ name }) => name),
    newer: newer.map(({ name }) => name),
  }
}

interface Applied {
  readonly version: number
  readonly name: string
}

/** None where the table is missing: the database is empty. */
const readApplied = (storage: Reader): Promise<readonly Applied[]> =>
  storage
    .read<Applied & Row>('select version, name from schema_migrations order by version')
    .catch((cause: Error & { readonly code?: unknown }) => {
      if (cause.code === undefinedTable || /no such table/.test(cause.message)) return []
      if (cause.code !== insufficientPrivilege) throw cause
      throw new Error(
        `schema_migrations: 데이터베이스 사용자가 읽을 수 없습니다. 소유자로 권한을 주세요: grant select, insert, update, delete on all tables in schema public to 사용자.
The database user may not read schema_migrations: grant select, insert, update, delete on all tables in schema public to it, as their owner.`,
        { cause },
      )
    })

const undefinedTable = '42P01'
const insufficientPrivilege = '42501'

const notOurs = 'Not an sspay gateway database (it has no table schema_migrations).'

/** Throws unless this program can read the tables, which may be those of an earlier version. */
export async function requireGatewayDatabase(reader: Reader): Promise<void> {
  if ((await readSchema(reader)).applied.length === 0) throw new Error(notOurs)
}

/** Throws unless the schema is that of this version: for commands beside a gateway, which do not change it. */
export async function requireMigrated(storage: Reader): Promise<void> {
  const newestKnown = (await readMigrations()).at(-1)?.version ?? 0
  const newest = (await readApplied(storage)).at(-1)
  if (newest === undefined) throw new Error(notOurs)
  if (newest.version !== newestKnown)
    throw new Error(
      `The database has version ${newest.version}, this program knows version ${newestKnown}: run sspay-gateway migrate or start the gateway of this version first.`,
    )
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Names the migration, and the command where that helps. */
const explain = (name: string) => (cause: unknown) => {
  if (cause instanceof SchemaBlockedError)
    throw new Error(
      `${name}: 다른 세션이 테이블을 쓰고 있습니다(백업 따위). 기다리는 명령을 먼저 실행하세요: sspay-gateway migrate
${name}: other sessions use its tables, such as a backup: first run the command that waits for them, sspay-gateway migrate`,
      { cause },
    )
  if ((cause as { readonly code?: unknown }).code === insufficientPrivilege)
    throw new Error(
      `${name}: 데이터베이스 사용자가 테이블을 고칠 수 없습니다(${messageOf(cause)}). 소유자의 SSPAY_DATABASE_URL로 먼저 실행하세요: sspay-gateway migrate. 소유자라면 이 데이터베이스에서 한 번: grant create on schema public to …
${name}: the database user may not change tables: first run, with the owner's SSPAY_DATABASE_URL, sspay-gateway migrate. If it is the owner, once in this database: grant create on schema public to …`,
      { cause },
    )
  throw cause
}

async function apply(
  transaction: Transaction,
  { version, name, statements }: Migration,
  { byKey }: Pick<Storage, 'byKey'>,
): Promise<void> {
  await transaction.write(
    'create table if not exists schema_migrations (version integer primary key, name text not null)',
  )
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
