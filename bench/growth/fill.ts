/**
 * What a gateway has left behind after many payments, written by the database itself: every payment is a copy of one
 * that the real gateway made, with a transaction id, an order and a time of its own. Nothing is left out: rows go
 * through the schema of the gateway with all its indexes.
 */
export interface Dialect {
  /** A named table of the numbers from the first parameter to below the second, in a column n. */
  readonly series: string
  /** Text of a number, with zeros in front of it. */
  padded(number: string, length: number): string
  /** yyMMddHHmmss in Korean time of milliseconds. */
  shortTime(milliseconds: string): string
  columnsOf(table: string): Promise<readonly string[]>
  run(sql: string, params: readonly number[]): Promise<void>
}

/** A payment that the gateway has made, and of how many in a hundred it is the model. */
export interface Template {
  readonly transactionId: string
  readonly share: number
}

export interface Fill {
  readonly templates: readonly Template[]
  readonly payments: number
  /** When the first of all payments was opened, and how long it takes to the next one. */
  readonly startMs: number
  readonly stepMs: number
}

const merchants = 100
const paymentsOfMember = 10
const perStatement = 50_000

/** Calls `onFilled` with the number of payments that are there. */
export async function fill(dialect: Dialect, wanted: Fill, onFilled: (count: number) => void): Promise<void> {
  const statements: string[] = []
  for (const table of ['payments', 'payment_events', 'notifications', 'cancellations'])
    statements.push(await copyOf(dialect, wanted, table))
  for (const table of ['members', 'cards']) statements.push(await memberOf(dialect, wanted, table))
  for (let from = 0; from < wanted.payments; from += perStatement) {
    const to = Math.min(from + perStatement, wanted.payments)
    await dialect.run('begin', [])
    for (const statement of statements) await dialect.run(statement, [from, to])
    await dialect.run('commit', [])
    onFilled(to)
  }
}

function expressions({ padded, shortTime }: Dialect, { startMs, stepMs }: Fill) {
  const at = `(${startMs} + n * ${stepMs})`
  const merchant = `'shop' || ${padded(`n % ${merchants}`, 6)}`
  const transactionId = `${merchant} || '0101' || ${shortTime(at)} || ${padded('n % 10000', 4)}`
  const memberId = `'filled-member-' || ${padded(`n / ${paymentsOfMember}`, 18)}`
  return { at, merchant, transactionId, memberId }
}

const times =
  /^(at|requested_at|state_changed_at|ticket_expires_at|window_expires_at|authenticated_at|answered_at|enqueued_at|next_attempt_at|delivered_at|cancelled_at|approved_at|last_asked_at)$/

/** Rows of the templates' table, once for every number. */
async function copyOf(dialect: Dialect, wanted: Fill, table: string): Promise<string> {
  const { at, merchant, transactionId } = expressions(dialect, wanted)
  const changed: Readonly<Record<string, string>> = {
    transaction_id: transactionId,
    merchant_id: merchant,
    order_id: `'order-' || ${dialect.padded('n', 12)}`,
    partial_transaction_id: `case when kept.partial_transaction_id is null then null
      else ${transactionId.replace("'0101'", "'0102'")} end`,
    // Delivered.
    ...(table === 'notifications' ? { state: `'delivered'`, attempts: '1', last_result: `'delivered'` } : {}),
  }
  const columns = await dialect.columnsOf(table)
  const values = columns.map(
    (column) =>
      changed[column] ?? (times.test(column) ? `kept.${column} - first.requested_at + ${at}` : `kept.${column}`),
  )
  // Join order on both engines: from the numbers to the row that each copies.
  return `with ${dialect.series}
    insert into ${table} (${columns.join(', ')})
    select ${values.join(', ')} from series cross join payments as first cross join ${table} as kept
    where first.transaction_id = ${templateOf(wanted)} and kept.transaction_id = first.transaction_id`
}

/** Of a hundred payments in a row, so many are copies of each template. */
function templateOf({ templates }: Fill): string {
  let below = 0
  const cases = templates.map(({ transactionId, share }) => {
    below += share
    return `when n % 100 < ${below} then '${transactionId}'`
  })
  return `case ${cases.join(' ')} end`
}

/** A member with one card for every few payments. */
async function memberOf(dialect: Dialect, wanted: Fill, table: string): Promise<string> {
  const { memberId } = expressions(dialect, wanted)
  const number = dialect.padded('n', 12)
  const changed: Readonly<Record<string, string>> = {
    member_id: memberId,
    customer_id: `'customer' || ${number}`,
    card_id: `'filled-card-' || ${number}`,
    number_fingerprint: `substr(kept.number_fingerprint, 1, 52) || ${number}`,
  }
  const columns = await dialect.columnsOf(table)
  return `with ${dialect.series}
    insert into ${table} (${columns.join(', ')})
    select ${columns.map((column) => changed[column] ?? `kept.${column}`).join(', ')} from series
    join (select * from ${table} where member_id not like 'filled-%' order by member_id limit 1) as kept on true
    where n % ${paymentsOfMember} = 0`
}
