import type { BillKeyRegistrationRequest, ResultReason } from '@sspay/protocol'
import type { CardNetwork, CardOwner } from '../card-network/port.ts'
import type { Context } from '../context.ts'
import { bindMember, join } from '../members/join.ts'
import { type Member, unverifiedScope } from '../members/model.ts'
import { findMember, findMemberIdentity } from '../members/store.ts'
import type { BillKeyPolicy } from '../merchants/bill-key-policy.ts'
import type { Merchant } from '../merchants/model.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { isForeignIssuer } from '../vault/issuers.ts'
import { readCard, registerCard } from '../vault/register-card.ts'
import type { CardAttempts } from './card-attempts.ts'
import { issueBillKey } from './issue.ts'
import type { IssuedKey } from './write-result.ts'

export interface RegistrationContext extends Context {
  readonly cardNetwork: CardNetwork
  readonly cardAttempts: CardAttempts
}

export interface Registration {
  readonly merchant: Merchant
  readonly policy: BillKeyPolicy
  readonly request: BillKeyRegistrationRequest
  readonly transactionId: string
}

const rejected = (reason: ResultReason) => ({ reason })

/**
 * Issues a bill key for a card that the shop has asked for itself. The card's issuer confirms its owner; a member whose
 * identity was verified registers cards of that person only. A customer who is no member yet becomes one without an
 * identity, where the policy asks for none.
 */
export async function registerBillKey(
  context: RegistrationContext,
  registration: Registration,
): Promise<IssuedKey | { readonly reason: ResultReason }> {
  const { merchant, policy, request, transactionId } = registration
  const read = readCard(cardOf(request), context.runtime.now())
  if (!read.ok) return rejected(read.reason === 'issuer_unknown' ? 'bill_key_card_foreign' : read.reason)
  const { clearCard, issuer } = read
  if (isForeignIssuer(issuer.issuerCode)) return rejected('bill_key_card_foreign')

  const known = await findMemberOf(context, merchant, request.customerId)
  if (known === undefined && policy.identity === 'phone') return rejected('member_unknown')
  const reason = await reasonAgainstOwner(context, registration, known, clearCard)
  if (reason !== undefined) return rejected(reason)

  const member = known ?? (await joinUnverified(context, registration))
  if (member === undefined) return rejected('member_unknown')
  const card = await registerCard(context, { memberId: member.memberId, ...clearCard })
  if (!card.ok) return rejected('bill_key_card_not_added')
  const { memberId, cardId } = card.card
  const { merchantId } = merchant
  const issued = await issueBillKey(context, { merchantId, policy, memberId, cardId, orderId: request.orderId ?? '' })
  if (!issued.ok) return issued
  context.log.info('bill_key_issued', { merchantId, transactionId })
  return { billKey: issued.billKey, transactionId, clearCard, issuerCode: issuer.issuerCode }
}

const cardOf = ({ cardNumber, cardExpiry }: BillKeyRegistrationRequest) => ({
  cardNumber,
  expiryMonth: Number(cardExpiry.slice(2)),
  expiryYear: Number(cardExpiry.slice(0, 2)),
})

const findMemberOf = async (context: Context, merchant: Merchant, customerId: string): Promise<Member | undefined> =>
  (await findMember(context, { easyPayMerchantId: merchant.easyPayMerchantId, customerId })) ??
  findMember(context, { easyPayMerchantId: unverifiedScope(merchant), customerId })

/** Undefined when the card is the member's. */
async function reasonAgainstOwner(
  context: RegistrationContext,
  { merchant, request }: Registration,
  member: Member | undefined,
  clearCard: ReturnType<typeof cardOf>,
): Promise<ResultReason | undefined> {
  const { birthDateOrBusinessNumber: given, cardPasswordPrefix: passwordFirstTwo, customerId } = request
  const isCorporate = request.cardOwnerKind === '1'
  if (given.length !== (isCorporate ? 10 : 6)) return 'bill_key_card_unverified'
  const identity = member && (await findMemberIdentity(context, member.memberId))
  if (identity !== undefined && !isCorporate && identity.birthDate.slice(2) !== given) return 'bill_key_card_unverified'

  const { merchantId, easyPayMerchantId } = merchant
  const card = context.keyRing.fingerprint(clearCard.cardNumber, 'card-failures')
  const attempt = context.cardAttempts.begin({ customer: `${merchantId} ${customerId}`, card })
  if (!attempt.ok) return 'overloaded'
  const owner: CardOwner = isCorporate ? { businessNumber: given } : { ownerBirthDate: given }
  const verified = await context.cardNetwork.verifyCard({ ...clearCard, ...owner, passwordFirstTwo })
  if (verified.outcome !== 'rejected') attempt.undo()
  if (verified.outcome === 'verified') return undefined
  if (verified.outcome === 'unreachable') return 'overloaded'
  const { reason } = verified
  recordSecurityEvent(context, {
    ...{ name: 'card_verification_rejected', reason, merchantId },
    member: { easyPayMerchantId, customerId },
  })
  return 'bill_key_card_unverified'
}

/** Only the shop vouches for the customer, so the member is this merchant's alone. */
async function joinUnverified(
  context: Context,
  { merchant, request: { customerId }, transactionId }: Registration,
): Promise<Member | undefined> {
  const { easyPayMerchantId, merchantId } = merchant
  const customer = { easyPayMerchantId, merchantId, customerId, transactionId, identityVerification: 'off' } as const
  const { member } = await join(context, customer, undefined)
  await context.storage.transact((transaction) => bindMember(transaction, member.memberId))
  return findMemberOf(context, merchant, customerId)
}
