import { hash } from 'node:crypto'
import { signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import type { KeyRing } from '../keyring.ts'
import { randomHex } from '../runtime.ts'
import { type Authentication, hasPassed, type Payment } from './model.ts'
import { findPayment } from './store.ts'
import { transitionPayment } from './transition.ts'
import type { PaymentState } from './transitions.ts'

/** Permission to approve a payment once. */
export interface ApprovalTicket {
  readonly transactionId: string
  readonly approvalTicket: string
}

const randomLength = 16

/**
 * 64 lower-case hexadecimal characters: 128 random bits, so that a plain hash cannot be reversed, and a MAC of them and
 * the transaction id, so that a forged ticket is rejected without a query.
 */
export function newApprovalTicket(
  { runtime, keyRing }: Pick<Context, 'runtime' | 'keyRing'>,
  transactionId: string,
): string {
  const random = randomHex(runtime, randomLength)
  return random + keyRing.fingerprint(macInput(transactionId, random), purpose).slice(0, 2 * randomLength)
}

/** Whether the MAC is of a root key of this gateway; the ticket may be spent or expired. */
export function isOwnTicket(keyRing: KeyRing, { transactionId, approvalTicket }: ApprovalTicket): boolean {
  const random = approvalTicket.slice(0, 2 * randomLength)
  const mac = approvalTicket.slice(2 * randomLength)
  return keyRing
    .fingerprints(macInput(transactionId, random), purpose)
    .some((known) => signatureMatches(mac, known.slice(0, 2 * randomLength)))
}

const purpose = 'approval-ticket'

const macInput = (transactionId: string, random: string): string => `${transactionId} ${random}`

const hashTicket = (approvalTicket: string): string => hash('sha256', approvalTicket, 'hex')

export const ticketMatches = ({ ticketHash = '' }: Payment, approvalTicket: string): boolean =>
  signatureMatches(hashTicket(approvalTicket), ticketHash)

export type AuthenticationRecord =
  | { readonly ok: true; readonly approvalTicket: string }
  | { readonly ok: false; readonly state: PaymentState | 'unknown' }

/** The buyer has authenticated: stores the hash of the approval ticket. */
export async function recordAuthentication(
  context: Context,
  transactionId: string,
  authentication: Authentication,
  approvalTicket = newApprovalTicket(context, transactionId),
): Promise<AuthenticationRecord> {
  const { runtime, settings } = context
  const payment = await findPayment(context, transactionId)
  const at = runtime.now()
  if (payment?.state === 'requested' && hasPassed(payment.windowExpiresAt, at)) return { ok: false, state: 'expired' }

  const head = await transitionPayment(context, {
    transactionId,
    from: 'requested',
    event: 'buyerAuthenticated',
    at,
    changes: {
      ...authentication,
      ticketHash: hashTicket(approvalTicket),
      ticketExpiresAt: new Date(at.getTime() + settings.ticketLifeMs),
    },
  })
  if (head !== undefined) return { ok: true, approvalTicket }
  return { ok: false, state: (await findPayment(context, transactionId))?.state ?? 'unknown' }
}
