import type { ResultReason } from '@sspay/protocol'
import { issueBillKeyIn } from '../bill-keys/issue.ts'
import { type IssuedKey, writeAborted, writeIssued, writeNotIssued } from '../bill-keys/write-result.ts'
import { bindMember } from '../members/join.ts'
import { acceptedKeys } from '../merchants/keys.ts'
import type { Transaction } from '../storage/storage.ts'
import { findCard } from '../vault/store.ts'
import { findChosenCard } from './authenticate-buyer.ts'
import { findMismatchOfMember } from './compare-identity.ts'
import type { Submission, WindowChange, WindowContext, WindowSession } from './model.ts'
import type { Registration, RegistrationEnding } from './registration.ts'
import { endRegistration } from './session.ts'

/** Issues the bill key for the chosen card, and ends the window, in one transaction. */
export async function submitRegistration(
  { window, session, form }: Submission,
  { request }: Registration,
): Promise<WindowChange> {
  const { member, merchant, payment, sessionHash } = session
  const chosen = findChosenCard(session, form)
  if ('change' in chosen) return chosen.change
  if (member === undefined) return {}
  const { memberId } = member
  const mismatch = await findMismatchOfMember(window, session, memberId)
  if (mismatch !== undefined) return mismatch

  const { cardId, issuerCode } = chosen.card
  const { merchantId } = merchant
  const { transactionId } = payment
  const found = await findCard(window, { memberId, cardId })
  await found.use((clearCard) =>
    endRegistration(window, sessionHash, async (transaction) => {
      const issued = await issue(transaction, window, { session, memberId, cardId })
      if (typeof issued !== 'string') {
        const { reason } = issued
        window.log.warn('bill_key_request_rejected', { reason, merchantId, transactionId })
        return { outcome: 'rejected', reason, fields: writeNotIssued(merchantId, request, reason) }
      }
      const result: IssuedKey = { billKey: issued, transactionId, clearCard, issuerCode }
      window.log.info('bill_key_issued', { merchantId, transactionId })
      const [key = ''] = acceptedKeys(merchant, window.runtime.now())
      return { outcome: 'issued', fields: writeIssued({ merchantId, key }, request, result) }
    }),
  )
  return {}
}

interface Issued {
  readonly session: WindowSession
  readonly memberId: string
  readonly cardId: string
}

/** The bill key. A new member is bound to the customer with it, as by an approved payment. */
async function issue(
  transaction: Transaction,
  window: WindowContext,
  { session: { merchant, payment }, memberId, cardId }: Issued,
): Promise<string | { readonly reason: ResultReason }> {
  const { merchantId, billKeys: policy } = merchant
  if (policy === undefined) return { reason: 'bill_keys_off' }
  if ((await bindMember(transaction, memberId)) === 'taken') return { reason: 'member_unknown' }
  const { orderId } = payment
  const issued = await issueBillKeyIn(transaction, window, { merchantId, policy, orderId, memberId, cardId })
  return issued.ok ? issued.billKey : issued
}

/** The buyer leaves the window. */
export const abortRegistration = (
  { window, session: { merchant, sessionHash } }: Submission,
  { request }: Registration,
): Promise<void> => endRegistration(window, sessionHash, async () => abortedEnding(merchant, request))

const abortedEnding = (merchant: WindowSession['merchant'], request: Registration['request']): RegistrationEnding => ({
  outcome: 'aborted',
  fields: writeAborted(merchant, request),
})
