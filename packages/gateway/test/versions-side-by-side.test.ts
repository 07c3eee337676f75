import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { closing } from '../../../test/support/closing.ts'
import { authenticatedPayment, quickRootKey } from '../../../test/support/quick-payment.ts'
import { startSimulatedNetwork } from '../../../test/support/simulated-network.ts'
import { testMerchant } from '../../sandbox/src/test-merchant.ts'
import { type OpenedGateway, openGateway } from '../src/open-gateway.ts'
import { defaultSettings } from '../src/settings.ts'
import type { Storage } from '../src/storage/storage.ts'
import { testPlace } from './test-storage.ts'

/** What a newer version may have added to every table that a payment touches. */
const expansion = [
  ...['payments', 'payment_events', 'notifications', 'cancellations', 'members', 'cards', 'merchants'].flatMap(
    (table) => [
      `alter table ${table} add column of_the_future text`,
      `alter table ${table} add column number_of_the_future bigint not null default 7`,
      `create index ${table}_of_the_future on ${table} (of_the_future)`,
    ],
  ),
  'create table tomorrow (id text primary key not null)',
]

const expand = (storage: Storage, name: string): Promise<void> =>
  storage.transact(async (transaction) => {
    for (const statement of expansion) await transaction.write(statement)
    await transaction.write('insert into schema_migrations (version, name) values (9999, ?1)', [name])
  })

test('a gateway works on while a newer one adds to its tables, and starts again on them; what contracts stops it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-versions-'))
  const network = await startSimulatedNetwork()
  const lines: string[] = []
  const start = async (): Promise<OpenedGateway> =>
    openGateway({
      place: await testPlace(folder),
      rootKey: quickRootKey,
      settings: { ...defaultSettings, isSandbox: true },
      cardNetworkUrl: network.url,
      identityUrl: 'http://127.0.0.1:1',
      logDestination: { write: (line) => lines.push(line) },
      hasWorkers: false,
    })
  const pay = async (gateway: OpenedGateway, orderId: string): Promise<string> => {
    const ticket = await authenticatedPayment(gateway.context, testMerchant, { amount: 1004, orderId })
    const body = JSON.stringify({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket })
    const address = 'http://127.0.0.1/payment/approval/urlCallApproval.do'
    return (await gateway.fetch(new Request(address, { method: 'POST', body }))).text()
  }
  try {
    {
      await using running = closing(await start())
      await running.saveMerchant(testMerchant)
      assert.match(await pay(running, 'BEFORE'), /"3001"/)
      await expand(running.context.storage, '9999-tomorrow.sql')
      assert.match(await pay(running, 'WHILE'), /"3001"/)
    }
    {
      await using again = closing(await start())
      assert.match(lines.join(''), /"migrations":"9999-tomorrow\.sql","event":"database_newer"/)
      assert.match(await pay(again, 'AFTER'), /"3001"/)
      await again.context.storage.transact((transaction) =>
        transaction.write("insert into schema_migrations (version, name) values (10000, '10000-less-contracts.sql')"),
      )
    }
    await assert.rejects(start(), /has version 10000, this program knows versions up to/)
  } finally {
    await network.close()
    await rm(folder, { recursive: true, force: true })
  }
})
