import type { RunOrder } from './simulate-run.ts'

/**
 * Runs that exposed a fault, real or injected, in few payments. The short size plays a third of them in turn, the
 * others play them all: without a fault they must end well, and together they expose each of the injected bugs. A seed
 * that breaks an invariant is added here and stays.
 */
export const keptSeeds: readonly RunOrder[] = [
  { seed: 'intent.96', payments: 20, intensity: 'heavy' },
  { seed: 'seq.37', payments: 20, intensity: 'heavy' },
  { seed: 'kept.1', payments: 10, intensity: 'heavy' },
  { seed: 'seq.4', payments: 20, intensity: 'heavy' },
  { seed: 'slow.105', payments: 20, intensity: 'heavy' },
  { seed: 'day.53', payments: 20, intensity: 'heavy' },
  { seed: 'day.22', payments: 20, intensity: 'heavy' },
  { seed: 'day.6', payments: 20, intensity: 'heavy' },
  { seed: 'kept.3', payments: 20, intensity: 'heavy' },
  { seed: 'kept.0', payments: 10, intensity: 'heavy' },
  { seed: 'kept.4', payments: 10, intensity: 'heavy' },
  { seed: 'kept.2', payments: 10, intensity: 'heavy' },
]
