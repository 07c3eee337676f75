import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise'
import type pg from 'pg'
import {
  createJournalTable,
  createMysqlJournalTable,
  memoryJournal,
  mysqlJournal,
  type PaymentJournal,
  postgresJournal,
  sqliteJournal,
} from '../src/index.ts'
import type { PostgresServer } from './postgres.ts'

/** A shop's records: a journal, and orders that count how often they were paid, in one database. */
export interface ShopRecords {
  readonly journal: PaymentJournal
  /** The shop's own update for `markPaid`. */
  readonly markOrderPaid: (orderId: string) => (connection: unknown) => unknown
  timesPaid(orderId: string): Promise<number>
  /** What the journal's table holds of approval tickets; nothing to look at in memory. */
  storedTickets(): Promise<readonly unknown[]>
  close(): Promise<void>
}

export function openMemoryRecords(): ShopRecords {
  const timesMarkedPaid = new Map<string, number>()
  return {
    journal: memoryJournal(),
    markOrderPaid: (orderId) => () => timesMarkedPaid.set(orderId, (timesMarkedPaid.get(orderId) ?? 0) + 1),
    timesPaid: async (orderId) => timesMarkedPaid.get(orderId) ?? 0,
    storedTickets: async () => [],
    close: async () => {},
  }
}

const createOrders = 'create table if not exists orders (order_id text primary key, times_paid bigint not null)'
const payRow = (orderId: string): string =>
  `insert into orders values ('${orderId}', 1) on conflict (order_id) do update set times_paid = orders.times_paid + 1`
const countPaid = (orderId: string): string => `select times_paid from orders where order_id = '${orderId}'`
const findTickets = 'select approval_ticket from sspay_journal where approval_ticket is not null'

export function openSqliteRecords(folder = mkdtempSync(join(tmpdir(), 'sspay-journal-'))): ShopRecords {
  const database = new DatabaseSync(join(folder, 'shop.db'), { timeout: 60_000 })
  database.exec('pragma journal_mode = wal')
  database.exec(createJournalTable)
  database.exec(createOrders)
  return {
    journal: sqliteJournal(database),
    markOrderPaid: (orderId) => (connection) => (connection as DatabaseSync).exec(payRow(orderId)),
    timesPaid: async (orderId) => Number(database.prepare(countPaid(orderId)).get()?.times_paid ?? 0),
    storedTickets: async () => database.prepare(findTickets).all(),
    async close() {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function openPostgresRecords(server: PostgresServer): Promise<ShopRecords> {
  const pool = await server.openSchema()
  await pool.query(createJournalTable)
  await pool.query(createOrders)
  return {
    journal: postgresJournal(pool),
    markOrderPaid: (orderId) => (connection) => (connection as pg.PoolClient).query(payRow(orderId)),
    timesPaid: async (orderId) => Number((await pool.query(countPaid(orderId))).rows[0]?.times_paid ?? 0),
    storedTickets: async () => (await pool.query(findTickets)).rows,
    close: async () => {},
  }
}

const createMysqlOrders =
  'create table if not exists orders (order_id varbinary(255) primary key, times_paid bigint not null)'
const payMysqlRow = (orderId: string): string =>
  `insert into orders values ('${orderId}', 1) on duplicate key update times_paid = times_paid + 1`

export async function openMysqlRecords(pool: Pool): Promise<ShopRecords> {
  await pool.query(createMysqlJournalTable)
  await pool.query(createMysqlOrders)
  return {
    journal: mysqlJournal(pool),
    markOrderPaid: (orderId) => (connection) => (connection as PoolConnection).query(payMysqlRow(orderId)),
    timesPaid: async (orderId) => {
      const [rows] = await pool.query<RowDataPacket[]>(countPaid(orderId))
      return Number(rows[0]?.times_paid ?? 0)
    },
    storedTickets: async () => (await pool.query<RowDataPacket[]>(findTickets))[0],
    close: async () => {},
  }
}
