import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { closing } from '../../../../test/support/closing.ts'
import { type PostgresServer, startPostgres } from '../../../merchant/test/postgres.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { runMigration } from '../../src/migrate-command.ts'
import { openGateway } from '../../src/open-gateway.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { defaultSettings } from '../../src/settings.ts'
import { testRootKey } from '../support.ts'

let server: PostgresServer
let owner: string
let gateway: string
const role = `gateway_${process.pid}`

async function asOwner(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

before(async () => {
  server = await startPostgres()
  owner = await server.createDatabase()
  gateway = Object.assign(new URL(owner), { username: role, password: 'canary' }).href
  await asOwner(`create role ${role} login password 'canary'`, `grant usage on schema public to ${role}`)
})
after(async () => {
  await asOwner(`drop owned by ${role}`, `drop role ${role}`)
  await server.stop()
})

const open = async () =>
  closing(
    await openGateway({
      place: { databaseUrl: new Secret(gateway), connections: 2 },
      rootKey: new Secret(testRootKey),
      settings: defaultSettings,
      cardNetworkUrl: 'http://127.0.0.1:1',
      identityUrl: 'http://127.0.0.1:1',
      seed: (context) => saveMerchant(context, testMerchant),
      logDestination: { write() {} },
      hasWorkers: false,
    }),
  )

async function migrateAs(url: string, ...args: readonly string[]) {
  const texts = { out: '', reported: '' }
  const code = await runMigration(args, {
    runtime: realRuntime,
    place: () => ({ databaseUrl: new Secret(url), connections: 2 }),
    write(text) {
      texts.out += text
    },
    report(text) {
      texts.reported += text
    },
  })
  return { code, ...texts }
}

test('a role that may only read and write rows starts on finished tables, and else names the command', async () => {
  await assert.rejects(
    open(),
    /0001-schema\.sql: .*소유자의 SSPAY_DATABASE_URL.*\n.* may not change tables: .*sspay-gateway migrate/,
  )
  const refused = await migrateAs(gateway)
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(
    refused.reported,
    /^0001-schema\.sql: 적용하는 중 \/ being applied\nsspay-gateway migrate: .*고칠 수 없습니다/,
  )

  const { code, out } = await migrateAs(owner, '--json')
  assert.deepEqual([code, JSON.parse(out)], [0, { applied: ['0001-schema.sql'], pending: [], newer: [] }])
  await assert.rejects(open(), /schema_migrations: .*\n.*grant select, insert, update, delete on all tables/)

  await asOwner(`grant select, insert, update, delete on all tables in schema public to ${role}`)
  await using opened = await open()
  assert.equal(await (await opened.fetch(new Request('http://localhost/readyz'))).text(), 'ready\n')
  const again = await migrateAs(gateway)
  assert.deepEqual([again.code, again.reported], [0, ''])
})
