import { isChainIntact } from '../approval/event-chain.ts'
import type { PaymentEvent } from '../approval/model.ts'
import type { Row } from '../storage/storage.ts'
import type { PaymentRecord } from './model.ts'

export const writeRecord = (record: PaymentRecord): string => JSON.stringify(record)

export const readRecord = (line: string): PaymentRecord => JSON.parse(line) as PaymentRecord

export const transactionIdOf = ({ payment }: PaymentRecord): string => payment.transaction_id

/** Whether the events follow from each other and end where the payment stands. */
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

const eventOf = (row: Row): PaymentEvent =>
  ({
    transactionId: row.transaction_id,
    sequence: row.sequence,
    event: row.event,
    from: row.from_state ?? undefined,
    to: row.to_state,
    at: new Date(Number(row.at)),
    note: row.note,
    hash: row.hash,
  }) as PaymentEvent
