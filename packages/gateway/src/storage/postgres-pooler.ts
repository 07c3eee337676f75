import type pg from 'pg'
import { codeOf, describeCause } from './postgres-errors.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** A pooler with one server connection answers no other client during a transaction. */
const holdTimeoutMs = 1_000

/**
 * A pooler may give every transaction of one client another server connection. A statement that was prepared in an
 * earlier transaction is then missing, unless the pooler prepares it there. Two clients find out: each prepares a
 * statement of its own and one that has the same name in both, and uses them while the other one holds a connection.
 *
 * @throws Error with the cure when prepared statements are lost, or meet those of another client
 */
export async function requirePreparedStatements(pool: Pick<PostgresPool, 'connectAlone'>): Promise<void> {
  const clients: pg.Client[] = []
  try {
    for (const _ of [1, 2]) clients.push(await pool.connectAlone(holdTimeoutMs))
    const [first, second] = clients as [pg.Client, pg.Client]
    await inTransaction(first, ['first', 'shared'])
    await inTransaction(second, ['second', 'shared'])
    await inTransaction(second, ['second', 'shared'], () => inTransaction(first, ['first', 'shared']))
  } catch (cause) {
    if (isLostStatement(cause)) throw new Error(explanation, { cause })
    if (!isUnknown(cause)) throw cause
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

async function inTransaction(client: pg.Client, names: readonly string[], hold?: () => Promise<void>): Promise<void> {
  await client.query('begin')
  for (const name of names) await client.query({ name: `sspay_check_${name}`, text: 'select 1' })
  await hold?.()
  await client.query('commit')
}

/** Neither exists, or exists already. */
const isLostStatement = (cause: unknown): boolean => /^(26000|42P05)$/.test(codeOf(cause))

/** There is no second connection. */
const isUnknown = (cause: unknown): boolean =>
  codeOf(cause) === '53300' || /^Query read timeout/.test(describeCause(cause))

const explanation = `연결 풀러가 준비된 문장(prepared statement)을 지키지 않아 다른 문장이 실행될 수 있습니다. 세션 풀링(pool_mode=session)을 쓰거나, PgBouncer 1.21 이상에서 max_prepared_statements를 0보다 크게 하거나, PostgreSQL에 바로 연결하세요.
A connection pooler does not keep prepared statements, so that other statements could run: use session pooling (pool_mode=session), PgBouncer 1.21 or later with max_prepared_statements above 0, or connect to PostgreSQL itself.`
