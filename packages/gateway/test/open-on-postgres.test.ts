import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgres } from '../../merchant/test/postgres.ts'
import { testMerchant } from '../../sandbox/src/test-merchant.ts'
import { defaultSettings, openGateway } from '../src/open-gateway.ts'
import { Secret } from '../src/secret.ts'
import { testRootKey } from './support.ts'

test('a gateway opens on several hosts of which one is away, and no log line shows their password', async (t) => {
  const server = await startPostgres()
  t.after(() => server.stop())
  const url = await server.createDatabase()
  const several = url.replace('@', '@127.0.0.1:1,')
  const lines: string[] = []
  const gateway = await openGateway({
    place: { databaseUrl: new Secret(several), connections: 2 },
    rootKey: new Secret(testRootKey),
    settings: defaultSettings,
    cardNetworkUrl: 'http://127.0.0.1:1',
    identityUrl: 'http://127.0.0.1:1',
    logDestination: {
      write(line) {
        lines.push(line)
      },
    },
    hasWorkers: false,
  })
  t.after(() => gateway.close())
  await gateway.saveMerchant(testMerchant)
  assert.equal(await (await gateway.fetch(new Request('http://localhost/readyz'))).text(), 'ready\n')
  gateway.context.log.info('said', { address: several })
  assert.ok(lines.some((line) => line.includes('"said"')))
  assert.ok(lines.every((line) => !line.includes(new URL(url).password)))
})
