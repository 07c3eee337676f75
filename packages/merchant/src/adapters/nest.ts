import type { Checkout } from '../checkout/checkout.ts'
import { type CheckoutMiddleware, expressCheckout } from './express.ts'

/**
 * The checkout for NestJS, on Express or Fastify: `app.use(nestCheckout(app.get(CHECKOUT)))` in `main.ts`, before `app.listen`. There it stands
 * before Nest's body parsers. As middleware of a module (`consumer.apply(nestCheckout(checkout)).forRoutes('*path')`) it needs
 * `NestFactory.create(AppModule, { rawBody: true })`.
 */
export const nestCheckout = (checkout: Checkout): CheckoutMiddleware => expressCheckout(checkout)
