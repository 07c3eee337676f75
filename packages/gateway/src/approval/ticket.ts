import { hash } from 'node:crypto'
import { signatureMatches } from '@sspay/protocol/signature'
import type { KeyRing } from '../keyring.ts'
import { type Runtime, randomHex } from '../runtime.ts'
import type { Payment } from './model.ts'

export interface ApprovalTicket {
  readonly transactionId: string
  readonly approvalTicket: string
}

const randomLength = 16

/**
 * 64 lower-case hexadecimal characters: 128 random bits, so that a plain hash of them cannot be guessed back, and a MAC of them and the transaction
 * id, so that an invented ticket is known without asking the database.
 */
export function newApprovalTicket(
  { runtime, keyRing }: { readonly runtime: Runtime; readonly keyRing: KeyRing },
  transactionId: string,
): string {
  const random = randomHex(runtime, randomLength)
  return random + keyRing.fingerprint(textOf(transactionId, random), purpose).slice(0, 2 * randomLength)
}

/** Whether this gateway, or one with the same root key, has made the ticket; it may be spent or expired. */
export function isOwnTicket(keyRing: KeyRing, { transactionId, approvalTicket }: ApprovalTicket): boolean {
  const random = approvalTicket.slice(0, 2 * randomLength)
  const mac = approvalTicket.slice(2 * randomLength)
  return keyRing
    .fingerprints(textOf(transactionId, random), purpose)
    .some((known) => signatureMatches(mac, known.slice(0, 2 * randomLength)))
}

const purpose = 'approval-ticket'

const textOf = (transactionId: string, random: string): string => `${transactionId} ${random}`

export const hashTicket = (approvalTicket: string): string => hash('sha256', approvalTicket, 'hex')

export const ticketMatches = ({ ticketHash = '' }: Payment, approvalTicket: string): boolean =>
  signatureMatches(hashTicket(approvalTicket), ticketHash)
