import {
  columnNames,
  type EntryKind,
  entryKinds,
  kindNames,
  readAmount,
  readColumns,
  readCsvRows,
  UnreadableFileError,
  wrongValue,
} from '@sspay/gateway/tools'
import { one, readOrderId } from './read-orders.ts'

/** One row of the payment service's report of a day. */
export interface ReportEntry {
  readonly kind: EntryKind
  /** Of a partial refund its own. */
  readonly transactionId: string
  /** Of a refund: the payment. */
  readonly paymentId: string
  readonly orderId: string
  /** Whole won, never negative. */
  readonly amount: number
}

/**
 * Reads the CSV or JSON of `sspay-gateway report`. Its charset need not be named: the Korean names of its columns are
 * never valid in both.
 *
 * @throws UnreadableFileError for a file that is no such report
 */
export async function readReport(name: string, bytes: Uint8Array): Promise<readonly ReportEntry[]> {
  const text = decode(bytes)
  try {
    return text.startsWith('{') ? readJson(text) : await readCsv(text)
  } catch (cause) {
    if (!(cause instanceof UnreadableFileError)) throw cause
    const { ko, en } = cause.text
    throw new UnreadableFileError({ ko: `${name}: ${ko}`, en: `${name}: ${en}` }, { cause })
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('euc-kr').decode(bytes)
  }
}

const kindOf = new Map(entryKinds.map((kind) => [kindNames[kind], kind]))

const columns = { ...columnNames, originalTransactionId: '원거래번호', orderId: '주문번호' } as const

async function readCsv(text: string): Promise<readonly ReportEntry[]> {
  const entries: ReportEntry[] = []
  const { time: _time, ...read } = columns
  for await (const { line, cells } of readColumns(readCsvRows(one(text), ','), read)) {
    const kind = kindOf.get(cells.kind)
    if (kind === undefined) throw wrongValue(line, cells.kind, notReport)
    const { transactionId, originalTransactionId } = cells
    entries.push({
      kind,
      transactionId,
      paymentId: originalTransactionId || transactionId,
      orderId: readOrderId(line, cells.orderId),
      amount: readAmount(line, cells.amount),
    })
  }
  return entries
}

const notReport = {
  ko: 'sspay-gateway report의 CSV나 JSON이 아닙니다. --totals 없이 만드세요.',
  en: 'It is neither CSV nor JSON of sspay-gateway report; write it without --totals.',
}

type Written = Partial<Record<'kind' | 'transactionId' | 'originalTransactionId' | 'orderId' | 'amount', unknown>>

function readJson(text: string): readonly ReportEntry[] {
  const { entries } = parse(text)
  if (!Array.isArray(entries)) throw new UnreadableFileError(notReport)
  return entries.map((entry: Written, index) => {
    const { kind, transactionId, originalTransactionId = transactionId, orderId, amount } = entry
    const known = entryKinds.find((name) => name === kind)
    if (known === undefined || !Number.isSafeInteger(amount)) throw new UnreadableFileError(notReport)
    return {
      kind: known,
      transactionId: String(transactionId),
      paymentId: String(originalTransactionId),
      orderId: readOrderId(index + 2, String(orderId)),
      amount: Number(amount),
    }
  })
}

function parse(text: string): { readonly entries?: unknown } {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnreadableFileError(notReport, { cause })
  }
}
