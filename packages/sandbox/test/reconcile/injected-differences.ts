import { columnNames, kindNames, writeCsvRow } from '@sspay/gateway/tools'
import type { DifferenceClass } from '../../src/reconcile/compare.ts'

type CsvRow = readonly (string | number)[]

interface ReportRow {
  readonly kind: keyof typeof kindNames
  readonly amount: number
  /** Of the order, from 0. */
  readonly payment?: number
  readonly refund?: number
}

interface OrderRow {
  readonly amount: number
  readonly state: string
  readonly refunded?: number
}

/** Both sides of one order. */
interface Sides {
  readonly here: readonly OrderRow[]
  readonly there: readonly ReportRow[]
}

interface InjectedSides extends Sides {
  readonly class: DifferenceClass
}

const approval = { kind: 'approval', amount: 10_000 } as const
const paid = { amount: 10_000, state: '결제완료' } as const
const unpaid = { amount: 10_000, state: '결제대기' } as const
const refund = (amount: number, number = 0) => ({ kind: 'refund', amount, refund: number }) as const

/** Orders on which both sides agree, most of them paid. */
const rightCases: readonly Sides[] = [
  ...Array.from({ length: 20 }, () => ({ here: [paid], there: [approval] })),
  { here: [{ amount: 10_000, state: '취소' }], there: [approval, refund(10_000)] },
  { here: [{ ...paid, state: '부분취소', refunded: 3_000 }], there: [approval, refund(1_000, 1), refund(2_000, 2)] },
  { here: [{ ...paid, refunded: 10_000 }], there: [approval, refund(10_000)] },
  { here: [unpaid], there: [] },
  { here: [unpaid], there: [approval, refund(10_000)] },
  { here: [unpaid], there: [{ kind: 'reversal', amount: 10_000 }] },
  { here: [unpaid], there: [{ kind: 'indeterminate', amount: 10_000 }] },
  // Paid twice, and one of them refunded.
  { here: [paid], there: [approval, refund(10_000), { ...approval, payment: 1 }] },
  {
    here: [paid],
    there: [
      { kind: 'reversal', amount: 10_000 },
      { ...approval, payment: 1 },
    ],
  },
  // Approved before the day of the report.
  { here: [{ ...paid, state: '취소' }], there: [refund(10_000)] },
  { here: [{ ...paid, state: '부분취소', refunded: 900 }], there: [refund(400, 1), refund(500, 2)] },
]

const wrongCases: readonly InjectedSides[] = [
  { class: 'missingThere', here: [paid], there: [] },
  { class: 'missingThere', here: [{ ...paid, state: '취소' }], there: [] },
  { class: 'missingHere', here: [], there: [approval] },
  { class: 'missingHere', here: [], there: [approval, refund(10_000)] },
  { class: 'missingHere', here: [], there: [refund(500, 1)] },
  { class: 'amount', here: [paid], there: [{ ...approval, amount: 10_010 }] },
  { class: 'amount', here: [{ ...paid, state: '취소' }], there: [{ ...approval, amount: 9_990 }, refund(9_990)] },
  { class: 'refund', here: [paid], there: [approval, refund(1_000, 1)] },
  { class: 'refund', here: [{ ...paid, state: '취소' }], there: [approval] },
  { class: 'refund', here: [{ ...paid, state: '부분취소', refunded: 400 }], there: [approval, refund(500, 1)] },
  { class: 'refund', here: [{ ...paid, state: '취소' }], there: [refund(9_000, 1)] },
  { class: 'doubled', here: [paid, paid], there: [approval] },
  { class: 'doubled', here: [paid], there: [approval, { ...approval, payment: 1 }] },
  { class: 'state', here: [unpaid], there: [approval] },
  { class: 'state', here: [unpaid], there: [approval, refund(400, 1)] },
  { class: 'state', here: [paid], there: [{ kind: 'reversal', amount: 10_000 }] },
  { class: 'state', here: [paid], there: [{ kind: 'indeterminate', amount: 10_000 }] },
]

export const injectedCases = wrongCases.length

const idOf = (order: number, payment = 0): string =>
  `ssptest01m0101261201${String(order * 10 + payment).padStart(10, '0')}`

const reportRow = (orderId: string, order: number, { kind, amount, payment, refund: part }: ReportRow): CsvRow => {
  const id = idOf(order, payment)
  const isPart = part !== undefined && part > 0
  return [kindNames[kind], isPart ? idOf(order, 4 + part) : id, part === undefined ? '' : id, orderId, amount]
}

export interface Injected {
  readonly orders: string
  readonly report: string
  /** `class order` of each injected difference. */
  readonly differences: ReadonlySet<string>
}

/** The export of a shop and the report of its payment service, with so many differences of every class in turn. */
export function injectDifferences(options: { readonly orders: number; readonly differences: number }): Injected {
  const stride = Math.floor(options.orders / options.differences)
  const differences = new Set<string>()
  const orders: CsvRow[] = [['주문번호', '금액', '취소금액', '상태']]
  const entries: CsvRow[] = []
  for (let order = 0; order < options.orders; order++) {
    // What begins with a hyphen gets an apostrophe.
    const orderId = `${order % 50 === 0 ? '-' : ''}order-${order}`
    const wrong = order % stride === stride - 1 ? wrongCases[differences.size % wrongCases.length] : undefined
    if (wrong !== undefined) differences.add(`${wrong.class} ${orderId}`)
    const { here, there } = wrong ?? rightCases[order % rightCases.length] ?? { here: [], there: [] }
    for (const { amount, state, refunded } of here) orders.push([orderId, amount, refunded ?? '', state])
    entries.push(...there.map((row) => reportRow(orderId, order, row)))
  }
  const { kind, transactionId, amount } = columnNames
  const sequence = Object.values(kindNames)
  // Sorted by kind, as the report is.
  const sorted = entries.toSorted(([one], [other]) => sequence.indexOf(String(one)) - sequence.indexOf(String(other)))
  const head = [kind, transactionId, '원거래번호', '주문번호', amount]
  return { orders: textOf(orders), report: textOf([head, ...sorted]), differences }
}

const textOf = (rows: readonly CsvRow[]): string => rows.map(writeCsvRow).join('')

/** What a reconciliation reported, in the words of {@link Injected}. */
export function foundIn(json: string): ReadonlySet<string> {
  const { differences } = JSON.parse(json) as {
    readonly differences: readonly { readonly class: string; readonly orderId: string }[]
  }
  return new Set(differences.map(({ class: name, orderId }) => `${name} ${orderId}`))
}
