import {
  abortResult,
  type FieldProblem,
  type FieldRule,
  findCardCompany,
  type LocalizedText,
  type PaymentRequest,
  paymentMethods,
  paymentRequest,
  type ReadResult,
  type ResultReason,
  readMessage,
} from '@sspay/protocol'
import { firstUnwritable } from '@sspay/protocol/charset'
import {
  type AcceptedRequest,
  generalInPlaceRequest,
  generalLayerRequest,
  inPlaceRequest,
  layerRequest,
  problemOf,
  textOf,
  wireNameOf,
} from '@sspay/protocol/internal'
import { installmentMinimumAmount, isGeneral, partsAddUp } from '../approval/model.ts'
import type { Context } from '../context.ts'
import type { Explanation } from '../diagnosis.ts'
import { explainValues } from '../http/explain-value.ts'
import type { Form } from '../http/read-body.ts'
import { asksPhone } from '../identity/model.ts'
import { explainRule, explainUnknownMerchant } from '../merchants/explain-rule.ts'
import { signatureKeyOf } from '../merchants/keys.ts'
import { type Merchant, mayTakePayments } from '../merchants/model.ts'
import { findMerchant } from '../merchants/store.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { WindowContext } from './model.ts'

/** Why a request opens no window, with our names of the fields that decide it. */
const fieldsOfRejection = {
  field_invalid: [],
  merchant_unknown: ['merchantId'],
  signature_wrong: ['signature', 'requestedAt', 'merchantId', 'amount'],
  request_too_old: ['requestedAt'],
  request_in_future: ['requestedAt'],
  easy_pay_merchant_mismatch: ['easyPayMerchantId', 'merchantId'],
  amount_below_minimum: ['amount'],
  tax_split_wrong: ['taxableAmount', 'vatAmount', 'taxFreeAmount', 'amount'],
  issuer_not_selectable: ['issuerCode'],
  installment_below_minimum: ['installmentMonths', 'amount'],
  text_outside_charset: [],
  return_origin_not_allowed: [],
  page_origin_not_allowed: [],
  allowed_origins_missing: ['returnUrl', 'abortUrl'],
  merchant_unusable: ['merchantId'],
  general_payments_off: ['easyPayMerchantId', 'asksPopCard'],
  service_not_offered: ['paymentMethod'],
  // Of a form for a bill key, which names its own fields.
  checksum_wrong: [],
  bill_keys_off: [],
  body_unreadable: [],
  body_too_large: [],
  overloaded: [],
} as const satisfies Partial<Record<ResultReason, readonly (keyof PaymentRequest)[]>>

export type RequestRejection = keyof typeof fieldsOfRejection

export interface Rejected {
  readonly ok: false
  readonly reason: RequestRejection
  readonly problems: readonly FieldProblem[]
  /** The value that came, the limit and the cure; of a signature only in a sandbox. */
  readonly explanation?: Explanation | undefined
  readonly retryAfterMs?: number
  /** Known and not offered. */
  readonly service?: LocalizedText
}

interface ReadFields {
  readonly ok: true
  readonly request: AcceptedRequest
  /** What the guide requires and the form lacks, and what it has and is left out. */
  readonly ignored: readonly FieldProblem[]
}

type ReadRequest = (ReadFields & { readonly merchant: Merchant }) | Rejected

const fieldByName = new Map(
  Object.entries(paymentRequest).map(([wireName, field]) => [field.name, { wireName, field }]),
)

const problemAt = (name: string, rule: FieldRule): readonly FieldProblem[] => {
  const found = fieldByName.get(name as keyof PaymentRequest)
  return found === undefined ? [] : [problemOf(found.wireName, found.field, rule)]
}

const requiredNames = Object.values(paymentRequest).flatMap(({ name, required }) => (required ? [name] : []))

/** What only SS-Pay needs. */
const membershipNames: readonly string[] = ['easyPayMerchantId', 'asksPopCard', 'customerId']

