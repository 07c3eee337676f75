import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { writePartTransactionId, writeTransactionId } from '../../packages/gateway/src/approval/transaction-id.ts'
import { type ChainedEvent, chainHash } from '../../packages/gateway/src/event-chain.ts'

type Value = string | number | null
type Row = Readonly<Record<string, Value>>

/** The rows of a payment that a real gateway has made. */
interface Template {
  readonly payment: Row
  readonly events: readonly Row[]
  readonly notifications: readonly Row[]
  readonly cancellations: readonly Row[]
}

const tables = { events: 'payment_events', notifications: 'notifications', cancellations: 'cancellations' } as const
const perTransaction = 20_000
const firstMs = Date.parse('2025-06-01T00:00:00Z')
/** As many ids as a second of one merchant has, and fewer. */
const perSecond = 1_000

/** Adds copies of the payments of a closed database, each with an id, an order and an event chain of its own. */
export function fillWithChains(file: string, payments: number): void {
  const database = new DatabaseSync(file)
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -500000')
  const templates = readTemplates(database)
  const insert = createInserts(database)
  for (let number = 0; number < payments; number++) {
    if (number % perTransaction === 0) database.exec('begin')
    insertCopy(insert, templates[number % templates.length] as Template, number)
    if (number % perTransaction === perTransaction - 1 || number === payments - 1) database.exec('commit')
  }
  database.exec('pragma journal_mode = wal')
  database.close()
}

function readTemplates(database: DatabaseSync): readonly Template[] {
  const all = (sql: string, ...params: Value[]) => database.prepare(sql).all(...params) as Row[]
  return all('select * from payments').map((payment) => {
    const of = (table: string) => all(`select * from ${table} where transaction_id = ?`, payment.transaction_id ?? '')
    return {
      payment,
      events: of(`${tables.events}`).toSorted((one, other) => Number(one.sequence) - Number(other.sequence)),
      notifications: of(tables.notifications),
      cancellations: of(tables.cancellations),
    }
  })
}

type Insert = (table: string, row: Row) => void

function createInserts(database: DatabaseSync): Insert {
  const statements = new Map<string, StatementSync>()
  return (table, row) => {
    const names = Object.keys(row)
    const statement =
      statements.get(table) ??
      database.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
    statements.set(table, statement)
    statement.run(...names.map((name) => row[name] ?? null))
  }
}

function insertCopy(insert: Insert, { payment, events, notifications, cancellations }: Template, number: number): void {
  const merchantId = String(payment.merchant_id)
  const opened = new Date(firstMs + Math.floor(number / perSecond) * 1_000)
  const transaction_id = writeTransactionId(merchantId, opened, number % perSecond)
  let hash = ''
  for (const event of events) {
    hash = chainHash(hash, chainedEvent(transaction_id, event))
    insert(tables.events, { ...event, transaction_id, hash })
  }
  insert('payments', { ...payment, transaction_id, order_id: `order-${number}`, event_hash: hash })
  for (const row of notifications) insert(tables.notifications, { ...row, transaction_id })
  for (const [index, row] of cancellations.entries()) {
    const part = writePartTransactionId(merchantId, opened, (number % perSecond) * 10 + index)
    insert(tables.cancellations, {
      ...row,
      transaction_id,
      partial_transaction_id: row.partial_transaction_id === null ? null : part,
    })
  }
}

const chainedEvent = (transactionId: string, row: Row): ChainedEvent => ({
  transactionId,
  sequence: Number(row.sequence),
  event: String(row.event),
  from: row.from_state === null ? undefined : String(row.from_state),
  to: String(row.to_state),
  at: new Date(Number(row.at)),
  note: String(row.note),
})
