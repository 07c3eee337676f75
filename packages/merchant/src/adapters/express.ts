import type { ServerResponse } from 'node:http'
import type { Checkout } from '../checkout/checkout.ts'
import { answerNodeRequest, type NodeRequest, pathnameOf } from './node-request.ts'

/** What Express 4 and 5 take as middleware. */
export type CheckoutMiddleware = (
  request: NodeRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * The checkout for Express: `app.use(expressCheckout(checkout))`. It knows its own path, so it is mounted without one, and before the body
 * parsers and the session of the shop: a new session cookie on the way back would replace the buyer's. Other addresses are handed on.
 */
export function expressCheckout(checkout: Checkout): CheckoutMiddleware {
  return (request, response, next) => {
    if (!checkout.owns(pathnameOf(request))) return next()
    answerNodeRequest(checkout, request, response).catch(next)
  }
}
