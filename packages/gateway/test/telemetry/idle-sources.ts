import type { GaugeSources } from '../../src/telemetry/gauges.ts'

/** Of a gateway that has nothing to do. */
export const idleSources: GaugeSources = {
  backlog: async () => ({
    indeterminatePayments: 0,
    oldestIndeterminateMs: 0,
    openCancellations: 0,
    oldestCancellationMs: 0,
    pendingNotifications: 0,
    oldestNotificationMs: 0,
  }),
  load: () => ({ used: 0, most: 10, waiting: 0 }),
  limitOf: () => 64,
}
