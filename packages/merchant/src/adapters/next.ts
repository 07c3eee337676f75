import type { Checkout } from '../checkout/checkout.ts'
import { requestAt } from '../checkout/request-at.ts'

/** Route handlers of Next.js 13 and later. */
export interface CheckoutHandlers {
  readonly GET: (request: Request) => Promise<Response>
  readonly POST: (request: Request) => Promise<Response>
}

/**
 * Makes the route handlers of a checkout for Next.js, in `app/pay/[step]/route.ts` if the checkout's `url` ends in
 * `/pay`:
 *
 * `export const { GET, POST } = nextCheckout(() => openCheckout())`
 *
 * With `basePath: '/store'` the file stays there, and `url` ends in `/store/pay`. With `trailingSlash: true` also set
 * `skipTrailingSlashRedirect: true`: notifications follow no redirect.
 *
 * Keep the route on the Node.js runtime. On a platform without a permanent process, let a scheduler call `/pay/recover`
 * with `recoveryKey`.
 *
 * @param open - Creates the checkout. Called by the first request, because a build loads the file without the
 * environment variables of the server, and again if it threw.
 * @returns `GET` and `POST`.
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
  const answer = async (request: Request): Promise<Response> => {
    const checkout = await openOnce()
    return checkout.fetch(atPublicPath(checkout, request))
  }
  return { GET: answer, POST: answer }
}

/** Next.js has routed the request to this file, and has cut its `basePath` from the path. */
function atPublicPath(checkout: Checkout, request: Request): Request {
  const { origin, pathname, search } = new URL(request.url)
  const [, folder = '', step = ''] = /^(.*)(\/[^/]+\/?)$/.exec(pathname) ?? []
  if (checkout.owns(pathname) || !checkout.path.endsWith(folder)) return request
  const publicPath = `${checkout.path}${step}`
  try {
    return requestAt(request, `${origin}${publicPath}${search}`)
  } catch (error) {
    checkout.reportError(publicPath, error)
    throw error
  }
}
