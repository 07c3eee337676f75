import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { koreanTime } from '@sspay/protocol/internal'
import { writeCsvRow } from '../../src/csv.ts'
import { type DifferenceClass, differenceClasses } from '../../src/reconciliation/compare.ts'
import type { Storage } from '../../src/storage/storage.ts'

export const reconciledDay = '2026-12-01'

const start = new Date(`${reconciledDay}T00:00:00+09:00`).getTime()
const dayMs = 24 * 60 * 60_000

/** What a made payment is, and what a correct file of its acquirer has of it. */
type Kind = 'approved' | 'refunded' | 'refundedInPart' | 'declined' | 'reversed' | 'reversedAtOnce' | 'otherDay'

interface MadePayment {
  readonly transactionId: string
  readonly number: number
  readonly kind: Kind
  readonly amount: number
  readonly at: number
}

interface FileLine {
  readonly kind: '승인' | '취소' | '망취소'
  readonly transactionId: string
  readonly amount: number
  readonly at: number
}

/** `class kind transactionId` of each injected difference. */
export type Injected = ReadonlySet<string>

const kindOf = (number: number): Kind => {
  const rare = ['refunded', 'refundedInPart', 'declined', 'reversed', 'reversedAtOnce', 'otherDay'] as const
  return rare[number % 25] ?? 'approved'
}

const idOf = (number: number): string => `ssptest01m01012612010000${String(number).padStart(8, '0')}`
const partIdOf = (number: number): string => idOf(number).replace('m0101', 'm0103')

/** Spread over the day; the first stands at its first millisecond, the last at its last. */
const make = (count: number): readonly MadePayment[] =>
  Array.from({ length: count }, (_, number) => {
    const kind = kindOf(number)
    const at = start + Math.floor((number * (dayMs - 1)) / Math.max(1, count - 1))
    return {
      transactionId: idOf(number),
      number,
      kind,
      amount: 1_000 + (number % 977) * 10,
      at: kind === 'otherDay' ? at - dayMs : at,
    }
  })

const stateOf = {
  approved: 'approved',
  refunded: 'cancelled',
  refundedInPart: 'partiallyCancelled',
  declined: 'declined',
  reversed: 'reversed',
  reversedAtOnce: 'reversed',
  otherDay: 'approved',
} as const

const paymentColumns = {
  transaction_id: 'text',
  merchant_id: 'text',
  order_id: 'text',
  amount: 'integer',
  state: 'text',
  at: 'integer',
  approved_at: 'integer',
  approval_number: 'text',
} as const

const refundColumns = { transaction_id: 'text', amount: 'integer', partial_id: 'text', at: 'integer' } as const

/** As the gateway would have stored them, without what no report reads. */
async function store(storage: Storage, payments: readonly MadePayment[]): Promise<void> {
  const perBatch = 5_000
  for (let from = 0; from < payments.length; from += perBatch) {
    const batch = payments.slice(from, from + perBatch)
    await storage.transact(async (transaction) => {
      await transaction.write(
        `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
           installment_months, requested_at, state_changed_at, window_expires_at, event_sequence, event_hash,
           approved_at, approval_number, issuer_code, acquirer_code)
         select transaction_id, merchant_id, order_id, amount, state, '{}', '', 0, at, at, at, 1, '',
           approved_at, approval_number, '06', '06'
         from ${transaction.rows(paymentColumns, '?1')} as given`,
        [
          batch.map(({ transactionId, number, kind, amount, at }) => {
            const isApproved = kind !== 'declined' && kind !== 'reversed' && kind !== 'reversedAtOnce'
            return {
              transaction_id: transactionId,
              merchant_id: 'ssptest01m',
              order_id: `ORD-${number}`,
              amount,
              state: stateOf[kind],
              at,
              approved_at: isApproved ? at : null,
              approval_number: isApproved ? String(number).padStart(8, '0') : null,
            }
          }),
        ],
      )
      await transaction.write(
        `insert into cancellations (transaction_id, cancel_sequence, merchant_id, amount, scope, state,
           partial_transaction_id, cancel_number, requested_at, last_asked_at, cancelled_at)
         select transaction_id, 1, 'ssptest01m', amount, 'full', 'cancelled', partial_id, '00000001', at, at, at
         from ${transaction.rows(refundColumns, '?1')} as given`,
        [
          batch.flatMap(({ transactionId, number, kind, amount, at }) =>
            kind === 'refunded' || kind === 'refundedInPart'
              ? [
                  {
                    transaction_id: transactionId,
                    amount: kind === 'refunded' ? amount : 400,
                    partial_id: kind === 'refunded' ? null : partIdOf(number),
                    at,
                  },
                ]
              : [],
          ),
        ],
      )
    })
  }
}

