import type { Runtime, Storage } from '@sspay/gateway'
import { cardNetworkRoutes } from '../../../packages/sandbox/src/card-network/route.ts'
import { openLedger } from '../../../packages/sandbox/src/card-network/store.ts'
import type { Crossing } from './link.ts'
import { answerWithoutSockets } from './without-sockets.ts'

export interface NetworkWorld {
  readonly storage: Storage
  /** One request that has arrived at the card network. */
  deliver(verb: string, body: Buffer): Promise<Crossing>
  close(): Promise<void>
}

/** The sandbox's card network with a ledger of its own; it never dies, as the outside world does not. */
export async function openNetworkWorld(
  storage: Storage,
  runtime: Runtime,
  lateAnswerMs: number,
): Promise<NetworkWorld> {
  await openLedger(storage)
  const stopping = new AbortController()
  const routes = cardNetworkRoutes({ runtime, storage, lateAnswerMs, stopping: stopping.signal })
  const answer = answerWithoutSockets(async (request) => routes.fetch(request))
  return {
    storage,
    async deliver(verb, body) {
      const headers = { 'content-type': 'application/json' }
      return { result: 'answered', answer: await answer({ path: `/${verb}`, headers, body }) }
    },
    async close() {
      stopping.abort()
      await storage.close()
    },
  }
}
