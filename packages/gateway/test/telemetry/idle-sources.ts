import type { GaugeSources } from '../../src/telemetry/gauges.ts'

/** Of a gateway that has nothing to do. */
export const idleSources: GaugeSources = {
  backlog: async () => ({
    payments: 0,
    oldestPaymentSeconds: 0,
    cancellations: 0,
    oldestCancellationSeconds: 0,
    notifications: 0,
    oldestNotificationSeconds: 0,
  }),
  load: () => ({ used: 0, most: 10, waiting: 0 }),
  limitOf: () => 64,
}
