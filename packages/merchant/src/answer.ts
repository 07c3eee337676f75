import { type Field, type FieldTable, type Message, readMessage, type WireText } from '@sspay/protocol'
import { decodeText } from '@sspay/protocol/charset'

/** A JSON object as wire text. Nested values are kept as their JSON: an unknown one must not spoil the known. */
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

/** UTF-8, with or without a byte order mark; else EUC-KR, which a payment request may have asked for. */
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

export interface AnswerReading<Value> {
  readonly message: Partial<Value>
  /** Our names of fields that broke their row. */
  readonly broken: readonly string[]
}

/** What can be read of an answer. A field that breaks its row is left out: values may be added without notice (guide, first page). */
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
