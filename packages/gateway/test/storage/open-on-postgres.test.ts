import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { until } from '../../../../test/support/until.ts'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { type OpenedGateway, openGateway } from '../../src/open-gateway.ts'
import { Secret } from '../../src/secret.ts'
import { defaultSettings } from '../../src/settings.ts'
import { testRootKey } from '../support.ts'

let server: PostgresServer

before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

const open = (url: string, lines: string[] = []): Promise<OpenedGateway> =>
  openGateway({
    place: { databaseUrl: new Secret(url), connections: 2 },
    rootKey: new Secret(testRootKey),
    settings: defaultSettings,
    cardNetworkUrl: 'http://127.0.0.1:1',
    identityUrl: 'http://127.0.0.1:1',
    seed: (context) => saveMerchant(context, testMerchant),
    logDestination: {
      write(line) {
        lines.push(line)
      },
    },
    hasWorkers: false,
  })

test('gateways that start at the same moment on an empty database all serve, and its tables are made once', async (t) => {
  const url = await server.createSchema()
  const gateways = await Promise.all([open(url), open(url), open(url), open(url)])
  t.after(async () => void (await Promise.all(gateways.map((gateway) => gateway.close()))))
  for (const gateway of gateways) {
    assert.equal(await (await gateway.fetch(new Request('http://localhost/readyz'))).text(), 'ready\n')
    const { storage } = gateway.context
    const migrations = await storage.read<{ version: number }>('select version from schema_migrations order by version')
    assert.deepEqual(
      migrations.map(({ version }) => version),
      Array.from({ length: migrations.length }, (_, index) => index + 1),
    )
    assert.equal((await storage.read('select merchant_id from merchants')).length, 1)
  }
})

test('a gateway opens on several hosts of which one is away, and no log line shows their password', async (t) => {
  const url = await server.createSchema()
  const several = url.replace('@', '@127.0.0.1:1,')
  const lines: string[] = []
  const gateway = await open(several, lines)
  t.after(() => gateway.close())
  assert.equal(await (await gateway.fetch(new Request('http://localhost/readyz'))).text(), 'ready\n')
  gateway.context.log.info('said', { address: several })
  assert.ok(lines.some((line) => line.includes('"said"')))
  assert.ok(lines.every((line) => !line.includes(new URL(url).password)))
})

test('a gateway is not ready while another session locks the payments, and is again afterwards', async (t) => {
  const url = await server.createSchema()
  const gateway = await open(url)
  t.after(() => gateway.close())
  const readiness = async (): Promise<string> => (await gateway.fetch(new Request('http://localhost/readyz'))).text()
  assert.equal(await readiness(), 'ready\n')
  const locking = new pg.Client(url)
  await locking.connect()
  t.after(() => locking.end())
  await locking.query('begin')
  await locking.query('lock table payments')
  await until(async () => (await readiness()) === 'database_rejects_writes\n')
  await locking.query('commit')
  await until(async () => (await readiness()) === 'ready\n')
})
