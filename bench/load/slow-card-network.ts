import { startChild } from '../child.ts'

/** A process that approves everything after a while; see `card-network.ts`. */
export interface SlowCardNetwork {
  readonly url: string
  readonly pid: number
  /** How often each transaction was charged, by its id. */
  charges(): Promise<ReadonlyMap<string, number>>
  close(): Promise<void>
}

export async function startSlowCardNetwork(latencyMs: number): Promise<SlowCardNetwork> {
  const child = startChild(new URL('./card-network.ts', import.meta.url), [String(latencyMs)])
  return {
    url: await child.receive<string>(),
    pid: child.pid,
    charges: () => child.ask({ ask: 'charges' }),
    close: () => child.stop(),
  }
}
