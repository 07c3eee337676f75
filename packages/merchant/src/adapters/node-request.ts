import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Checkout } from '../checkout/checkout.ts'

/** A request of `node:http` with the properties that frameworks add. */
export interface NodeRequest extends IncomingMessage {
  /** Express: the address before routers strip their prefix. */
  readonly originalUrl?: string
  /** Result of a body parser. */
  readonly body?: unknown
  /** The received bytes, if the framework keeps them: NestJS with `rawBody: true`. */
  readonly rawBody?: unknown
}

const maxBodyBytes = 65_536

/** A body parser has read the request first, and its decoding of EUC-KR cannot be undone. */
export class BodyConsumedError extends Error {
  constructor() {
    super(
      'The body was parsed before it reached the checkout. Put the checkout before express.json() and express.urlencoded(), or keep the raw body (NestJS: rawBody: true).',
    )
    this.name = 'BodyConsumedError'
  }
}

/** The checkout replaces the host. Two slashes at the start are a path, not another host. */
export function addressOf(target: string): URL {
  if (target.startsWith('/')) return new URL(`http://shop.invalid${target}`)
  return new URL(URL.canParse(target) ? target : 'http://shop.invalid/')
}

export const pathnameOf = ({ originalUrl, url = '/' }: NodeRequest): string => addressOf(originalUrl ?? url).pathname

export const headersOf = ({ headersDistinct }: IncomingMessage): Headers =>
  new Headers(
    Object.entries(headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  )

/** Answers a request of `node:http`. Rejects with {@link BodyConsumedError}, or if the client has disconnected. */
export async function answerNodeRequest(
  checkout: Checkout,
  incoming: NodeRequest,
  outgoing: ServerResponse,
): Promise<void> {
  await sendResponse(await checkout.fetch(await toRequest(incoming)), outgoing)
}

async function toRequest(incoming: NodeRequest): Promise<Request> {
  const { method = 'GET', originalUrl, url = '/' } = incoming
  const body = method === 'GET' || method === 'HEAD' ? undefined : await readBody(incoming)
  const headers = headersOf(incoming)
  return new Request(addressOf(originalUrl ?? url), { method, headers, ...(body === undefined ? {} : { body }) })
}

async function readBody(incoming: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  const kept = [incoming.rawBody, incoming.body].find((body) => body instanceof Uint8Array)
  if (kept !== undefined) return new Uint8Array(kept)
  if (incoming.readableEnded) throw new BodyConsumedError()
  const parts: Buffer[] = []
  let length = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    // One chunk over the limit makes the checkout reject the body; the rest is drained, so that the client reads the
    // answer.
    if (length <= maxBodyBytes) parts.push(part)
    length += part.length
  }
  return new Uint8Array(Buffer.concat(parts))
}

async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
}
