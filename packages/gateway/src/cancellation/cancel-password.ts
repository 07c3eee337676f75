import { signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { countPasswordAttempt, merchantsWithAttempts, resetPasswordAttempts } from './store.ts'

const mostWrongAttempts = 5

export type PasswordCheck =
  | { readonly outcome: 'matches' | 'locked' }
  | { readonly outcome: 'wrong'; readonly attemptsLeft: number }

/**
 * `locked` after five wrong passwords in a row, across processes and restarts; the right one is rejected too then. The
 * attempt is counted before the comparison, in the same transaction, so that concurrent guesses all count and right
 * passwords never lock the merchant.
 */
export function checkCancelPassword(
  { storage }: Pick<Context, 'storage'>,
  { merchantId, cancelPassword }: Merchant,
  given: string,
): Promise<PasswordCheck> {
  return storage.transact(async (transaction) => {
    const attempts = await countPasswordAttempt(transaction, merchantId, mostWrongAttempts)
    if (attempts === undefined) return { outcome: 'locked' }
    if (!signatureMatches(given, cancelPassword.expose()))
      return { outcome: 'wrong', attemptsLeft: mostWrongAttempts - attempts }
    await resetPasswordAttempts(transaction, merchantId)
    return { outcome: 'matches' }
  })
}

/** The merchants that cannot refund until {@link unlockCancelling}. */
export const lockedMerchants = (context: Pick<Context, 'storage'>): Promise<readonly string[]> =>
  merchantsWithAttempts(context, mostWrongAttempts)

/** For the operator, after the shop has ruled out an attack. False when no attempt was wrong. */
export const unlockCancelling = ({ storage }: Pick<Context, 'storage'>, merchantId: string): Promise<boolean> =>
  storage.transact(async (transaction) => (await resetPasswordAttempts(transaction, merchantId)) > 0)
