import type { Checkout } from '../checkout/checkout.ts'

/** The route handlers of Next.js 13 and later. */
export interface CheckoutHandlers {
  readonly GET: (request: Request) => Promise<Response>
  readonly POST: (request: Request) => Promise<Response>
}

/**
 * The checkout for Next.js, in `app/pay/[step]/route.ts` where the checkout's url ends in `/pay`:
 *
 * `export const { GET, POST } = nextCheckout(() => openCheckout())`
 *
 * The function is called with the first request and its result is kept, because a build loads the file without the environment of the server.
 * Leave the route on the Node.js runtime. On a platform where no process stays, let its scheduler call `/pay/recover` with `recoveryKey`.
 */
export function nextCheckout(open: () => Checkout | Promise<Checkout>): CheckoutHandlers {
  let opened: Promise<Checkout> | undefined
  const answer = async (request: Request): Promise<Response> => {
    opened ??= Promise.resolve().then(open)
    return (await opened).fetch(request)
  }
  return { GET: answer, POST: answer }
}
