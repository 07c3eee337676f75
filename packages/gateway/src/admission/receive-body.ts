import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { addressOf } from '../http/client-address.ts'
import type { UnfinishedBounds } from '../http/limits.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import { countEachSecond } from './count-each-second.ts'

export interface ReceiveOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  readonly log: Log
  readonly bounds: UnfinishedBounds
  /** Bytes of one body. A longer one is handed on cut off, still too long, so that its route rejects it. */
  readonly bodyBytes: number
  readonly proxyHops: number
}

const closedPerSecond = { burst: 20, refillEveryMs: 50 } as const

/** node:http has no such field; `@hono/node-server` reads a body from it where it is set. */
export type Received = IncomingMessage & { rawBody?: Buffer }

/**
 * Receives the body before anything else happens to a request, so that a client that sends a head and then nothing holds no place of the
 * concurrency limiter. What has not arrived is bounded in time, in bytes and per address. Beyond the bound of an address its oldest request gives
 * way, so that who sends whole requests is not locked out by silent ones from the same network. Such a connection ends without an answer, since
 * the client has not sent its request. Of many in one second most are left open, unread and without a buffer, until the server's own timeout: to
 * accept them again, over TLS above all, would cost more than to keep them. For `listen({ around })`.
 */
export function createBodyReceiver({ runtime, log, bounds, bodyBytes, proxyHops }: ReceiveOptions) {
  const unfinished = createUnfinished(bounds)
  const countDrop = countEachSecond(runtime, log, 'unfinished_requests_dropped')
  const closed = createRateLimit(runtime, { ...closedPerSecond, mostKeys: 1 })

  const receive = (request: Received, response: ServerResponse, answer: RequestListener): void => {
    const parts: Buffer[] = []
    let length = 0
    const address = addressOf(request, proxyHops) ?? ''
    const drop = (): void => {
      end()
      countDrop()
      if (closed.take('').ok) request.socket.destroy()
      else request.pause()
    }
    const end = (): void => {
      stopTimer()
      unfinished.remove(address, drop, length)
      request.off('data', take).off('end', handOn).off('close', end)
    }
    const handOn = (): void => {
      end()
      request.rawBody = Buffer.concat(parts)
      answer(request, response)
    }
    const take = (part: Buffer): void => {
      parts.push(part)
      length += part.byteLength
      const fits = unfinished.addBytes(part.byteLength)
      if (length > bodyBytes) {
        // The rest is thrown away, so the connection cannot carry another request.
        response.setHeader('connection', 'close')
        handOn()
        request.resume()
      } else if (!fits) drop()
    }
    const stopTimer = runtime.schedule(bounds.deadlineMs, drop)
    request.on('data', take).on('end', handOn).on('close', end)
    unfinished.add(address, drop)
  }

  return (answer: RequestListener): RequestListener =>
    (request, response) => {
      // Without a body there is nothing to wait for; one that announces too much is rejected by its route, unread.
      const announced = Number(request.headers['content-length'] ?? 0)
      const hasBody = announced > 0 || request.headers['transfer-encoding'] !== undefined
      if (hasBody && announced <= bodyBytes) receive(request, response, answer)
      else answer(request, response)
    }
}

/** Requests whose body has not arrived yet: of each address how to drop them, the oldest first. */
function createUnfinished({ perAddress, bytesInAll }: UnfinishedBounds) {
  const requests = new Map<string, Set<() => void>>()
  let bytes = 0
  return {
    add(address: string, drop: () => void): void {
      const drops = requests.get(address) ?? new Set()
      requests.set(address, drops.add(drop))
      const [oldest] = drops
      if (drops.size > perAddress) oldest?.()
    },
    /** Whether all bytes are still within the bound. */
    addBytes(count: number): boolean {
      bytes += count
      return bytes <= bytesInAll
    },
    remove(address: string, drop: () => void, count: number): void {
      bytes -= count
      const drops = requests.get(address)
      drops?.delete(drop)
      if (drops?.size === 0) requests.delete(address)
    },
  }
}
