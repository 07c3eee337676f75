import type { GaugeSources } from '../../src/telemetry/gauges.ts'

/** Of a gateway that has nothing to do. */
export const idleSources: GaugeSources = {
  backlog: async () => ({
    ...{ undecidedPayments: 0, oldestUndecidedMs: 0, openCancellations: 0 },
    ...{ oldestCancellationMs: 0, waitingNotices: 0, oldestNoticeMs: 0 },
  }),
  load: () => ({ used: 0, most: 10, waiting: 0 }),
  limitOf: () => 64,
}
