import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

export interface MariadbServer {
  /** `mysql://root@127.0.0.1:PORT`, without a database. */
  readonly url: string
  stop(): Promise<void>
}

/** The MariaDB of this machine, on loopback and with its data in a temporary folder. It ends with this process. */
export async function startMariadb(settings: readonly string[] = []): Promise<MariadbServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-mariadb-'))
  // As root the server runs as a user of its own.
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  const user = process.getuid?.() === 0 ? ['--user=mysql'] : []
  const place = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${data}`, ...user]
  await promisify(execFile)('mariadb-install-db', [
    ...place,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  const port = await freePort()
  const server = spawn(
    'mariadbd',
    [
      ...place,
      ...['--skip-networking=0', '--bind-address=127.0.0.1', `--port=${port}`, `--socket=${join(data, 'socket')}`],
      ...['--innodb-flush-log-at-trx-commit=2', '--innodb-buffer-pool-size=32M', '--max-connections=200', ...settings],
    ],
    { stdio: 'ignore' },
  )
  const ended = once(server, 'exit')
  const remove = (): void => {
    process.off('exit', remove)
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  process.on('exit', remove)
  const url = `mysql://root@127.0.0.1:${port}`
  await until(() => isReady(url), { what: 'an answer of MariaDB' }).catch((error: unknown) => {
    remove()
    throw error
  })
  return {
    url,
    async stop() {
      server.kill('SIGTERM')
      await ended
      remove()
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  const connection = await createConnection(url)
  await connection.end()
  return true
}
