import type { CardRejection, Runtime, VerifyCardRequest } from '@sspay/gateway'
import { findIssuer } from '@sspay/gateway/tools'
import { isExpired } from './decide.ts'
import { findTestCard } from './scenarios.ts'

/** Wrong for every card. */
const wrongPassword = '00'

/**
 * Verifies the owner of a card: the rule of a test card first; any other card belongs to any person with a birth date.
 */
export function verifyCard(
  { now }: Pick<Runtime, 'now'>,
  { verificationId, ...request }: VerifyCardRequest & { readonly verificationId: string },
) {
  const reason = findRejection(request, now())
  return reason === undefined
    ? { verificationId, outcome: 'verified' }
    : { verificationId, outcome: 'rejected', reason }
}

function findRejection(request: VerifyCardRequest, now: Date): CardRejection | undefined {
  const { registration = 'anyone' } = findTestCard(request.cardNumber) ?? {}
  if (typeof registration === 'object' && 'reject' in registration) return registration.reject
  if (findIssuer(request.cardNumber) === undefined || isExpired(request, now)) return 'issuer_declined'
  if (!isOwner(request, registration)) return 'owner_mismatch'
  return request.passwordFirstTwo === wrongPassword ? 'password_wrong' : undefined
}

function isOwner(request: VerifyCardRequest, registration: 'anyone' | 'silent' | { readonly owner: string }): boolean {
  const given = 'businessNumber' in request ? request.businessNumber : request.ownerBirthDate
  return typeof registration === 'object' ? given === registration.owner : !('businessNumber' in request)
}
