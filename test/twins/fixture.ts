import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openRootKey, realRuntime, saveMerchant, saveNotificationTarget } from '@sspay/gateway'
import { createKeyRing, openSqlite } from '@sspay/gateway/internal'
import { type Sandbox, startSandbox, testMerchant } from '@sspay/sandbox'
import { notificationsOf } from '../../packages/gateway/src/notifications/store.ts'
import { ledgerTotals } from '../../packages/sandbox/src/card-network/store.ts'
import { type Client, clients, type Fields } from './clients.ts'
import { openPrograms } from './programs.ts'

export type Programs = ReturnType<typeof openPrograms>

export interface Fixture {
  readonly sandbox: Sandbox
  readonly programs: Programs
  /** What the client has read from each notification, in their order. */
  readonly received: (client: Client) => readonly Fields[]
  /** Won that the issuers took, and gave back. */
  moved(transactionId: string): Promise<{ readonly charged: number; readonly cancelled: number }>
  /** State and number of attempts of each notification. */
  notifications(transactionId: string): Promise<readonly string[]>
  close(): Promise<void>
}

export const merchantIdOf = (client: Client): string => `twin${String(clients.indexOf(client)).padStart(6, '0')}`

/** One gateway for all clients: each is a merchant of its own, and all share the members of one `SspMallId`. */
export async function openFixture(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-twins-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder: folder, host: '127.0.0.1', ports })
  const rootKey = await openRootKey(realRuntime, join(folder, 'keys', 'root.key'))
  const storage = await openSqlite(join(folder, 'gateway.db'))
  const ledger = await openSqlite(join(folder, 'card-network.db'))
  const context = { storage, keyRing: createKeyRing(realRuntime, rootKey) }
  const programs = openPrograms()
  const receiver = await openReceiver(programs)
  for (const client of clients) {
    const merchantId = merchantIdOf(client)
    const { names, charset } = client.notification
    const url = `${receiver.origin}/${merchantId}`
    await saveMerchant(context, { ...testMerchant, ...client.merchant, merchantId })
    const often = { intervalMinutes: 1, maxAttempts: 5, webhookKeys: [] }
    await saveNotificationTarget(context, { merchantId, url, charset, fieldNames: names, ...often })
  }
  return {
    sandbox,
    programs,
    received: (client) => receiver.received.get(client) ?? [],
    async moved(transactionId) {
      const { charged = 0, cancelled = 0, reversed = 0 } = (await ledgerTotals(ledger)).get(transactionId) ?? {}
      return { charged, cancelled: cancelled + reversed }
    },
    async notifications(transactionId) {
      return (await notificationsOf(context, transactionId)).map(({ state, attempts }) => `${state} ${attempts}`)
    },
    async close() {
      await sandbox.close()
      await receiver.close()
      await programs.close()
      await storage.close()
      await ledger.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Passes each notification to its client, and answers as that one does. */
async function openReceiver(programs: Programs) {
  const received = new Map<Client, Fields[]>()
  const server = createServer(async (request, response) => {
    const client = clients.find((one) => request.url === `/${merchantIdOf(one)}`)
    if (client === undefined) throw new Error(`no client has the address ${request.url}`)
    const { names, charset, answer } = client.notification
    const read = await programs.of(client.language).take('notified', { body: await text(request), names, charset })
    received.set(client, [...(received.get(client) ?? []), read])
    response.writeHead(200, { 'content-type': `text/html; charset=${charset}` }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    received,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
