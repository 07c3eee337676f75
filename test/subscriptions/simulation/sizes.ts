import { bySize } from '../../support/proof-size.ts'
import type { BillingOrder } from './simulate-billing.ts'

export const shortOrder = { subscriptions: 20, cycles: 6, faultRate: 0.2 } as const satisfies Partial<BillingOrder>

export const orderBySize = bySize<Omit<BillingOrder, 'seed'>>({
  short: shortOrder,
  medium: { subscriptions: 100, cycles: 12, faultRate: 0.05 },
  thorough: { subscriptions: 250, cycles: 36 },
})
