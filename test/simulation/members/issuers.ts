import type { AuthorizeOutcome, CardNetwork } from '@sspay/gateway'
import type { VerifyCardRequest } from '../../../packages/gateway/src/card-network/port.ts'
import type { Person } from './people.ts'

export interface Issued {
  /** Each card with the person whose it is. */
  readonly owners: ReadonlyMap<string, Person>
  onCharge(charge: { readonly transactionId: string; readonly cardNumber: string }): void
  onCardRejected(): void
  now(): Date
}

/** The card network: every card has one owner, and every authorization is approved once. */
export function createIssuers({ owners, onCharge, onCardRejected, now }: Issued): CardNetwork {
  const charged = new Set<string>()
  const approval = (): Extract<AuthorizeOutcome, { outcome: 'approved' }> => ({
    outcome: 'approved',
    approvalNumber: '30000001',
    approvedAt: now(),
    issuerCode: '06',
    acquirerCode: '06',
    cardKind: 'credit' as const,
  })

  return {
    async authorize({ transactionId, cardNumber }) {
      if (!charged.has(transactionId)) onCharge({ transactionId, cardNumber })
      charged.add(transactionId)
      return approval()
    },
    inquire: async ({ transactionId }) => (charged.has(transactionId) ? approval() : { outcome: 'unknown_to_network' }),
    reverse: async () => ({ outcome: 'reversed' }),
    cancel: async () => ({ outcome: 'cancelled', cancelledAt: now() }),
    async verifyCard(proof) {
      const reason = findObjection(owners.get(proof.cardNumber), proof)
      if (reason === undefined) return { outcome: 'verified' }
      onCardRejected()
      return { outcome: 'rejected', reason }
    },
  }
}

function findObjection(owner: Person | undefined, proof: VerifyCardRequest) {
  if (owner === undefined) return 'issuer_declined'
  if (!('ownerBirthDate' in proof) || owner.birthDate !== proof.ownerBirthDate) return 'owner_mismatch'
  return owner.card.passwordFirstTwo === proof.passwordFirstTwo ? undefined : 'password_wrong'
}
