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

export interface ChainBreak {
  readonly sequence: number
  readonly problem: 'event_missing' | 'event_changed'
}

/** The first event that is missing, or is not what its hash covers. `events`: all of one payment, in order. */
export function findChainBreak(events: readonly (ChainedEvent & { readonly hash: string })[]): ChainBreak | undefined {
  for (const [index, event] of events.entries()) {
    const sequence = index + 1
    if (event.sequence !== sequence) return { sequence, problem: 'event_missing' }
    if (event.hash !== chainHash(events[index - 1]?.hash ?? '', event)) return { sequence, problem: 'event_changed' }
  }
  return undefined
}

/** False when an event was changed, removed or reordered. `events`: all of one payment, in order. */
export const isChainIntact = (events: readonly (ChainedEvent & { readonly hash: string })[]): boolean =>
  findChainBreak(events) === undefined
