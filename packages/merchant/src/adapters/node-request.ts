import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Checkout } from '../checkout/checkout.ts'
import { BodyConsumedError } from '../checkout/request-at.ts'

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

/** The decoding of EUC-KR by a body parser cannot be undone. */
const parsedBefore =
  'Put the checkout before express.json() and express.urlencoded(), or keep the raw body (NestJS: rawBody: true).'

/** The checkout replaces the host. Two slashes at the start are a path, not another host. */
export function addressOf(target: string): URL {
  if (target.startsWith('/')) return new URL(`http://shop.invalid${target}`)
  return new URL(URL.canParse(target) ? target : 'http://shop.invalid/')
}

export const pathnameOf = ({ originalUrl, url = '/' }: Pick<NodeRequest, 'originalUrl' | 'url'>): string =>
  addressOf(originalUrl ?? url).pathname

/**
 * Reads the property that the platform fills: HTTP/2 has no `headersDistinct`, and injected requests and wrappers of
 * serverless events leave it empty. Of the pseudo-headers of HTTP/2, `:authority` becomes the host.
 */
export function headersOf({ headersDistinct, headers }: IncomingMessage): Headers {
  const filled: IncomingMessage['headers'] = Object.keys(headersDistinct ?? {}).length > 0 ? headersDistinct : headers
  const { ':authority': authority } = filled
  const result = new Headers(typeof authority === 'string' ? { host: authority } : {})
  for (const [name, value] of Object.entries(filled)) {
    if (name.startsWith(':') || (name === 'host' && result.has('host'))) continue
    for (const each of value === undefined ? [] : [value].flat()) result.append(name, asBytes(String(each)))
  }
  return result
}

/** One character per byte, as a socket delivers it; JSON events of serverless platforms hold decoded text. */
const asBytes = (value: string): string =>
  /[^\0-\xFF]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value

/** Answers a request of `node:http`. Rejects with {@link BodyConsumedError}, or if the client has disconnected. */
export async function answerNodeRequest(
  checkout: Checkout,
  incoming: NodeRequest,
  outgoing: ServerResponse,
): Promise<void> {
  await sendResponse(await checkout.fetch(await toReportedRequest(checkout, incoming)), outgoing)
}

async function toReportedRequest(checkout: Checkout, incoming: NodeRequest): Promise<Request> {
  try {
    return await toRequest(incoming)
  } catch (error) {
    checkout.reportError(pathnameOf(incoming), error)
    throw error
  }
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
  if (incoming.readableEnded) throw new BodyConsumedError(parsedBefore)
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
