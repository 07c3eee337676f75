import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** A request to the shop, by the public path. */
export interface ShopRequest {
  readonly method: 'GET' | 'POST'
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface ShopAnswer {
  readonly status: number
  readonly location?: string | undefined
  readonly text: string
}

/** How requests get to the shop on a runtime. */
export type Send = (request: ShopRequest) => Promise<ShopAnswer>

const timeoutMs = 20_000

/** Not by `fetch`, which sets `sec-fetch-mode` itself. */
export function sendOverSockets(origin: string): Send {
  return async ({ method, path, headers, body }) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const outgoing = request(new URL(path, origin), { agent: false, method, headers, signal })
    outgoing.end(body)
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, location: answer.headers.location, text: await text(answer) }
  }
}

export const sendToFetch =
  (fetch: (request: Request) => Response | Promise<Response>): Send =>
  async ({ path, ...given }) => {
    const answer = await fetch(new Request(`http://10.0.0.1:8080${path}`, given))
    return {
      status: answer.status,
      location: answer.headers.get('location') ?? undefined,
      text: await answer.text(),
    }
  }
