import {
  type BillKeyRequest,
  billKeyRequest,
  billKeyResult,
  type FieldProblem,
  type FieldRule,
  readMessage,
} from '@sspay/protocol'
import { firstUnwritable } from '@sspay/protocol/charset'
import { problemOf, textOf, wireNameOf } from '@sspay/protocol/internal'
import { billKeyRequestChecksum, signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import { explainValues } from '../http/explain-value.ts'
import type { Form } from '../http/read-body.ts'
import { asksName, asksPhone } from '../identity/model.ts'
import { type Merchant, mayTakePayments } from '../merchants/model.ts'
import { findMerchant } from '../merchants/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { Rejected, RequestRejection } from './read-request.ts'

type FieldName = keyof BillKeyRequest

/** With our names of the fields that decide it. */
interface Broken {
  readonly reason: RequestRejection
  readonly names: readonly FieldName[]
}

interface ReadRegistration {
  readonly ok: true
  readonly request: BillKeyRequest
  readonly merchant: Merchant
  readonly ignored: readonly FieldProblem[]
}

const problemAt = (name: FieldName, rule: FieldRule): FieldProblem => {
  const wireName = wireNameOf(billKeyRequest, name) as keyof typeof billKeyRequest
  return problemOf(wireName, billKeyRequest[wireName], rule)
}

const reject = ({ reason, names }: Broken): Rejected => ({
  ok: false,
  reason,
  problems: names.map((name) => problemAt(name, 'malformed')),
})

/** Decides whether a shop's form opens a window that issues a bill key, the cheapest check first. */
export async function readRegistration(context: Context, form: Form): Promise<ReadRegistration | Rejected> {
  const read = readFields(context, form)
  if (!read.ok) return read
  const { request, ignored } = read
  const { merchantId } = request
  if (!isChecksumRight(request, form)) {
    recordSecurityEvent(context, { name: 'signature_rejected', reason: 'checksum_wrong', merchantId })
    return reject({ reason: 'checksum_wrong', names: ['checksum', 'requestedAt', 'merchantId', 'orderId'] })
  }
  const merchant = await findMerchant(context, merchantId)
  if (merchant === undefined) return reject({ reason: 'merchant_unknown', names: ['merchantId'] })
  const broken = brokenRule(context, request, merchant)
  if (broken !== undefined) return reject(broken)
  const missing = buyerFieldsMissing(request, merchant)
  if (missing.length > 0)
    return { ok: false, reason: 'field_invalid', problems: missing.map((name) => problemAt(name, 'missing')) }
  return { ok: true, request, merchant, ignored }
}

function readFields(context: Context, { fields, repeated }: Form) {
  const read = readMessage(billKeyRequest, fields)
  const repeatedProblems = repeated.flatMap((wireName) =>
    Object.hasOwn(billKeyRequest, wireName)
      ? [problemOf(wireName, billKeyRequest[wireName as keyof typeof billKeyRequest], 'repeated')]
      : [],
  )
  const problems = [...(read.ok ? insecureUrl(context, read.value) : read.problems), ...repeatedProblems]
  if (read.ok && problems.length === 0) return { ok: true as const, request: read.value, ignored: read.ignored }
  const explanation = explainValues(billKeyRequest, fields, problems)
  return { ok: false as const, reason: 'field_invalid' as const, problems, explanation }
}

/** Outside the sandbox the result needs TLS. */
const insecureUrl = ({ settings }: Context, { returnUrl }: BillKeyRequest): readonly FieldProblem[] =>
  settings.isSandbox || new URL(returnUrl).protocol === 'https:'
    ? []
    : [
        {
          ...problemAt('returnUrl', 'malformed'),
          hint: { ko: 'https:// 로 시작하는 전체 주소', en: 'a full address that starts with https://' },
        },
      ]

const isChecksumRight = ({ checksum, merchantId, orderId }: BillKeyRequest, { fields }: Form): boolean => {
  const requestedAt = textOf(billKeyRequest, fields, 'requestedAt')
  return signatureMatches(checksum, billKeyRequestChecksum({ requestedAt, merchantId, orderId }))
}

function brokenRule({ settings, runtime }: Context, request: BillKeyRequest, merchant: Merchant): Broken | undefined {
  const { allowedOrigins, requestMaxAgeMs, requestMaxAheadMs } = merchant
  const ageMs = runtime.now().getTime() - request.requestedAt.getTime()
  if (!mayTakePayments(merchant)) return { reason: 'merchant_unusable', names: ['merchantId'] }
  if (merchant.billKeys === undefined) return { reason: 'bill_keys_off', names: ['merchantId'] }
  if (request.easyPayMerchantId !== merchant.easyPayMerchantId)
    return { reason: 'easy_pay_merchant_mismatch', names: ['easyPayMerchantId', 'merchantId'] }
  if (allowedOrigins.length === 0 && !settings.isSandbox)
    return { reason: 'allowed_origins_missing', names: ['returnUrl'] }
  if (allowedOrigins.length > 0 && !allowedOrigins.includes(new URL(request.returnUrl).origin))
    return { reason: 'return_origin_not_allowed', names: ['returnUrl'] }
  if (ageMs > requestMaxAgeMs) return { reason: 'request_too_old', names: ['requestedAt'] }
  if (-ageMs > requestMaxAheadMs) return { reason: 'request_in_future', names: ['requestedAt'] }
  const unwritable = fieldsOutsideCharset(request)
  return unwritable.length > 0 ? { reason: 'text_outside_charset', names: unwritable } : undefined
}

/** A merchant that compares the buyer with the verified identity has to send what it compares. */
function buyerFieldsMissing(request: BillKeyRequest, { billKeys, identityMatch }: Merchant): readonly FieldName[] {
  if (billKeys?.identity === 'off') return []
  const needed = [
    ...(asksName(identityMatch) ? (['buyerName'] as const) : []),
    ...(asksPhone(identityMatch) ? (['buyerPhone'] as const) : []),
  ]
  return needed.filter((name) => request[name] === undefined)
}

/** Fields that return to the shop and cannot be written in the charset it asked for. */
function fieldsOutsideCharset(request: BillKeyRequest): readonly FieldName[] {
  const charset = request.answerCharset ?? 'utf-8'
  const returned = new Set<string>(Object.values(billKeyResult).map(({ name }) => name))
  return (Object.keys(request) as FieldName[]).filter(
    (name) => returned.has(name) && firstUnwritable(String(request[name]), charset) !== undefined,
  )
}