const reject = (reason: RequestRejection, names: readonly string[] = fieldsOfRejection[reason]): Rejected => ({
  ok: false,
  reason,
  problems: names.flatMap((name) => problemAt(name, 'malformed')),
})

/**
 * Decides whether a shop's form opens a window, the cheapest check first. `listener`: origin of the page that asks to
 * frame the window and receive its messages.
 */
export async function readPaymentRequest(
  context: Context & Pick<WindowContext, 'sandboxBanner'>,
  form: Form,
  listener: string | undefined,
): Promise<ReadRequest> {
  const read = readFields(context, form, listener)
  if (!read.ok) return read
  const { request, ignored } = read

  const testMerchant = context.settings.isSandbox ? context.sandboxBanner : undefined
  const merchant = await findMerchant(context, request.merchantId)
  if (merchant === undefined)
    return { ...reject('merchant_unknown'), explanation: explainUnknownMerchant(request.merchantId, testMerchant) }
  if (signatureKeyOf(merchant, request, context.runtime.now()) === undefined) {
    const { merchantId } = request
    recordSecurityEvent(context, { name: 'signature_rejected', reason: 'signature_wrong', merchantId })
    return reject('signature_wrong')
  }
  const rejected = rejectMerchant(context, { request, merchant, listener })
  if (rejected !== undefined) return rejected

  const facts = { request, merchant, now: context.runtime.now(), testMerchant }
  const broken = brokenRule(facts)
  if (broken !== undefined) return { ...reject(broken), explanation: explainRule(broken, facts) }

  const unwritable = fieldsOutsideCharset(request)
  return unwritable.length > 0 ? reject('text_outside_charset', unwritable) : { ok: true, request, ignored, merchant }
}

interface SignedRequest {
  readonly request: AcceptedRequest
  readonly merchant: Merchant
  readonly now: Date
}

function brokenRule({ request, merchant, now }: SignedRequest): RequestRejection | undefined {
  const ageMs = now.getTime() - request.requestedAt.getTime()
  if (ageMs > merchant.requestMaxAgeMs) return 'request_too_old'
  if (-ageMs > merchant.requestMaxAheadMs) return 'request_in_future'
  if (!namesEasyPayOf(merchant, request)) return 'easy_pay_merchant_mismatch'
  if (request.amount < merchant.minimumAmount) return 'amount_below_minimum'
  const { taxableAmount, vatAmount, taxFreeAmount } = request
  if (!partsAddUp(request.amount, [taxableAmount, vatAmount, taxFreeAmount])) return 'tax_split_wrong'
  if (request.issuerCode !== undefined && !findCardCompany(request.issuerCode)?.isSelectable)
    return 'issuer_not_selectable'
  const isInstallment = (request.installmentMonths ?? 0) > 0
  return isInstallment && request.amount < installmentMinimumAmount ? 'installment_below_minimum' : undefined
}

/** A general card payment names no easy-pay merchant. */
const namesEasyPayOf = ({ easyPayMerchantId }: Merchant, request: AcceptedRequest): boolean =>
  isGeneral({ request }) || request.easyPayMerchantId === easyPayMerchantId

/**
 * Allowed origins limit where the window returns to, and which page may frame it; a merchant that compares the buyer's
 * phone has to send it.
 */
function rejectMerchant(
  { settings }: Context,
  { request, merchant, listener }: { request: AcceptedRequest; merchant: Merchant; listener: string | undefined },
): Rejected | undefined {
  if (!mayTakePayments(merchant)) return reject('merchant_unusable')
  const isWithoutMember = isGeneral({ request })
  if (isWithoutMember && !merchant.takesGeneralPayments) return reject('general_payments_off')
  if (!isWithoutMember && request.buyerPhone === undefined && asksPhone(merchant.identityMatch))
    return { ok: false, reason: 'field_invalid', problems: problemAt('buyerPhone', 'missing') }
  const { allowedOrigins } = merchant
  if (allowedOrigins.length === 0) return settings.isSandbox ? undefined : reject('allowed_origins_missing')
  if (listener !== undefined && !allowedOrigins.includes(listener)) return reject('page_origin_not_allowed')
  const foreign = addressesOf(request).flatMap(([name, { origin }]) => (allowedOrigins.includes(origin) ? [] : [name]))
  return foreign.length === 0 ? undefined : reject('return_origin_not_allowed', foreign)
}

