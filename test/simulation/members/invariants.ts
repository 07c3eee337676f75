import type { Person } from './people.ts'
import type { ShopKind, ShopOrder } from './shop.ts'

/**
 * Invariants that hold whatever members and attackers do:
 *
 * - the ticket of a payment is handed to one person, and a card pays only what its owner has the ticket of;
 * - an order is paid once, by a payment of its own form;
 * - a customer of a shop with signed orders is never taken for somebody else; elsewhere a security event says so;
 * - in the end every customer pays;
 * - no page that an attacker sees has anything personal of somebody else.
 */
export interface Invariants {
  handedOut(transactionId: string, to: Person, orderId: string): void
  charged(charge: { readonly transactionId: string; readonly cardNumber: string }): void
  paid(order: ShopOrder, transactionId: string): void
  event(name: string, subject: string): void
  /** The payment service takes the customer for somebody else, and does not let them pay. */
  shutOut(kind: ShopKind): void
  /** The service rejected an identity verification because the customer belongs to another person. */
  rejectedAsAnother(subject: string): void
  /** Somebody else's approved payment has made them the member of this customer. */
  claimed(subject: string): void
  seen(viewer: Person, html: string, others: readonly Person[]): void
  report(sentence: string): void
  /** The last visit of the customer is over. */
  ended(subject: string): void
  readonly problems: readonly string[]
}

const mostProblems = 50

export function createInvariants(owners: ReadonlyMap<string, Person>): Invariants {
  const problems: string[] = []
  const tickets = new Map<string, { readonly holder: Person; readonly orderId: string }>()
  const claimEvents = new Map<string, number>()
  const claims = new Set<string>()
  const holds = (isSo: boolean, sentence: string): void => {
    if (!isSo && problems.length < mostProblems) problems.push(sentence)
  }
  const events = (subject: string): number => claimEvents.get(subject) ?? 0

  return {
    problems,
    report: (sentence) => holds(false, sentence),
    handedOut(transactionId, to, orderId) {
      const known = tickets.get(transactionId)
      holds(known === undefined || known.holder === to, `${transactionId}: its ticket was handed to two people`)
      tickets.set(transactionId, known ?? { holder: to, orderId })
    },
    charged({ transactionId, cardNumber }) {
      const holder = tickets.get(transactionId)?.holder
      const owner = owners.get(cardNumber)
      holds(
        owner !== undefined && holder === owner,
        `${transactionId}: the card of ${owner?.number} was charged for a payment of ${holder?.number}`,
      )
    },
    paid({ orderId, paidBy }, transactionId) {
      holds(paidBy.length === 1, `${orderId} was paid ${paidBy.length} times`)
      const ticket = tickets.get(transactionId)
      holds(ticket?.orderId === orderId, `${orderId} was paid by a payment of ${ticket?.orderId}`)
    },
    event(name, subject) {
      if (name === 'customer_claimed_by_another') claimEvents.set(subject, events(subject) + 1)
    },
    shutOut: (kind) => holds(kind === 'guide', 'a customer of the shop with signed orders was taken for somebody else'),
    rejectedAsAnother: (subject) =>
      holds(events(subject) > 0, 'a person was rejected as another one, and no security event says so'),
    claimed: (subject) => void claims.add(subject),
    seen(viewer, html, others) {
      if (others.length === 0) return
      // Tokens and digests are chance: they may hold any six digits.
      const text = html.replace(/[0-9A-Za-z_-]{22,}/g, '')
      for (const other of others)
        for (const personal of personalTextsOf(other, viewer))
          holds(!text.includes(personal), `${viewer.number} was shown ${personal} of ${other.number}`)
    },
    ended(subject) {
      const isReported = !claims.has(subject) || events(subject) > 0
      holds(isReported, 'a customer was claimed, and no security event says so')
    },
  }
}

/** Personal values of a person, without those that the viewer shares, such as the name of a namesake. */
function personalTextsOf({ name, birthDate, phone, ci, card }: Person, viewer: Person): readonly string[] {
  const { cardNumber } = card
  const dashed = phone.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1-$2-$3')
  const masked = `${cardNumber.slice(0, 6)}******${cardNumber.slice(12)}`
  const own = [viewer.name, viewer.birthDate]
  const listed = `(${cardNumber.slice(-4)})`
  return [phone, dashed, ci, cardNumber, masked, listed, ...[name, birthDate].filter((text) => !own.includes(text))]
}
