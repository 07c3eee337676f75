import type { Checkout } from '../checkout/checkout.ts'

/** What Hono 4 takes as middleware. */
export type CheckoutMiddleware = (
  context: { readonly req: { readonly raw: Request } },
  next: () => Promise<void>,
) => Promise<Response | undefined>

/**
 * The checkout for Hono: `app.use(honoCheckout(checkout))`. It knows its own path, so it is mounted without one, and before the session of the
 * shop: a new session cookie on the way back would replace the buyer's. Other addresses are handed on.
 */
export const honoCheckout =
  (checkout: Checkout): CheckoutMiddleware =>
  async ({ req: { raw } }, next) => {
    if (checkout.owns(new URL(raw.url).pathname)) return checkout.fetch(raw)
    await next()
    return undefined
  }
