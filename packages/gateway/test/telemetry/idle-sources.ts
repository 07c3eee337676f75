import type { GaugeSources } from '../../src/telemetry/gauges.ts'

const idle = { count: 0, oldestSeconds: 0 }

/** Of a gateway that has nothing to do. */
export const idleSources: GaugeSources = {
  backlog: async () => ({ payments: idle, cancellations: idle, notifications: idle }),
  load: () => ({ used: 0, most: 10, waiting: 0 }),
  limitOf: () => 64,
  machine: {
    now: () => new Date(),
    certificates: () => ({ window: undefined, 'card-network': undefined, identity: undefined }),
    dataFolder: undefined,
  },
}
