import type { CancelOutcome } from './cancel-outcome.ts'

/** Asks for a refund when those before it are answered. */
export type RefundInTurn = (ask: () => Promise<CancelOutcome>) => Promise<CancelOutcome>

/**
 * The refunds of one recovery run: one at a time, at any concurrency. A wrong cancel password counts towards the lock of the merchant also
 * when its answer is lost, so after no answer, or one about the password, the others of the run get the same outcome and are not sent.
 */
export function createRefundTurns(): RefundInTurn {
  let last: Promise<unknown> = Promise.resolve()
  let stopped: CancelOutcome | undefined
  return (ask) => {
    const turn = last.then(async () => {
      const outcome = stopped ?? (await ask())
      if (stopsOthers(outcome)) stopped = outcome
      return outcome
    })
    last = turn.catch(() => {})
    return turn
  }
}

function stopsOthers(outcome: CancelOutcome): boolean {
  switch (outcome.outcome) {
    case 'cancelled':
      return false
    case 'rejected':
      return outcome.reason === 'cancel_password_wrong' || outcome.reason === 'cancel_password_locked'
    case 'unknown':
      return ['unreachable', 'interrupted', 'timeout', 'unreadable_answer'].includes(outcome.cause)
  }
}
