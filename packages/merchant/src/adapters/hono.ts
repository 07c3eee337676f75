import type { Checkout } from '../checkout/checkout.ts'

/** Middleware of Hono 4. */
export type CheckoutMiddleware = (
  context: { readonly req: { readonly raw: Request } },
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
  async ({ req: { raw } }, next) => {
    if (checkout.owns(new URL(raw.url).pathname)) return checkout.fetch(raw)
    await next()
    return undefined
  }
