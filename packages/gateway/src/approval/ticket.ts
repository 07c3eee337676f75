import { createHash, timingSafeEqual } from 'node:crypto'
import { type Runtime, randomHex } from '../runtime.ts'
import type { Payment } from './model.ts'

/** 64 lower-case hexadecimal characters: 256 random bits, so a plain hash of them cannot be guessed back. */
export const newApprovalTicket = (runtime: Runtime): string => randomHex(runtime, 32)

export const hashTicket = (approvalTicket: string): string => createHash('sha256').update(approvalTicket).digest('hex')

export function ticketMatches(payment: Payment, approvalTicket: string): boolean {
  const given = Buffer.from(hashTicket(approvalTicket), 'hex')
  const known = Buffer.from(payment.ticketHash ?? '', 'hex')
  return given.length === known.length && timingSafeEqual(given, known)
}
