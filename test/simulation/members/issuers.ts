import type { AuthorizeOutcome, CardNetwork } from '@sspay/gateway'
import type { Person } from './people.ts'

/** What the gateway asks before it registers a card: whose it is. */
interface CardProof {
  readonly cardNumber: string
  readonly passwordFirstTwo: string
  /** yyMMdd; absent where a company is the owner. */
  readonly ownerBirthDate?: string
}

type CardVerdict =
  | { readonly outcome: 'verified' }
  | { readonly outcome: 'rejected'; readonly reason: 'owner_mismatch' | 'password_wrong' | 'issuer_declined' }

export interface Issuers extends CardNetwork {
  verifyCard(proof: CardProof): Promise<CardVerdict>
}

export interface Issued {
  /** Each card with the person whose it is. */
  readonly owners: ReadonlyMap<string, Person>
  onCharge(charge: { readonly transactionId: string; readonly cardNumber: string }): void
  onCardRejected(): void
  now(): Date
}

/** The card network: every card has one owner, and every authorization is approved once. */
export function createIssuers({ owners, onCharge, onCardRejected, now }: Issued): Issuers {
  const charged = new Set<string>()
  const approval = (): Extract<AuthorizeOutcome, { outcome: 'approved' }> => ({
    outcome: 'approved',
    approvalNumber: '30000001',
    approvedAt: now(),
    ...{ issuerCode: '06', acquirerCode: '06', cardKind: 'credit' as const },
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

function findObjection(owner: Person | undefined, proof: CardProof) {
  if (owner === undefined) return 'issuer_declined'
  if (owner.birthDate !== proof.ownerBirthDate) return 'owner_mismatch'
  return owner.card.passwordFirstTwo === proof.passwordFirstTwo ? undefined : 'password_wrong'
}
