import { type ChainBreak, type ChainedEvent, findChainBreak } from '../event-chain.ts'
import type { Row } from '../storage/storage.ts'
import type { PaymentRecord } from './model.ts'

export const writeRecord = (record: PaymentRecord): string => JSON.stringify(record)

export const readRecord = (line: string): PaymentRecord => JSON.parse(line) as PaymentRecord

export const transactionIdOf = ({ payment }: PaymentRecord): string => payment.transaction_id

export type RecordProblem = ChainBreak | { readonly problem: 'payment_changed' }

/** What is wrong with the event chain, or how the payment differs from its end; undefined for an intact record. */
export function findRecordProblem({
  payment,
  events,
}: Pick<PaymentRecord, 'payment' | 'events'>): RecordProblem | undefined {
  const broken = findChainBreak(events.map(eventOf))
  if (broken !== undefined) return broken
  const last = events.at(-1)
  if (last === undefined || Number(last.sequence) < Number(payment.event_sequence))
    return { sequence: events.length + 1, problem: 'event_missing' }
  const isEnd =
    events.every(({ transaction_id }) => transaction_id === payment.transaction_id) &&
    last.hash === payment.event_hash &&
    last.to_state === payment.state
  return isEnd ? undefined : { problem: 'payment_changed' }
}

/** Whether the event chain is intact and ends at the payment's state. */
export const isWhole = (record: PaymentRecord): boolean => findRecordProblem(record) === undefined

const eventOf = ({ transaction_id, sequence, event, from_state, to_state, at, note, hash }: Row) =>
  ({
    transactionId: transaction_id,
    sequence,
    event,
    from: from_state ?? undefined,
    to: to_state,
    at: new Date(Number(at)),
    note,
    hash,
  }) as ChainedEvent & { readonly hash: string }
