import { expireForgotten } from './expire.ts'
import type { ApprovalContext } from './record-outcome.ts'
import { resolveUnresolved } from './resolve.ts'

/** Resolves and expires now, and again `everyMs` after each round has ended. The returned function stops it and waits for the round. */
export function startUpkeep(gateway: ApprovalContext, everyMs: number): () => Promise<void> {
  let isStopped = false
  let cancelNext = (): void => {}
  let round = Promise.resolve()

  const run = (): void => {
    round = oneRound(gateway).then(() => {
      if (!isStopped) cancelNext = gateway.runtime.schedule(everyMs, run)
    })
  }
  run()

  return () => {
    isStopped = true
    cancelNext()
    return round
  }
}

async function oneRound(gateway: ApprovalContext): Promise<void> {
  try {
    await resolveUnresolved(gateway)
    await expireForgotten(gateway)
  } catch (cause) {
    gateway.log.error('upkeep_failed', { cause })
  }
}
