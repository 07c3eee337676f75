import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { clientNetwork } from '../http/client-address.ts'
import type { UnfinishedBounds } from '../http/limits.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'

export interface ReceiveOptions {
  readonly runtime: Pick<Runtime, 'schedule'>
  readonly log: Log
  readonly bounds: UnfinishedBounds
  /** Bytes of one body. A longer one is handed on cut off, still too long, so that its route rejects it. */
  readonly bodyBytes: number
  readonly proxyHops: number
}

/** node:http has no such field; `@hono/node-server` reads a body from it where it is set. */
type Received = IncomingMessage & { rawBody?: Buffer }

/**
 * Receives the body before anything else happens to a request, so that a client that sends a head and then nothing holds no place of the
 * concurrency limit. What has not arrived is bounded in time, in bytes and per address; beyond a bound the connection ends without an answer,
 * since the client has not sent its request. For `listen({ around })`.
 */
export function createBodyReceiver({ runtime, log, bounds, bodyBytes, proxyHops }: ReceiveOptions) {
  const unfinished = countUnfinished(bounds)
  const report = reportDrops(runtime, log)

  const receive = (request: Received, response: ServerResponse, answer: RequestListener): void => {
    const parts: Buffer[] = []
    let length = 0
    const address = addressOf(request, proxyHops)
    const end = (): void => {
      stopTimer()
      unfinished.remove(address, length)
      request.off('data', take).off('end', handOn).off('close', end)
    }
    const drop = (): void => {
      end()
      report()
      request.socket.destroy()
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
    if (!unfinished.add(address)) drop()
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

const addressOf = ({ socket, headers }: IncomingMessage, proxyHops: number): string =>
  clientNetwork(socket.remoteAddress, headers['x-forwarded-for']?.toString(), proxyHops) ?? ''

/** What has not arrived yet. Each function but `remove` tells whether it is still within the bounds. */
function countUnfinished({ perAddress, bytesInAll }: UnfinishedBounds) {
  const requests = new Map<string, number>()
  let bytes = 0
  return {
    add(address: string): boolean {
      const count = (requests.get(address) ?? 0) + 1
      requests.set(address, count)
      return count <= perAddress
    },
    addBytes(count: number): boolean {
      bytes += count
      return bytes <= bytesInAll
    },
    remove(address: string, count: number): void {
      bytes -= count
      const left = (requests.get(address) ?? 0) - 1
      if (left > 0) requests.set(address, left)
      else requests.delete(address)
    },
  }
}

const reportEveryMs = 1_000

/** One line of the log for all drops of a second. */
function reportDrops({ schedule }: Pick<Runtime, 'schedule'>, log: Log): () => void {
  let dropped = 0
  return () => {
    dropped += 1
    if (dropped > 1) return
    schedule(reportEveryMs, () => {
      log.warn('unfinished_requests_dropped', { count: dropped })
      dropped = 0
    })
  }
}
