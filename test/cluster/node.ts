import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../support/free-port.ts'
import { asPostgres, binaries, database, ownedByPostgres, superuser } from './system-postgres.ts'

const run = promisify(execFile)

/** One PostgreSQL of a cluster on loopback: a primary or a standby, whichever it is made. */
export interface DatabaseNode {
  readonly name: string
  readonly port: number
  /** Starts it as it was left, and resolves when it answers. */
  start(): Promise<void>
  /** SIGKILL to the server and everything that it has started. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** Ends it before this returns, for the end of this process. */
  endNow(): void
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Whether it answers a query in time. */
  isAlive(timeoutMs: number): Promise<boolean>
  /** Makes its folder a copy of the other's, that follows it. */
  copyFrom(other: DatabaseNode): Promise<void>
  /** A former primary takes back what the new one never got, and follows it. */
  rewindTo(other: DatabaseNode): Promise<void>
  /** A running standby turns to the new primary. */
  follow(other: DatabaseNode): Promise<void>
}

/** Synchronous replication: a commit is acknowledged once one standby has flushed it. */
const settings = [
  'listen_addresses=127.0.0.1',
  'synchronous_commit=on',
  'wal_log_hints=on',
  'wal_keep_size=512MB',
  'wal_retrieve_retry_interval=100ms',
  'max_connections=60',
  'shared_buffers=64MB',
  'hot_standby=on',
]
const synchronous = 'synchronous_standby_names=ANY 1 (*)'

/** `more` are settings, `name=value` each, that go before those that all nodes have. */
export async function createNode(name: string, parent: string, more: readonly string[] = []): Promise<DatabaseNode> {
  const port = await freePort()
  const folder = join(parent, name)
  let server: ChildProcess | undefined
  mkdirSync(folder, { mode: 0o700 })
  ownedByPostgres(folder)

  const tool = async (program: string, ...args: string[]): Promise<void> =>
    void (await run(join(binaries, program), args, { ...asPostgres, cwd: parent }))

  const query = async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: superuser, database, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Row>(sql, [...values])).rows
    } finally {
      await client.end()
    }
  }

  const node: DatabaseNode = {
    name,
    port,
    query,
    async start() {
      if (!existsSync(join(folder, 'PG_VERSION'))) {
        await tool('initdb', '-D', folder, '-U', superuser, '-A', 'trust', '--encoding=UTF8', '--locale=C')
        await launch([])
        await tool('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', superuser, database)
        await node.stop()
      }
      await launch([synchronous, ...more])
    },
    async kill() {
      if (server?.pid === undefined) return
      const ended = once(server, 'exit')
      const children = await run('pgrep', ['-P', String(server.pid)]).catch(() => ({ stdout: '' }))
      for (const pid of [server.pid, ...children.stdout.split('\n').filter(Boolean).map(Number)]) killNow(pid)
      await ended
      server = undefined
    },
    async stop() {
      if (server === undefined) return
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
      server = undefined
    },
    endNow() {
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
      const args = ['stop', '-D', folder, '-m', 'immediate', '-w']
      execFileSync(join(binaries, 'pg_ctl'), args, { ...asPostgres, cwd: parent, stdio: 'ignore' })
      server = undefined
    },
    isAlive: (timeoutMs) =>
      Promise.race([
        query('select 1').then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((resolve) => setTimeout(resolve, timeoutMs, false)),
      ]),
    async copyFrom(other) {
      rmSync(folder, { recursive: true, force: true })
      await tool('pg_basebackup', '-D', folder, '-d', addressOf(other), '-X', 'stream', '-R', '-c', 'fast')
    },
    async rewindTo(other) {
      const source = `${addressOf(other)} dbname=${database}`
      await tool('pg_rewind', '-D', folder, `--source-server=${source}`, '-R')
    },
    async follow(other) {
      await query(`alter system set primary_conninfo = '${addressOf(other)}'`)
      await query('select pg_reload_conf()')
    },
  }

  async function launch(others: readonly string[]): Promise<void> {
    const options = [...settings, ...others].flatMap((setting) => ['-c', setting])
    const args = ['-D', folder, '-p', String(port), '-k', folder, ...options]
    const started = spawn(join(binaries, 'postgres'), args, { ...asPostgres, cwd: parent, stdio: 'ignore' })
    server = started
    const target = others.length === 0 ? 'postgres' : database
    for (let tries = 0; tries < 600; tries++) {
      if (started.exitCode !== null) throw new Error(`${name} ended with ${started.exitCode}`)
      const ready = ['-q', '-h', '127.0.0.1', '-p', String(port), '-d', target]
      if (
        await run(join(binaries, 'pg_isready'), ready).then(
          () => true,
          () => false,
        )
      )
        return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${name} does not answer`)
  }

  return node
}

const addressOf = ({ port }: DatabaseNode): string => `host=127.0.0.1 port=${port} user=${superuser}`

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
