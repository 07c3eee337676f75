import type { ServerResponse } from 'node:http'
import type { Checkout } from '../checkout/checkout.ts'
import { answerNodeRequest, type NodeRequest, pathnameOf } from './node-request.ts'

export type { NodeRequest }

/** Middleware of Express 4 and 5. */
export type CheckoutMiddleware = (
  request: NodeRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Mounts a checkout in Express. Mount it without a path, before the body parsers and the session of the shop: otherwise
 * a new session cookie would replace the buyer's on the cross-site return. Other addresses are passed to `next`.
 *
 * @returns The middleware: `app.use(expressCheckout(checkout))`.
 */
export function expressCheckout(checkout: Checkout): CheckoutMiddleware {
  return (request, response, next) => {
    if (!checkout.owns(pathnameOf(request))) return next()
    answerNodeRequest(checkout, request, response).catch(next)
  }
}
