import type { AuthorizeRequest, DeclineReason } from '@sspay/gateway'
import { findIssuer } from '@sspay/gateway/tools'
import { findCardCompany } from '@sspay/protocol'
import type { NetworkDecision } from './model.ts'
import { findTestCard } from './scenarios.ts'

const maxInstallmentMonths = 12

/**
 * The issuer's decision: the scenario of a test card first, then the rules of every issuer. `earlier`: how many charges
 * of the card the issuer has decided before.
 */
export function decide(request: AuthorizeRequest, now: Date, earlier: number): NetworkDecision {
  const issuer = findIssuer(request.cardNumber)
  const { behaviour, declines } = findTestCard(request.cardNumber) ?? {}
  if (typeof behaviour === 'object') return declined(behaviour.decline)
  if (declines !== undefined && earlier % declines.outOf >= declines.approved) return declined(declines.reason)
  if (issuer === undefined) return declined('card_number_invalid')
  if (isExpired(request, now)) return declined('card_expired')
  if (request.installmentMonths > 0 && issuer.cardKind === 'check') return declined('installment_unsupported')
  if (request.installmentMonths > maxInstallmentMonths) return declined('installment_months_invalid')
  return {
    outcome: 'approved',
    issuerCode: issuer.issuerCode,
    acquirerCode: findCardCompany(issuer.issuerCode)?.acquirerCode ?? issuer.issuerCode,
    cardKind: issuer.cardKind,
  }
}

const declined = (reason: DeclineReason): NetworkDecision => ({ outcome: 'declined', reason })

/** A card is valid until the end of its month, Korean time. */
export function isExpired(
  { expiryYear, expiryMonth }: Pick<AuthorizeRequest, 'expiryYear' | 'expiryMonth'>,
  now: Date,
): boolean {
  const month = String(expiryMonth).padStart(2, '0')
  const lastMonth = new Date(`${expiryYear}-${month}-01T00:00:00+09:00`)
  return new Date(lastMonth).setUTCMonth(lastMonth.getUTCMonth() + 1) <= now.getTime()
}