/** The shop's addresses that the request names, parsed. */
const addressesOf = (request: AcceptedRequest): readonly (readonly [name: 'returnUrl' | 'abortUrl', address: URL])[] =>
  (['returnUrl', 'abortUrl'] as const).flatMap((name) => {
    const address = request[name]
    return address === undefined ? [] : [[name, new URL(address)] as const]
  })

/** Without SspMallId and PopCheck it is a general card payment; with one of them the other is missing (Q64). */
function readByTable(fields: Form['fields'], listener: string | undefined): ReadResult<AcceptedRequest> {
  const isInPlace = listener === undefined
  const named = [textOf(paymentRequest, fields, 'easyPayMerchantId'), textOf(paymentRequest, fields, 'asksPopCard')]
  if (named.every((text) => text.trim() === ''))
    return isInPlace ? readMessage(generalInPlaceRequest, fields) : readMessage(generalLayerRequest, fields)
  return isInPlace ? readMessage(inPlaceRequest, fields) : readMessage(layerRequest, fields)
}

const paymentMethodField = wireNameOf(paymentRequest, 'paymentMethod')

/**
 * A page around the window takes the result itself, so that the shop's addresses may be missing (Q60). Another method
 * of the real service is named as such before the fields that SS-Pay adds to it (Q65).
 */
function readFields(context: Context, { fields, repeated }: Form, listener: string | undefined): ReadFields | Rejected {
  const paymentMethod = fields[paymentMethodField] ?? ''
  if (paymentMethod !== 'CARD' && Object.hasOwn(paymentMethods, paymentMethod)) return reject('service_not_offered')
  const read = readByTable(fields, listener)
  const repeatedProblems = repeated.flatMap((wireName) => {
    const field = Object.hasOwn(paymentRequest, wireName) && paymentRequest[wireName as keyof typeof paymentRequest]
    return field ? [problemOf(wireName, field, 'repeated')] : []
  })
  const problems = [...(read.ok ? insecureUrls(context, read.value) : read.problems), ...repeatedProblems]
  if (!read.ok || problems.length > 0) {
    const explanation = explainValues(paymentRequest, fields, problems)
    return { ok: false, reason: 'field_invalid', problems, explanation }
  }
  const needed = isGeneral({ request: read.value })
    ? requiredNames.filter((name) => !membershipNames.includes(name))
    : requiredNames
  const missing = needed.filter((name) => read.value[name] === undefined)
  const named = new Set(read.ignored.map(({ field }) => field))
  const unnamed = missing.flatMap((name) => problemAt(name, 'missing')).filter(({ field }) => !named.has(field))
  return { ok: true, request: read.value, ignored: [...read.ignored, ...unnamed] }
}

/** Outside the sandbox the ticket and the buyer's fields need TLS. */
function insecureUrls({ settings }: Context, request: AcceptedRequest): readonly FieldProblem[] {
  if (settings.isSandbox) return []
  const names = addressesOf(request).flatMap(([name, { protocol }]) => (protocol === 'https:' ? [] : [name]))
  const hint = { ko: 'https:// 로 시작하는 전체 주소', en: 'a full address that starts with https://' }
  return names.flatMap((name) => problemAt(name, 'malformed')).map((problem) => ({ ...problem, hint }))
}

/** Fields that return to the shop and cannot be written in the charset it asked for. */
function fieldsOutsideCharset(request: AcceptedRequest): readonly string[] {
  const charset = request.answerCharset ?? 'utf-8'
  const values: Readonly<Record<string, unknown>> = request
  return Object.values(abortResult)
    .map(({ name }) => name)
    .filter((name) => firstUnwritable(String(values[name] ?? ''), charset) !== undefined)
}
