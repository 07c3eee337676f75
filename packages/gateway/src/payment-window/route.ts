import { Hono } from 'hono'
import type { Context } from '../context.ts'
import type { IdentityVerifier } from '../identity/port.ts'

export interface PaymentWindowContext extends Context {
  readonly identityVerifier: IdentityVerifier
  readonly windowScript: string
}

export const paymentWindowRoutes = (_gateway: PaymentWindowContext): Hono => new Hono()
