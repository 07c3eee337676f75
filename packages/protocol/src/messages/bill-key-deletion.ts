import { type Message, required } from '../field-table.ts'
import { oneOf } from '../formats.ts'
import { billKeyChargeRequest } from './bill-key-charge.ts'
import { memberDeletionRequest, memberDeletionResult } from './member-deletion.ts'

/** Public manual, 빌링연동(SS-Pay) (Q72): the JSON in the sealed envelope of ssbdel.do, which deletes one bill key. */
export const billKeyDeletionRequest = {
  ...memberDeletionRequest,
  ServiceType: required('serviceType', oneOf(2, 'CD'), '서비스 타입'),
  BillTokenKey: billKeyChargeRequest.BillTokenKey,
  EdiDate: billKeyChargeRequest.EdiDate,
} as const

/** The answer: plain JSON like that of a member's deletion. PD00 is success. */
export const billKeyDeletionResult = memberDeletionResult

/** The request that deletes one bill key, before encryption, in our names and types. */
export type BillKeyDeletionRequest = Message<typeof billKeyDeletionRequest>
/** The answer of a bill key's deletion in our names and types. */
export type BillKeyDeletionResult = Message<typeof billKeyDeletionResult>
