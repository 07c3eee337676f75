import type { BillKeyRegistrationRequest, ResultReason } from '@sspay/protocol'
import { createRateLimit, takeFromEach } from '../admission/rate-limit.ts'
import type { ApprovalContext } from '../approval/record-outcome.ts'
import type { CardOwner } from '../card-network/port.ts'
import type { Context } from '../context.ts'
import { registeredScope, unverifiedScope } from '../members/model.ts'
import { findMember, findMemberIdentity, insertRegistered } from '../members/store.ts'
import type { BillKeyPolicy } from '../merchants/bill-key-policy.ts'
import type { Merchant } from '../merchants/model.ts'
import { randomHex } from '../runtime.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { perStorage } from '../storage/batching.ts'
import type { BillKey } from '../vault/bill-keys/model.ts'
import { billKeysOfOrder } from '../vault/bill-keys/store.ts'
import { isForeignIssuer } from '../vault/issuers.ts'
import { type ReadCard, readCard, registerCard } from '../vault/register-card.ts'
import { deleteCard } from '../vault/store.ts'
import { issueBillKey } from './issue.ts'

export type Registration =
  | { readonly ok: true; readonly key: BillKey }
  | { readonly ok: false; readonly reason: ResultReason }

interface Wanted {
  readonly merchant: Merchant
  readonly policy: BillKeyPolicy
  readonly request: BillKeyRegistrationRequest
}

const reject = (reason: ResultReason): Registration => ({ ok: false, reason })

/** Issues a bill key for a card that the shop sends itself. The issuer is asked whether it belongs to its owner. */
export async function registerBillKey(gateway: ApprovalContext, wanted: Wanted): Promise<Registration> {
  const { cardNumber, cardExpiry } = wanted.request
  const expiry = { expiryYear: Number(cardExpiry.slice(0, 2)), expiryMonth: Number(cardExpiry.slice(2)) }
  const read = readCard({ cardNumber, ...expiry }, gateway.runtime.now())
  if (!read.ok) return reject(read.reason === 'issuer_unknown' ? 'card_number_invalid' : read.reason)
  if (isForeignIssuer(read.issuer.issuerCode)) return reject('bill_key_card_foreign')
  const reason = await verifyOwner(gateway, wanted, read)
  return reason === undefined ? issueFor(gateway, wanted, read) : reject(reason)
}

type RightCard = Extract<ReadCard, { readonly ok: true }>

/** Two digits of a card password are a hundred guesses, so a customer has few a day, and so has a card. */
const failuresOf = perStorage(({ runtime, settings }: Pick<Context, 'storage' | 'runtime' | 'settings'>) => {
  const { limits } = settings
  const mostKeys = limits.mostRememberedKeys
  return {
    perCustomer: createRateLimit(runtime, { ...limits.cardFailuresPerMember, mostKeys }),
    perCard: createRateLimit(runtime, { ...limits.cardFailuresPerCard, mostKeys }),
  }
})

/** Undefined when the issuer confirms the owner. */
async function verifyOwner(
  gateway: ApprovalContext,
  { merchant, request }: Wanted,
  { clearCard }: RightCard,
): Promise<ResultReason | undefined> {
  const { birthDateOrBusinessNumber: given, customerId, cardPasswordPrefix: passwordFirstTwo } = request
  const { merchantId, easyPayMerchantId } = merchant
  const member = await findMember(gateway, { easyPayMerchantId, customerId })
  const identity = member && (await findMemberIdentity(gateway, member.memberId))
  // As in the window: nobody registers another person's card in a verified member's name.
  if (identity !== undefined && given.length === 6 && given !== identity.birthDate.slice(2))
    return 'bill_key_card_unverified'

  const { perCustomer, perCard } = failuresOf(gateway)
  const buckets = [
    [perCustomer, `${merchantId} ${customerId}`],
    [perCard, gateway.keyRing.fingerprint(clearCard.cardNumber, 'card-failures')],
  ] as const
  if (!takeFromEach(buckets).ok) return 'overloaded'
  const owner: CardOwner = given.length === 6 ? { ownerBirthDate: given } : { businessNumber: given }
  const verified = await gateway.cardNetwork.verifyCard({ ...clearCard, ...owner, passwordFirstTwo })
  if (verified.outcome !== 'rejected') for (const [limit, key] of buckets) limit.putBack(key)
  if (verified.outcome === 'verified') return undefined
  if (verified.outcome === 'unreachable') return 'overloaded'
  const { reason } = verified
  recordSecurityEvent(gateway, { name: 'card_verification_rejected', reason, member: request, merchantId })
  return 'bill_key_card_unverified'
}

async function issueFor(
  gateway: ApprovalContext,
  { merchant, policy, request }: Wanted,
  { clearCard }: RightCard,
): Promise<Registration> {
  const { merchantId } = merchant
  const { orderId = '' } = request
  const memberId = await findHolder(gateway, merchant, request.customerId)
  const put = await registerCard(gateway, { memberId, ...clearCard })
  if (!put.ok) return reject('bill_key_card_not_added')
  const { cardId } = put.card
  const issuedAt = gateway.runtime.now()
  const issued = await gateway.storage.transact(async (transaction) => {
    const store = { storage: transaction }
    const before = orderId === '' ? [] : await billKeysOfOrder(store, { merchantId, orderId })
    // A repeat of the shop after a lost answer is no second registration.
    const known = before.find((key) => key.state === 'active' && key.cardId === cardId)
    if (known !== undefined) return { ok: true, key: known } as const
    return issueBillKey(transaction, gateway, { policy, merchantId, orderId, memberId, cardId, issuedAt })
  })
  if (!issued.ok && put.outcome === 'added') await deleteCard(gateway, { memberId, cardId })
  return issued
}

/** The customer's member, else one that exists for cards that the shop registers. */
async function findHolder(gateway: Context, merchant: Merchant, customerId: string): Promise<string> {
  const scopes = [merchant.easyPayMerchantId, unverifiedScope(merchant)]
  for (const easyPayMerchantId of scopes) {
    const member = await findMember(gateway, { easyPayMerchantId, customerId })
    if (member !== undefined) return member.memberId
  }
  const scope = registeredScope(merchant)
  const memberId = randomHex(gateway.runtime, 16)
  const at = gateway.runtime.now()
  return gateway.storage.transact(async (transaction) => {
    await insertRegistered({ transaction, keyRing: gateway.keyRing }, { memberId, scope, customerId, at })
    const holder = await findMember({ storage: transaction }, { easyPayMerchantId: scope, customerId })
    return holder?.memberId ?? memberId
  })
}
