import type { Checkout } from '../checkout/checkout.ts'
import { BodyConsumedError } from '../checkout/request-at.ts'

/** The part of the request of Hono that the checkout uses. */
export interface CheckoutHonoRequest {
  readonly raw: Request
  /** What middleware has read. */
  readonly bodyCache: { readonly formData?: FormData | Promise<FormData> }
  arrayBuffer(): Promise<ArrayBuffer>
}

/** Middleware of Hono 4. */
export type CheckoutMiddleware = (
  context: { readonly req: CheckoutHonoRequest },
  next: () => Promise<void>,
) => Promise<Response | undefined>

/**
 * Mounts a checkout in Hono. Mount it without a path, before the session of the shop: otherwise a new session cookie
 * would replace the buyer's on the cross-site return. Other addresses are passed to `next`.
 *
 * @returns The middleware: `app.use(honoCheckout(checkout))`.
 */
export const honoCheckout =
  (checkout: Checkout): CheckoutMiddleware =>
  async ({ req }, next) => {
    const { pathname } = new URL(req.raw.url)
    if (checkout.owns(pathname)) return checkout.fetch(await toReportedRequest(checkout, pathname, req))
    await next()
    return undefined
  }

async function toReportedRequest(checkout: Checkout, pathname: string, req: CheckoutHonoRequest): Promise<Request> {
  try {
    return req.raw.bodyUsed ? await withCachedBody(req) : req.raw
  } catch (error) {
    checkout.reportError(pathname, error)
    throw error
  }
}

/** Middleware has read the body; Hono keeps what it read, as bytes, text, JSON or a form. */
async function withCachedBody(req: CheckoutHonoRequest): Promise<Request> {
  const { url, method, headers: given } = req.raw
  const headers = new Headers(given)
  if ('arrayBuffer' in req.bodyCache) return new Request(url, { method, headers, body: await req.arrayBuffer() })
  const form = await req.bodyCache.formData
  if (form !== undefined) headers.set('content-type', 'application/x-www-form-urlencoded;charset=utf-8')
  const text = form === undefined ? new TextDecoder().decode(await readCached(req)) : encodeForm(form)
  // A replacement character stands for bytes that were not UTF-8.
  if (/\uFFFD|%EF%BF%BD/i.test(text)) throw new BodyConsumedError(readAsBytes)
  return new Request(url, { method, headers, body: text })
}

const readAsBytes =
  'Put the checkout before middleware that reads bodies, or read them with c.req.arrayBuffer(), not from c.req.raw.'

const encodeForm = (form: FormData): string =>
  String(new URLSearchParams([...form].map(([name, value]): [string, string] => [name, String(value)])))

async function readCached(req: CheckoutHonoRequest): Promise<ArrayBuffer> {
  try {
    return await req.arrayBuffer()
  } catch {
    throw new BodyConsumedError(readAsBytes)
  }
}
