import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CardNetwork, createHttpCardNetwork, type Log, listen, type Runtime, realRuntime } from '@sspay/gateway'
import { openSqlite } from '@sspay/gateway/internal'
import type { LedgerEntry, LedgerTotals } from '../../packages/sandbox/src/card-network/model.ts'
import { cardNetworkRoutes } from '../../packages/sandbox/src/card-network/route.ts'
import { findEntry, ledgerTotals, listEntries, openLedger } from '../../packages/sandbox/src/card-network/store.ts'
import { closeThis } from './closing.ts'

export interface SimulatedNetworkOptions {
  /** The issuers' ledger; without it, a file in a temporary folder that `close` removes. */
  readonly file?: string
  readonly runtime?: Runtime
  /** How long after its charge a `late` card answers. */
  readonly lateAnswerMs?: number
}

export interface SimulatedNetwork extends AsyncDisposable {
  /** On loopback, as `createHttpCardNetwork` wants it. */
  readonly url: string
  fetch(request: Request): Promise<Response>
  /** The port of the gateway on this network, without a socket between them; time-outs run on the runtime's clock. */
  port(timeoutMs: number): CardNetwork
  entries(): Promise<readonly LedgerEntry[]>
  /** What was charged, cancelled and reversed, by transaction id. */
  totals(): Promise<ReadonlyMap<string, LedgerTotals>>
  find(transactionId: string): Promise<LedgerEntry | undefined>
  close(): Promise<void>
}

/** The sandbox's simulated issuers with a ledger of their own, which no gateway's end touches. */
export async function startSimulatedNetwork(options: SimulatedNetworkOptions = {}): Promise<SimulatedNetwork> {
  const { runtime = realRuntime, lateAnswerMs = 3_000 } = options
  const folder = options.file === undefined ? await mkdtemp(join(tmpdir(), 'sspay-network-')) : undefined
  const storage = await openSqlite(options.file ?? join(folder ?? '', 'card-network.db'))
  await openLedger(storage)
  const stopping = new AbortController()
  const app = cardNetworkRoutes({ runtime, storage, lateAnswerMs, stopping: stopping.signal })
  const answer = async (request: Request): Promise<Response> => app.fetch(request)
  const listener = await listen({ fetch: answer, host: '127.0.0.1', port: 0 })
  return {
    url: listener.url,
    fetch: answer,
    port: (timeoutMs) =>
      createHttpCardNetwork(
        { runtime: { ...runtime, fetch: fetchWithin(runtime, answer) }, log: silentLog },
        inside,
        timeoutMs,
      ),
    entries: () => listEntries(storage, 1_000_000),
    totals: () => ledgerTotals(storage),
    find: (transactionId) => findEntry(storage, transactionId),
    async close() {
      stopping.abort()
      await listener.close()
      await storage.close()
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

const silentLog: Log = { info() {}, warn() {}, error() {} }

const inside = 'http://card-network.test'

const fetchWithin =
  (runtime: Runtime, answer: SimulatedNetwork['fetch']): Runtime['fetch'] =>
  async (url, { method, headers = {}, body, timeoutMs }) => {
    const request = new Request(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
    })
    const late = Promise.withResolvers<never>()
    const stop = runtime.schedule(timeoutMs, () => late.reject(new Error(`no answer within ${timeoutMs} ms`)))
    try {
      const answered = await Promise.race([answer(request), late.promise])
      return { status: answered.status, body: new Uint8Array(await answered.arrayBuffer()) }
    } finally {
      stop()
    }
  }
