import type { Checkout } from '../checkout/checkout.ts'
import { type CheckoutMiddleware, expressCheckout } from './express.ts'

/**
 * The checkout for NestJS, on Express or Fastify: `app.use(nestCheckout(app.get(CHECKOUT)))` in `main.ts`, before `app.listen`. There it stands
 * before Nest's body parsers. As middleware of a module (`consumer.apply(nestCheckout(checkout)).forRoutes('*path')`) it stands behind them: it
 * needs `NestFactory.create(AppModule, { rawBody: true })`, and notices (재통보) in UTF-8, because the parsers refuse EUC-KR with 415.
 */
export const nestCheckout = (checkout: Checkout): CheckoutMiddleware => expressCheckout(checkout)
