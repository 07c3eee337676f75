import { signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import type { Merchant } from '../merchants/model.ts'
import { countPasswordTry, forgetPasswordTries, merchantsWithTries } from './store.ts'

const mostWrongTries = 5

/**
 * `locked`: five wrong ones in a row, in any process and across restarts; then the right one is not even looked at. The try is
 * counted before it is compared, and both are one transaction, so that nobody guesses for free and right ones never lock each other.
 */
export function checkCancelPassword(
  { storage }: Pick<Context, 'storage'>,
  { merchantId, cancelPassword }: Merchant,
  given: string,
): Promise<'matches' | 'wrong' | 'locked'> {
  return storage.transact(async (transaction) => {
    const tries = await countPasswordTry(transaction, merchantId, mostWrongTries)
    if (tries === undefined) return 'locked'
    if (!signatureMatches(given, cancelPassword.expose())) return 'wrong'
    await forgetPasswordTries(transaction, merchantId)
    return 'matches'
  })
}

/** The merchants that cannot cancel until {@link unlockCancelling}. */
export const lockedMerchants = (context: Pick<Context, 'storage'>): Promise<readonly string[]> =>
  merchantsWithTries(context, mostWrongTries)

/** For the operator, once the shop has said that it was no attack. False when no try was wrong. */
export const unlockCancelling = ({ storage }: Pick<Context, 'storage'>, merchantId: string): Promise<boolean> =>
  storage.transact(async (transaction) => (await forgetPasswordTries(transaction, merchantId)) > 0)
