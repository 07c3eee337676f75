import { hash } from 'node:crypto'

/** An event of a payment, as far as its hash covers it. */
export interface ChainedEvent {
  readonly transactionId: string
  readonly sequence: number
  readonly event: string
  readonly from: string | undefined
  readonly to: string
  readonly at: Date
  readonly note: string
}

/** Hash chain: covers the event and the hash of the event before it. */
export function chainHash(previousHash: string, event: ChainedEvent): string {
  const { transactionId, sequence, event: name, from, to, at, note } = event
  const content = JSON.stringify([previousHash, transactionId, sequence, name, from ?? '', to, at.getTime(), note])
  return hash('sha256', content, 'hex')
}

/** False when an event was changed, removed or reordered. `events`: all of one payment, in order. */
export const isChainIntact = (events: readonly (ChainedEvent & { readonly hash: string })[]): boolean =>
  events.every(
    (event, index) => event.sequence === index + 1 && event.hash === chainHash(events[index - 1]?.hash ?? '', event),
  )
