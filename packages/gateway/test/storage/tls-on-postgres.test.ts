import assert from 'node:assert/strict'
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { runSql } from '../../../../test/support/run-sql.ts'
import { until } from '../../../../test/support/until.ts'
import { startPostgres } from '../../../merchant/test/postgres.ts'
import { createTlsFiles } from '../../../sandbox/test/faults/support.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { openStorage } from '../../src/storage/open-storage.ts'

/** A server with a certificate for `localhost`, and the address that the guide shows. */
async function startServer(t: TestContext) {
  const server = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'sspay-tls-'))
  const database = await server.createDatabase()
  t.after(async () => {
    await runSql(database, 'alter system reset ssl', 'select pg_reload_conf()')
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  })
  const data = (await runSql(database, 'show data_directory')).rows[0]?.data_directory ?? ''
  const { key, cert } = await createTlsFiles()
  const { uid, gid } = statSync(data)
  for (const [name, text] of [['server.key', key] as const, ['server.crt', cert] as const]) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    chownSync(join(data, name), uid, gid)
  }
  await runSql(database, 'alter system set ssl = on', 'select pg_reload_conf()')
  const url = database.replace('127.0.0.1', 'localhost')
  const urlWith = (ca: string): string => {
    const file = join(folder, 'database-ca.pem')
    writeFileSync(file, ca)
    return `${url}?sslmode=verify-full&sslrootcert=${file}`
  }
  const isOn = async () => (await runSql(database, 'show ssl')).rows[0]?.ssl === 'on'
  await until(isOn, { what: 'a server that has read its certificate' })
  return { url, cert, urlWith }
}

const open = async (url: string) => {
  const place = { databaseUrl: new Secret(url), connections: 1 }
  return closing(await openStorage(place, { runtime: realRuntime, onError() {} }))
}

const isEncrypted = 'select ssl::text as ssl from pg_stat_ssl where pid = pg_backend_pid()'

test('sslmode=verify-full encrypts each connection and rejects another CA; without it nothing is encrypted', async (t) => {
  const { url, cert, urlWith } = await startServer(t)
  {
    // The certificate has signed itself, so it is its own CA.
    await using storage = await open(urlWith(cert))
    assert.deepEqual(await storage.read(isEncrypted), [{ ssl: 'true' }])
  }
  const { cert: other } = await createTlsFiles()
  await assert.rejects(open(urlWith(other)), /localhost:\d+: .*certificate/)
  await using storage = await open(url)
  assert.deepEqual(await storage.read(isEncrypted), [{ ssl: 'false' }])
})
