import type { Checkout } from '../checkout/checkout.ts'
import { type CheckoutMiddleware, expressCheckout, type NodeRequest } from './express.ts'

export type { CheckoutMiddleware, NodeRequest }

/**
 * Mounts a checkout in NestJS, on Express or Fastify, in `main.ts` before `app.listen`, and so before Nest's body
 * parsers.
 *
 * As middleware of a module (`consumer.apply(nestCheckout(checkout)).forRoutes('*path')`) it runs after them: it then
 * needs `NestFactory.create(AppModule, { rawBody: true })`, and notifications (재통보) in UTF-8, because the parsers
 * reject EUC-KR with 415.
 *
 * @returns The middleware: `app.use(nestCheckout(app.get(CHECKOUT)))`.
 */
export const nestCheckout = (checkout: Checkout): CheckoutMiddleware => expressCheckout(checkout)
