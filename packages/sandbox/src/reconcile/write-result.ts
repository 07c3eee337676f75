import type { LocalizedText } from '@sspay/protocol'
import { columns, wonText } from '../command-line/columns.ts'
import { type Difference, differenceClasses, type Here, type There } from './compare.ts'
import type { Order } from './read-orders.ts'
import type { ReportEntry } from './read-report.ts'

type Translate = (text: LocalizedText) => string

export const classNames: Readonly<Record<Difference['class'], LocalizedText>> = {
  missingThere: { ko: '상점에만 결제가 있음', en: 'paid in the shop only' },
  missingHere: { ko: '결제 서비스에만 있음', en: 'at the payment service only' },
  amount: { ko: '결제한 금액이 다름', en: 'other amounts paid' },
  refund: { ko: '취소한 금액이 다름', en: 'other amounts refunded' },
  doubled: { ko: '주문이 두 번 있거나 두 번 결제됨', en: 'an order that stands twice, or was paid twice' },
  state: {
    ko: '한쪽에서는 결제되지 않음',
    en: 'paid on one side only: unpaid, reversed or indeterminate on the other',
  },
}

export interface Summary {
  readonly counts: Readonly<Record<Difference['class'], number>>
  readonly here: Sums
  readonly there: Sums
  /** May still become a payment or a refund. */
  readonly indeterminate: number
}

/** Won. */
interface Sums {
  readonly payments: number
  readonly paid: number
  readonly refunded: number
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

export function summarize(
  orders: readonly Order[],
  entries: readonly ReportEntry[],
  differences: readonly Difference[],
): Summary {
  const counts = Object.fromEntries(
    differenceClasses.map((name) => [name, differences.filter((one) => one.class === name).length]),
  ) as Summary['counts']
  const paid = orders.filter(({ state }) => state !== 'unpaid')
  const amountsOf = (kind: ReportEntry['kind']) =>
    entries.filter((entry) => entry.kind === kind).map(({ amount }) => amount)
  const approvals = amountsOf('approval')
  return {
    counts,
    here: {
      payments: paid.length,
      paid: sumOf(paid.map(({ amount }) => amount)),
      refunded: sumOf(paid.map(({ amount, refunded }) => (refunded === 'all' ? amount : refunded))),
    },
    there: { payments: approvals.length, paid: sumOf(approvals), refunded: sumOf(amountsOf('refund')) },
    indeterminate: amountsOf('indeterminate').length,
  }
}

export function describe(differences: readonly Difference[], summary: Summary, t: Translate): string {
  const rows = differences.map(({ class: name, orderId, here, there }) => [
    name,
    orderId,
    here === undefined ? '' : t(describeHere(here)),
    there === undefined ? '' : t(describeThere(there)),
  ])
  const counted = differenceClasses
    .filter((name) => summary.counts[name] > 0)
    .map((name) => `  ${name} ${summary.counts[name]}: ${t(classNames[name])}\n`)
  const total =
    differences.length === 0
      ? { ko: '차이가 없습니다', en: 'no difference' }
      : { ko: `차이 ${differences.length}건`, en: `differences: ${differences.length}` }
  const sums = [
    [t({ ko: '상점', en: 'shop' }), ...describeSums(summary.here).map(t)],
    [t({ ko: '결제 서비스', en: 'payment service' }), ...describeSums(summary.there).map(t)],
  ]
  const left = {
    ko: `미확정 ${summary.indeterminate}건이 남아 있습니다. 확정된 뒤의 보고서로 다시 비교하세요`,
    en: `${summary.indeterminate} still indeterminate; compare again with a report from after they are known`,
  }
  const more = summary.indeterminate > 0 ? `  ${t(left)}\n` : ''
  return `${columns(rows)}${t(total)}\n${counted.join('')}${columns(sums)}${more}`
}

function describeHere({ line, state, amount, refunded }: Here): LocalizedText {
  const sides = describeAmounts(amount, refunded === 'all' ? amount : refunded)
  return { ko: `${line}번째 줄: ${state} ${sides.ko}`, en: `line ${line}: ${state} ${sides.en}` }
}

function describeThere({ state, transactionId, amount, refunded }: There): LocalizedText {
  const sides = describeAmounts(amount, refunded)
  return { ko: `${transactionId}: ${state} ${sides.ko}`, en: `${transactionId}: ${state} ${sides.en}` }
}

function describeAmounts(amount: number | undefined, refunded: number): LocalizedText {
  const back = wonText(refunded)
  if (amount === undefined) return { ko: `앞선 결제의 취소 ${back.ko}`, en: `${back.en} of an earlier payment` }
  const paid = wonText(amount)
  return refunded === 0 ? paid : { ko: `${paid.ko}, 취소 ${back.ko}`, en: `${paid.en}, refunded ${back.en}` }
}

function describeSums({ payments, paid, refunded }: Sums): readonly LocalizedText[] {
  const [total, back] = [wonText(paid), wonText(refunded)]
  return [
    { ko: `결제 ${payments}건`, en: `${payments} payments` },
    { ko: `결제 ${total.ko}`, en: `paid ${total.en}` },
    { ko: `취소 ${back.ko}`, en: `refunded ${back.en}` },
  ]
}
