import {
  approvalRequest,
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyRegistrationRequest,
  cancelRequest,
  describeProblem,
  type FieldProblem,
  type FieldTable,
  memberDeletionRequest,
  paymentRequest,
  readMessage,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { findZoneMistake, textOf, wireTimestamp } from '@sspay/protocol/internal'
import { outcomeOf } from './call-outcome.ts'
import { fieldText, loggedTables } from './field-tables.ts'
import { maskFields, plainText } from './mask-fields.ts'
import type {
  CallDirection,
  CallExplanation,
  CallKind,
  CallProblem,
  CallResult,
  CallWarning,
  CapturedCall,
  RecordedCall,
} from './model.ts'

const callsOut: readonly CallKind[] = ['return', 'abort', 'bill-key-result', 'card-network', 'identity', 'notification']

const directionOf = (kind: CallKind): CallDirection => (callsOut.includes(kind) ? 'out' : 'in')

/** Masks a call: the result may be stored and shown. */
export function describeCall(call: CapturedCall): Omit<RecordedCall, 'id'> {
  const { kind, notes } = call
  const tables = loggedTables[kind]
  const fields = call.fields()
  const answer = call.answer()
  const outcome = outcomeOf(call, answer)
  return {
    startedAt: call.startedAt,
    direction: directionOf(kind),
    kind,
    ...outcome,
    ...referencesOf(call, [
      [tables.request, fields],
      [tables.encrypted ?? {}, notes.encrypted ?? {}],
      [tables.answer, answer],
    ]),
    durationMs: call.durationMs,
    method: plainText(call.method, 12),
    address: plainText(call.address, 200),
    origin: call.origin === undefined ? undefined : plainText(call.origin, 120),
    detail: detailOf(call),
    status: call.status,
    contentType: call.contentType === undefined ? undefined : plainText(call.contentType, 80),
    charset: call.charset,
    request: maskFields(tables.request, fields),
    ...(notes.encrypted === undefined ? {} : { encrypted: maskFields(tables.encrypted ?? {}, notes.encrypted) }),
    answer: maskFields(tables.answer, answer),
    problems: problemsOf(call, fields, outcome.code),
    explanation: notes.explanation && boundedExplanation(notes.explanation),
    warnings: warningsOf(call, fields, outcome.result),
  }
}

function warningsOf(call: CapturedCall, fields: WireText, result: CallResult): readonly CallWarning[] {
  const { kind, notes, isFromBrowser = false } = call
  const note = textOf(paymentRequest, fields, 'merchantNote')
  const requestedAt = wireTimestamp.read(textOf(paymentRequest, fields, 'requestedAt'))
  const isOpened = kind === 'window' && result === 'ok'
  const isGiven: Readonly<Record<CallWarning, boolean>> = {
    merchant_key_leaked: (kind === 'window' || kind === 'bill-key-window') && holdsMerchantKey(fields),
    fields_ignored: (notes.ignored ?? []).length > 0,
    merchant_note_missing: isOpened && note === '',
    merchant_note_not_base64: isOpened && !isBase64(note),
    request_time_utc: isOpened && requestedAt !== undefined && findZoneMistake(requestedAt, call.startedAt) === 'utc',
    called_from_browser: isFromBrowser && readTables[kind] !== undefined,
  }
  return (Object.keys(isGiven) as CallWarning[]).filter((warning) => isGiven[warning])
}

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)

/** Some shops post their key with the form. It is ignored, never stored, never logged. */
export const holdsMerchantKey = (fields: WireText): boolean =>
  Object.keys(fields).some((name) => name.toLowerCase() === 'merchantkey')

type Message = readonly [table: (typeof loggedTables)[CallKind]['request'], fields: WireText]

/** The merchant, payment and order: from the notes of its route, otherwise from its own fields. */
function referencesOf({ notes }: CapturedCall, messages: readonly Message[]) {
  const sent = (name: string): string | undefined =>
    messages
      .map(([table, fields]) => fieldText(table, fields, name))
      .find((value) => value !== undefined && value !== '')
  const transactionId = idOf(notes.transactionId ?? sent('transactionId'), /^[A-Za-z0-9]{1,30}$/)
  const orderId = sent('orderId')
  return {
    merchantId: idOf(notes.merchantId ?? sent('merchantId') ?? transactionId?.slice(0, 10), /^[A-Za-z0-9]{1,10}$/),
    transactionId,
    orderId: orderId === undefined ? undefined : plainText(orderId, 100),
  }
}

const idOf = (text: string | undefined, shape: RegExp): string | undefined =>
  text !== undefined && shape.test(text) ? plainText(text) : undefined

function detailOf({ kind, notes }: CapturedCall): string | undefined {
  if (kind === 'not-offered') return notes.service
  if (kind === 'step') return notes.step === undefined ? undefined : plainText(notes.step.name, 40)
  return notes.handOver?.kind === kind ? notes.handOver.by : undefined
}

const readTables: Partial<Record<CallKind, FieldTable>> = {
  approval: approvalRequest,
  inquiry: approvalRequest,
  cancellation: cancelRequest,
  'member-deletion': memberDeletionRequest,
  'bill-key-registration': billKeyRegistrationRequest,
  'bill-key-payment': billKeyChargeRequest,
  'bill-key-deletion': billKeyDeletionRequest,
}

function problemsOf(call: CapturedCall, fields: WireText, code: string | undefined): readonly CallProblem[] {
  const { kind, notes } = call
  const isAboutForm = code === resultCodes.field_invalid.code
  if (notes.problems !== undefined) return notes.problems.map(isAboutForm ? describeRule : describeComparison)
  if (notes.ignored !== undefined) return notes.ignored.map(describeRule)
  const table = readTables[kind]
  if (table === undefined || !isAboutForm) return []
  const read = readMessage(table, notes.encrypted ?? fields)
  return read.ok ? [] : read.problems.map(describeRule)
}

const describeRule = (problem: FieldProblem): CallProblem => ({
  field: problem.field,
  rule: problem.rule,
  ...describeProblem(problem),
})

const describeComparison = ({ field, label }: FieldProblem): CallProblem => ({
  field,
  rule: 'compare',
  ko: `확인할 값: ${label}(${field})`,
  en: `Look at ${field} (${label})`,
})

const boundedExplanation = ({ words, mistakes, joined }: CallExplanation): CallExplanation => ({
  words: { ko: plainText(words.ko, 600), en: plainText(words.en, 600) },
  mistakes: mistakes.slice(0, 10).map((mistake) => plainText(mistake, 60)),
  ...(joined === undefined ? {} : { joined: plainText(joined) }),
})
