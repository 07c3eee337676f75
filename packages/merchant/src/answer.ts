import {
  type Field,
  type FieldTable,
  type LocalizedText,
  type Message,
  type ResultReason,
  readMessage,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { decodeText } from '@sspay/protocol/charset'
import type { Merchant } from './merchant.ts'
import type { TransportResult } from './transport.ts'

const maxAnswerBytes = 1_048_576

/**
 * No usable answer of the payment service. `unreachable` certainly did nothing; after the others the request may have
 * had its effect.
 */
export interface GatewayFailure {
  readonly cause: 'unreachable' | 'interrupted' | 'timeout' | 'unreadable_answer'
  readonly error?: unknown
}

type GatewayAnswer =
  | { readonly ok: true; readonly raw: WireText }
  | { readonly ok: false; readonly failure: GatewayFailure }

/** Posts one JSON message. Every API path answers HTTP 200 with a JSON object; anything else is unreadable. */
export async function askGateway(merchant: Merchant, url: string, message: WireText): Promise<GatewayAnswer> {
  const answer = await send(merchant, url, JSON.stringify(message))

  if (answer.outcome === 'too_large') return unreadable(`the answer has more than ${maxAnswerBytes} bytes`)
  if (answer.outcome !== 'answered') return { ok: false, failure: { cause: answer.outcome, error: answer.error } }
  if (answer.status !== 200) return unreadable(`the service answered HTTP ${answer.status}`)

  const raw = readJsonText(answer.body)
  return raw === undefined ? unreadable('the answer is not a JSON object') : { ok: true, raw }
}

/** A transport of the shop's own may reject, although it must not; the request may have been sent. */
async function send(
  { transport, connectTimeoutMs, readTimeoutMs }: Merchant,
  url: string,
  body: string,
): Promise<TransportResult> {
  try {
    return await transport({ url, body, connectTimeoutMs, readTimeoutMs, maxAnswerBytes })
  } catch (error) {
    return { outcome: 'interrupted', error }
  }
}

const unreadable = (message: string): GatewayAnswer => ({
  ok: false,
  failure: { cause: 'unreadable_answer', error: new Error(message) },
})

/** The text of a known reason, else the text of the answer. */
export function messageOf(reason: ResultReason | undefined, resultMessage = ''): LocalizedText {
  if (reason === undefined) return { ko: resultMessage, en: resultMessage }
  const { ko, en } = resultCodes[reason]
  return { ko, en }
}

/** A JSON object as wire text. Nested values stay JSON, so that unknown ones do not make the known ones unreadable. */
export function readJsonText(body: Uint8Array): WireText | undefined {
  const json = parseJson(readText(body))
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(json)) {
    if (value !== null) fields[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  return fields
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** UTF-8, with or without a byte order mark; else EUC-KR, which a payment request may ask for. */
function readText(body: Uint8Array): string {
  try {
    return utf8.decode(body)
  } catch {
    return decodeText(body, 'euc-kr')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The readable fields of an answer. */
export interface AnswerReading<Value> {
  readonly message: Partial<Value>
  /** Our names of fields that are present and invalid. */
  readonly broken: readonly string[]
}

/**
 * Reads an answer leniently: invalid fields are left out, because new values may appear at any time (guide, first
 * page).
 */
export function readAnswer<const Table extends FieldTable>(
  table: Table,
  wire: WireText,
): AnswerReading<Message<Table>> {
  const lenient = optionalTable(table)
  const read = readMessage(lenient, wire)
  if (read.ok) return { message: read.value as Partial<Message<Table>>, broken: [] }

  const broken = read.problems.map(({ field }) => field)
  const rest = readMessage(lenient, Object.fromEntries(Object.entries(wire).filter(([name]) => !broken.includes(name))))
  return {
    message: (rest.ok ? rest.value : {}) as Partial<Message<Table>>,
    broken: broken.map((wireName) => table[wireName]?.name ?? wireName),
  }
}

const optionalTables = new WeakMap<FieldTable, FieldTable>()

function optionalTable(table: FieldTable): FieldTable {
  const known = optionalTables.get(table)
  if (known !== undefined) return known
  const made = Object.fromEntries(
    Object.entries(table).map(([wireName, field]): [string, Field<string, unknown, boolean>] => [
      wireName,
      { ...field, required: false },
    ]),
  )
  optionalTables.set(table, made)
  return made
}
