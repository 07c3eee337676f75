import {
  describeProblem,
  type FieldTable,
  type Message,
  type ResultReason,
  readMessage,
  sealedEnvelope,
  type WireText,
} from '@sspay/protocol'
import type { Context } from '../context.ts'
import type { DiagnosedEnvelope } from '../diagnosis.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import type { BillKeyPolicy } from '../merchants/bill-key-policy.ts'
import { explainEncryptedRequest } from '../merchants/explain-rejection.ts'
import { type Merchant, mayTakePayments } from '../merchants/model.ts'
import { type OpenedEnvelope, openEnvelope } from '../merchants/open-envelope.ts'
import { noteCall, noteExplanation } from '../request-log/notes.ts'
import { recordSecurityEvent } from '../security-events/record.ts'

/** A call of a shop's server about bill keys that may be answered. */
export interface BillKeyCall<Table extends FieldTable> extends OpenedEnvelope {
  readonly policy: BillKeyPolicy
  readonly value: Message<Table>
}

export interface RejectedCall {
  readonly reason: ResultReason
  /** Message instead of the reason's. */
  readonly detail?: string | undefined
  readonly merchant?: Merchant | undefined
  /** The decrypted fields, as far as they were read. */
  readonly fields?: WireText
}

interface Named {
  readonly merchantId: string
  readonly easyPayMerchantId?: string | undefined
}

interface CallKind<Table extends FieldTable> {
  readonly name: DiagnosedEnvelope
  readonly table: Table
  /** Whether the checksum is right, over the fields as they travel. */
  readonly isSigned: (value: Message<Table>, fields: WireText) => boolean
}

/** Reads a call: the sealed envelope, its fields, and whether the merchant may use bill keys. */
export async function readBillKeyCall<Table extends FieldTable>(
  context: Context,
  request: Request,
  kind: CallKind<Table>,
): Promise<BillKeyCall<Table> | RejectedCall> {
  const body = await readJsonOrForm(request, context.settings.bodyLimitBytes)
  const read = body.ok
    ? await readEnvelope(context, request, body.fields, kind)
    : { reason: body.reason, detail: body.explanation?.words.ko }
  if (!('reason' in read)) return read
  reportRejection(context, read)
  const explanation = body.ok
    ? await explainEncryptedRequest(context, kind.name, body.fields, read.reason)
    : body.explanation
  noteExplanation(request, explanation)
  return read
}

/** Logs a rejected call; the shop's signature and encryption are security events. */
export function reportRejection(context: Context, { reason, merchant }: RejectedCall): void {
  const line = { reason, merchantId: merchant?.merchantId }
  context.log.warn('bill_key_call_rejected', line)
  if (reason === 'sealed_body_invalid' || reason === 'checksum_wrong')
    recordSecurityEvent(context, { name: 'signature_rejected', ...line })
}

async function readEnvelope<Table extends FieldTable>(
  context: Context,
  request: Request,
  given: WireText,
  { table, isSigned }: CallKind<Table>,
): Promise<BillKeyCall<Table> | RejectedCall> {
  const envelope = readMessage(sealedEnvelope, given)
  const opened = envelope.ok ? await openEnvelope(context, envelope.value) : undefined
  // One rejection for everything that cannot be decrypted.
  if (opened === undefined) return { reason: 'sealed_body_invalid' }
  const { merchant, fields } = opened
  noteCall(request, { merchantId: merchant.merchantId, encrypted: fields })

  const read = readMessage(table, fields)
  if (!read.ok) {
    const detail = read.problems.map((problem) => describeProblem(problem).ko).join(' ')
    return { reason: 'field_invalid', detail, merchant, fields }
  }
  const rejected = reasonAgainst(merchant, read.value as Message<Table> & Named)
  if (rejected !== undefined) return { reason: rejected, merchant, fields }
  if (!isSigned(read.value, fields)) return { reason: 'checksum_wrong', merchant, fields }
  return merchant.billKeys === undefined
    ? { reason: 'bill_keys_off', merchant, fields }
    : { ...opened, policy: merchant.billKeys, value: read.value }
}

function reasonAgainst(merchant: Merchant, named: Named): ResultReason | undefined {
  if (named.merchantId !== merchant.merchantId) return 'sealed_body_invalid'
  if (!mayTakePayments(merchant)) return 'merchant_unusable'
  const { easyPayMerchantId = merchant.easyPayMerchantId } = named
  return easyPayMerchantId === merchant.easyPayMerchantId ? undefined : 'easy_pay_merchant_mismatch'
}
