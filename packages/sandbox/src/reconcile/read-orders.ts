import { type FileCharset, type NamedRow, readAmount, readColumns, readCsvFile, wrongValue } from '@sspay/gateway/tools'
import { type OrderMapping, type OrderState, orderStates } from './mapping.ts'

/** One row of a shop's export. Amounts are won. */
export interface Order {
  readonly line: number
  readonly orderId: string
  readonly state: OrderState
  readonly amount: number
  /** `all`: the whole amount, whatever the payment service charged. */
  readonly refunded: number | 'all'
}

interface OrderFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly mapping: OrderMapping
  readonly charset: FileCharset
}

/** @throws UnreadableFileError with the line and value that cannot be read */
export async function* readOrders({ name, bytes, mapping, charset }: OrderFile): AsyncGenerator<Order> {
  const { delimiter, columns, kinds } = mapping
  const { orderId, amount, refunded, state } = columns
  const rows = readCsvFile(one(bytes), { name, charset, delimiter })
  for await (const row of readColumns(rows, { orderId, amount, refunded, state })) {
    if (state !== undefined && kinds.ignored.includes(row.cells.state)) continue
    yield readOrder(row, mapping)
  }
}

export async function* one<Value>(value: Value): AsyncGenerator<Value> {
  yield value
}

function readOrder({ line, cells }: NamedRow<keyof OrderMapping['columns']>, { columns, kinds }: OrderMapping): Order {
  const orderId = readOrderId(line, cells.orderId)
  const state = columns.state === undefined ? 'paid' : orderStates.find((name) => kinds[name].includes(cells.state))
  if (state === undefined)
    throw wrongValue(line, cells.state, {
      ko: '모르는 상태입니다. 대응표의 kinds에 적으세요. 건너뛸 줄이면 ignored에 적으세요.',
      en: 'It is an unknown state; name it in the kinds of the mapping, also to ignore it.',
    })
  return { line, orderId, state, amount: readAmount(line, cells.amount), refunded: readRefunded(line, state, cells) }
}

function readRefunded(line: number, state: OrderState, { refunded }: { readonly refunded: string }): number | 'all' {
  if (refunded !== '') return Math.abs(readAmount(line, refunded))
  if (state === 'partiallyRefunded')
    throw wrongValue(line, refunded, {
      ko: '부분취소한 주문에는 취소한 금액이 필요합니다.',
      en: 'An order that was refunded in part needs the refunded amount.',
    })
  return state === 'refunded' ? 'all' : 0
}

/** Spreadsheets write an apostrophe before what could be a formula. */
export function readOrderId(line: number, text: string): string {
  const orderId = text.replace(/^'(?=-)/, '')
  if (/^[A-Za-z0-9_-]{1,40}$/.test(orderId)) return orderId
  throw wrongValue(line, text, { ko: '주문번호가 아닙니다.', en: 'It is not an order id.' })
}
