import { hash } from 'node:crypto'
import type { PaymentEvent } from './model.ts'

/** The hash of one event: over the hash before it and everything the event says. */
export function chainHash(previousHash: string, event: Omit<PaymentEvent, 'hash'>): string {
  const { transactionId, sequence, event: name, from, to, at, note } = event
  const content = JSON.stringify([previousHash, transactionId, sequence, name, from ?? '', to, at.getTime(), note])
  return hash('sha256', content, 'hex')
}

/** False when an event of the payment was changed, removed or put in another place. `events`: all of one payment, in order. */
export function isChainIntact(events: readonly PaymentEvent[]): boolean {
  return events.every(
    (event, index) => event.sequence === index + 1 && event.hash === chainHash(events[index - 1]?.hash ?? '', event),
  )
}
