import { EventEmitter } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Answer } from './link.ts'

/** One POST to a listener of this process. */
export interface Post {
  readonly path: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Answers as the listener of a real process does, through the same adapter, but the bytes go through no socket. */
export function answerWithoutSockets(fetch: (request: Request) => Promise<Response>): (post: Post) => Promise<Answer> {
  const listener = getRequestListener(fetch)
  return async (post) => {
    const answer = new Answering()
    await listener(incomingOf(post), answer as unknown as ServerResponse)
    return { status: answer.status, body: answer.body }
  }
}

/** What Node has read once the whole request is here. */
function incomingOf({ path, headers, body }: Post): IncomingMessage {
  const given: IncomingHttpHeaders = { host: 'in.process', 'content-length': String(body.length), ...headers }
  const incoming = {
    method: 'POST',
    url: path,
    headers: given,
    rawHeaders: Object.entries(given).flat(),
    rawBody: body,
    readableEnded: true,
    socket: { remoteAddress: '127.0.0.1' },
  }
  return incoming as unknown as IncomingMessage
}

class Answering extends EventEmitter {
  status = 0
  body: Uint8Array = new Uint8Array()

  writeHead(status: number): void {
    this.status = status
  }

  end(body: string | Uint8Array = ''): void {
    this.body = typeof body === 'string' ? Buffer.from(body) : body
  }
}
