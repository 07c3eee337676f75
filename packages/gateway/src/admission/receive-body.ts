import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { addressOf } from '../http/client-address.ts'
import { countEachSecond, type Log } from '../logging/log.ts'
import type { Runtime } from '../runtime.ts'
import type { UnfinishedBounds } from './limits.ts'
import { createRateLimit } from './rate-limit.ts'

export interface ReceiveOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  readonly log: Log
  readonly bounds: UnfinishedBounds
  /** Limit of one body. A longer one is passed on truncated but still over the limit, so that its route rejects it. */
  readonly bodyBytes: number
  readonly proxyHops: number
}

const closedPerSecond = { burst: 20, refillEveryMs: 50 } as const

/** `@hono/node-server` reads the body from `rawBody` where it is set. */
export type Received = IncomingMessage & { rawBody?: Buffer }

/**
 * Slowloris protection: buffers the whole body before a request enters the concurrency limiter, so that slow clients
 * hold no slot. Unfinished bodies are bounded in time, in total bytes and in number per client network; beyond the
 * last, the oldest request is dropped, so that silent connections do not lock out others of the same network.
 *
 * A dropped request gets no answer, since it was never complete. Beyond a rate, its connection is left open and unread
 * until the server's own timeout: accepting a reconnect, above all over TLS, costs more than keeping the socket.
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
        // The rest is discarded, so the connection cannot be reused.
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
      // A body that announces too many bytes is rejected by its route, unread.
      const announced = Number(request.headers['content-length'] ?? 0)
      const hasBody = announced > 0 || request.headers['transfer-encoding'] !== undefined
      if (hasBody && announced <= bodyBytes) receive(request, response, answer)
      else answer(request, response)
    }
}

/** Unfinished requests: functions that drop them, by address, oldest first. */
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
    /** Whether the total is still within the bound. */
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
