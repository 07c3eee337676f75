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
 * One that throws is called again with the next request.
 * Leave the route on the Node.js runtime. On a platform where no process stays, let its scheduler call `/pay/recover` with `recoveryKey`.
 */
export function nextCheckout(open: () => Checkout | Promise<Checkout>): CheckoutHandlers {
  let opened: Promise<Checkout> | undefined
  const openOnce = async (): Promise<Checkout> => {
    opened ??= Promise.resolve().then(open)
    try {
      return await opened
    } catch (error) {
      opened = undefined
      throw error
    }
  }
  const answer = async (request: Request): Promise<Response> => (await openOnce()).fetch(request)
  return { GET: answer, POST: answer }
}
