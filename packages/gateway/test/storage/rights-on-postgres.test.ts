import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { runSql } from '../../../../test/support/run-sql.ts'
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
let administrator: string
let owner: string
let gateway: string
/** Roles belong to the whole server, which other tests use too. */
const role = (name: 'owner' | 'gateway'): string => `sspay_${name}_${process.pid}`

/** A file that operators run, for the roles of this test. */
async function readScript(name: string): Promise<string> {
  const text = await readFile(new URL(`../../../../docs/operating/${name}`, import.meta.url), 'utf8')
  return text.replaceAll(/sspay_(owner|gateway)/g, `$&_${process.pid}`).replaceAll('REPLACE', 'canary')
}

before(async () => {
  server = await startPostgres()
  administrator = await server.createDatabase()
  const urlOf = (username: string): string =>
    Object.assign(new URL(administrator), { username, password: 'canary' }).href
  owner = urlOf(role('owner'))
  gateway = urlOf(role('gateway'))
  await runSql(administrator, await readScript('postgres-roles.sql'), await readScript('postgres-pooler.sql'))
})
after(async () => {
  for (const name of [role('gateway'), role('owner')])
    await runSql(administrator, `drop owned by ${name}`, `drop role ${name}`)
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
    /0001-schema\.sql: .*소유자의 SSPAY_DATABASE_URL.*\n.* may not change tables: .*sspay-gateway migrate.* grant create on schema public/,
  )
  const refused = await migrateAs(gateway)
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(
    refused.reported,
    /^0001-schema\.sql: 적용하는 중 \/ being applied\nsspay-gateway migrate: .*고칠 수 없습니다\(permission denied for schema public\)/,
  )

  const { code, out } = await migrateAs(owner, '--json')
  assert.deepEqual([code, JSON.parse(out)], [0, { applied: ['0001-schema.sql'], pending: [], newer: [] }])
  await (await open()).close()
  const allTables = 'all tables in schema public'
  await runSql(administrator, `revoke all on ${allTables} from ${role('gateway')}`)
  await assert.rejects(open(), /schema_migrations: .*\n.*grant select, insert, update, delete on all tables/)
  await runSql(administrator, `grant select, insert, update, delete on ${allTables} to ${role('gateway')}`)
  await using opened = await open()
  assert.equal(await (await opened.fetch(new Request('http://localhost/readyz'))).text(), 'ready\n')
  const again = await migrateAs(gateway)
  assert.deepEqual([again.code, again.reported], [0, ''])
})
