import { createConnection, createPool, type Pool, type PoolOptions } from 'mysql2/promise'
import { startMariadb } from '../../../test/support/mariadb.ts'

export interface MysqlServer {
  /** A pool on an empty database of its own. */
  openDatabase(options?: PoolOptions): Promise<Pool>
  stop(): Promise<void>
}

/**
 * A real server: the one of `SSPAY_TEST_MYSQL_URL` where that names one, for example a MySQL 8, else the MariaDB of
 * this machine.
 */
export async function startMysql(): Promise<MysqlServer> {
  const { SSPAY_TEST_MYSQL_URL: shared } = process.env
  const server = shared === undefined ? await startMariadb() : undefined
  const uri = shared ?? server?.url ?? ''
  const pools: Pool[] = []
  const databases: string[] = []
  const run = async (statement: string): Promise<void> => {
    const connection = await createConnection(uri)
    await connection.query(statement)
    await connection.end()
  }
  return {
    async openDatabase(options = {}) {
      const database = `shop_${process.pid}_${databases.length}`
      databases.push(database)
      await run(`create database ${database}`)
      const pool = createPool({ uri, database, connectionLimit: 20, ...options })
      pools.push(pool)
      return pool
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()))
      for (const database of databases) await run(`drop database ${database}`)
      await server?.stop()
    },
  }
}
