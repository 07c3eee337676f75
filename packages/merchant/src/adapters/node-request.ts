import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Checkout } from '../checkout/checkout.ts'

/** A request of `node:http` as frameworks hand it on. */
export interface NodeRequest extends IncomingMessage {
  /** Express: the address before routers cut it. */
  readonly originalUrl?: string
  /** What a body parser left. */
  readonly body?: unknown
  /** The bytes as they came, where a framework keeps them: NestJS with `rawBody: true`. */
  readonly rawBody?: unknown
}

/** A form of the payment service has some kilobytes. */
const maxBodyBytes = 65_536

/** A body parser has read the request first: what it made of EUC-KR cannot be undone. */
export class BodyConsumedError extends Error {
  constructor() {
    super(
      'The body was parsed before it reached the checkout. Put the checkout before express.json() and express.urlencoded(), or keep the raw body (NestJS: rawBody: true).',
    )
    this.name = 'BodyConsumedError'
  }
}

/** The checkout puts its own host in place of this one. Two slashes at the start are a path, not another host. */
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

/** Has the checkout answer a request of `node:http`. Rejects with {@link BodyConsumedError}, and when the client has gone away. */
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
    // The part that is too much goes along, so that the checkout sees that it is; the rest is read, so that the answer is heard.
    if (length <= maxBodyBytes) parts.push(part)
    length += part.length
  }
  return new Uint8Array(Buffer.concat(parts))
}

async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
}
