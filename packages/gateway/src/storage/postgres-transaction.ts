import { createHash } from 'node:crypto'
import type pg from 'pg'
import { type Placeholders, readPlaceholders, unnest } from './postgres-arrays.ts'
import { breaksConnection, isHostError, StatementLostError } from './postgres-errors.ts'
import { CommitUnknownError, type ConditionalUpdate, type Parameter, type Row, type Transaction } from './storage.ts'

/**
 * Begins with the first statement, unless that is a conditional update and the last one: it is a transaction by itself.
 */
export async function inTransaction<Result>(
  client: pg.ClientBase,
  statements: Statements,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  let begun: Promise<unknown> | undefined
  let hasEnded = false
  const requireRunning = (): void => {
    if (hasEnded) throw new Error('the transaction has ended: its work did not await every statement')
  }
  const run = async (sql: string, params: readonly Parameter[]): Promise<pg.QueryResult> => {
    requireRunning()
    begun ??= client.query('begin')
    await begun
    requireRunning()
    return client.query(statements(sql, params))
  }
  const transaction: Transaction = {
    rows: unnest,
    lock: { wait: 'for update', skip: 'for update skip locked' },
    async read<Found extends Row>(sql: string, params: readonly Parameter[] = []) {
      return (await run(sql, params)).rows as readonly Found[]
    },
    async write(sql, params = []) {
      return (await run(sql, params)).rowCount ?? 0
    },
    async updateWhere(update) {
      const sql = textOf(update)
      const isWhole = update.isLast && begun === undefined
      const { rows } = await (isWhole ? runAlone(client, statements(sql, [update.rows])) : run(sql, [update.rows]))
      if (update.isLast) hasEnded = true
      return new Set(rows.map((row) => row[update.key]))
    },
  }
  let result: Result
  try {
    result = await work(transaction)
  } catch (cause) {
    if (begun !== undefined && !breaksConnection(cause)) await client.query('rollback')
    throw cause
  } finally {
    hasEnded = true
  }
  if (begun !== undefined) await commit(client)
  return result
}

function textOf({ columns, key, update, followUps }: ConditionalUpdate): string {
  const following = followUps.map((followUp, index) => `, follow_up_${index} as (${followUp})`)
  return `with given as ${unnest(columns, '?1')}, changed as (${update} returning given.*)${following.join('')}
    select ${key} from changed`
}

async function runAlone(client: pg.ClientBase, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  try {
    return await client.query(statement)
  } catch (cause) {
    if (!isHostError(cause)) throw cause
    throw new StatementLostError('The connection broke during a conditional update.', { cause })
  }
}

async function commit(client: pg.ClientBase): Promise<void> {
  let command: string
  try {
    ;({ command } = await client.query('commit'))
  } catch (cause) {
    if (!isHostError(cause)) throw cause
    throw new CommitUnknownError('The connection broke during a commit.', { cause })
  }
  if (command !== 'COMMIT') throw new Error('The database has rolled the transaction back.')
}

export type Statements = (sql: string, params: readonly Parameter[]) => pg.QueryConfig

/**
 * Each statement is prepared once for each connection, under a name that is the hash of its text: where connections are
 * shared, a name never stands for another statement.
 */
export function createStatements(): Statements {
  const known = new Map<string, Placeholders & { readonly name: string }>()
  return (sql, params) => {
    const statement = known.get(sql) ?? named(readPlaceholders(sql))
    known.set(sql, statement)
    const { name, text, valuesOf } = statement
    return { name, text, values: valuesOf(params) }
  }
}

const named = (placeholders: Placeholders): Placeholders & { readonly name: string } => ({
  name: createHash('sha256').update(placeholders.text).digest('base64url').slice(0, 22),
  ...placeholders,
})
