import { createHmac, randomBytes } from 'node:crypto'
import type { CancelOutcome } from './cancel-outcome.ts'
import type { Merchant } from './merchant.ts'

/**
 * Five wrong cancel passwords lock the merchant's refunds, also those of staff with the right one. So a process
 * remembers which password the payment service called wrong and does not send it again, and serializes the calls with
 * one that was never accepted. It remembers an HMAC under a key that ends with the process, not the password.
 *
 * The key is made on first use: workerd forbids randomness while a module loads.
 */
let fingerprintKey: Uint8Array | undefined

interface Remembered {
  verdict: 'untried' | 'accepted' | 'wrong'
  last: Promise<unknown>
}

const remembered = new Map<string, Remembered>()

/** Undefined if the payment service has called the password wrong before: then nothing is sent. */
export async function withCancelPassword(
  merchant: Merchant,
  cancelPassword: string,
  ask: () => Promise<CancelOutcome>,
): Promise<CancelOutcome | undefined> {
  const known = recall(merchant, cancelPassword)
  if (known.verdict !== 'untried') return askNow(known, ask)
  const turn = known.last.then(() => askNow(known, ask))
  known.last = turn.catch(() => {})
  return turn
}

async function askNow(known: Remembered, ask: () => Promise<CancelOutcome>): Promise<CancelOutcome | undefined> {
  if (known.verdict === 'wrong') return undefined
  const outcome = await ask()
  if (isWrong(outcome)) known.verdict = 'wrong'
  else if (isAccepted(outcome)) known.verdict = 'accepted'
  return outcome
}

function recall({ merchantId, endpoints }: Merchant, cancelPassword: string): Remembered {
  fingerprintKey ??= randomBytes(32)
  const fingerprint = createHmac('sha256', fingerprintKey)
    .update(JSON.stringify([merchantId, endpoints.cancel, cancelPassword]))
    .digest('base64')
  const known = remembered.get(fingerprint) ?? { verdict: 'untried', last: Promise.resolve() }
  remembered.set(fingerprint, known)
  return known
}

const isWrong = (outcome: CancelOutcome): boolean =>
  outcome.outcome === 'rejected' && outcome.reason === 'cancel_password_wrong'

/** Answers that follow the check of the password. */
function isAccepted(outcome: CancelOutcome): boolean {
  if (outcome.outcome === 'unknown') return outcome.cause === 'unresolved'
  if (outcome.outcome === 'cancelled') return true
  return ['transaction_unknown', 'already_cancelled', 'cancel_exceeds_rest', 'partial_cancel_impossible'].includes(
    outcome.reason,
  )
}
