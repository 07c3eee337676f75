import { type ChainedEvent, isChainIntact } from '../event-chain.ts'
import type { Row } from '../storage/storage.ts'
import type { PaymentRecord } from './model.ts'

export const writeRecord = (record: PaymentRecord): string => JSON.stringify(record)

export const readRecord = (line: string): PaymentRecord => JSON.parse(line) as PaymentRecord

export const transactionIdOf = ({ payment }: PaymentRecord): string => payment.transaction_id

/** Whether the event chain is intact and ends at the payment's state. */
export function isWhole({ payment, events }: PaymentRecord): boolean {
  const last = events.at(-1)
  return (
    last !== undefined &&
    isChainIntact(events.map(eventOf)) &&
    events.every(({ transaction_id }) => transaction_id === payment.transaction_id) &&
    last.hash === payment.event_hash &&
    last.to_state === payment.state
  )
}

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
