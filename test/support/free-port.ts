import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to outgoing connections and to `listen(0)`, so that none of those takes it before
 * its listener starts, and above those that browsers reject.
 */
const [lowest, highest] = [11_000, 32_000]

/** A port of loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error(`no port between ${lowest} and ${highest} is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    // As programs do that listen on every address.
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