/** The rows of a file that agrees. */
function linesOf({ transactionId, number, kind, amount, at }: MadePayment): readonly FileLine[] {
  const approval = { kind: '승인', transactionId, amount, at } as const
  if (kind === 'approved') return [approval]
  if (kind === 'refunded') return [approval, { ...approval, kind: '취소' }]
  if (kind === 'refundedInPart')
    return [approval, { ...approval, kind: '취소', transactionId: partIdOf(number), amount: 400 }]
  // The acquirer had charged it before the gateway reversed it.
  if (kind === 'reversed') return [approval, { ...approval, kind: '망취소' }]
  return []
}

const nameOf = { 승인: 'approval', 취소: 'refund', 망취소: 'reversal' } as const

/** Stores so many payments, and writes the acquirer's file with so many differences, of every class in turn. */
export async function injectDifferences(
  storage: Storage,
  file: string,
  { payments: count, differences }: { readonly payments: number; readonly differences: number },
): Promise<Injected> {
  const payments = make(count)
  await store(storage, payments)
  const injected = new Set<string>()
  const lines: FileLine[] = []
  const stride = Math.floor(count / differences)
  for (const payment of payments) {
    const right = linesOf(payment)
    const isInjected = payment.number % stride === stride - 1 && injected.size < differences
    lines.push(...(isInjected ? inject(payment, right, injected) : right))
  }
  // In no order of ours, the same each time.
  const shuffled = lines.map((line, index) => ({ line, order: (index * 7919) % 104_729 }))
  shuffled.sort((one, other) => one.order - other.order)
  await pipeline(Readable.from(textOf(shuffled.map(({ line }) => line))), createWriteStream(file))
  return injected
}

function inject(payment: MadePayment, right: readonly FileLine[], injected: Set<string>): readonly FileLine[] {
  const name: DifferenceClass = differenceClasses[injected.size % differenceClasses.length] ?? 'amount'
  const note = (line: FileLine, found: DifferenceClass = name): void => {
    injected.add(`${found} ${nameOf[line.kind]} ${line.transactionId}`)
  }
  const { transactionId, amount, at, kind } = payment
  const approval: FileLine = { kind: '승인', transactionId, amount, at }
  // A row for a payment that is not approved here, or not on this day, is a difference of its own class.
  if (right.length === 0) {
    note(approval, kind === 'otherDay' ? 'date' : 'state')
    return [{ ...approval, at: start }]
  }
  const last = right.at(-1) ?? approval
  const others = right.slice(0, -1)
  switch (name) {
    case 'missingHere': {
      const unknown = { ...last, transactionId: `X${transactionId}` }
      note(unknown)
      return [...right, unknown]
    }
    case 'missingThere':
      // Without its reversal the file charges a payment that was reversed here.
      note(kind === 'reversed' ? approval : last, kind === 'reversed' ? 'state' : 'missingThere')
      return others
    case 'amount':
      note(last)
      return [...others, { ...last, amount: last.amount + 10 }]
    case 'date': {
      // The days of reversals are not compared.
      if (last.kind === '망취소') return injectDouble()
      note(last)
      return [...others, { ...last, at: at + dayMs }]
    }
    case 'doubled':
      return injectDouble()
    case 'state': {
      const reversal = { ...approval, kind: '망취소' } as const
      if (kind === 'reversed') return injectDouble()
      note(reversal)
      return [...right, reversal]
    }
  }
  function injectDouble(): readonly FileLine[] {
    note(last, 'doubled')
    return [...right, last]
  }
}

function* textOf(lines: readonly FileLine[]): Generator<string> {
  yield writeCsvRow(['구분', '거래번호', '금액', '시각'])
  for (const { kind, transactionId, amount, at } of lines)
    yield writeCsvRow([kind, transactionId, amount, koreanTime(new Date(at))])
}

/** What a reconciliation reported, in the words of {@link Injected}. */
export function foundIn(json: string): Injected {
  const { differences } = JSON.parse(json) as {
    readonly differences: readonly { readonly class: string; readonly kind: string; readonly transactionId: string }[]
  }
  return new Set(differences.map(({ class: name, kind, transactionId }) => `${name} ${kind} ${transactionId}`))
}
