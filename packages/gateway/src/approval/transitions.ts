/** The life of a payment. What is not written here cannot happen. */
export const transitions = {
  requested: { buyerAuthenticated: 'authenticated', buyerAborted: 'aborted', timeRanOut: 'expired' },
  authenticated: { approvalRequested: 'approving', timeRanOut: 'expired' },
  approving: { networkApproved: 'approved', networkDeclined: 'declined', networkSilent: 'unresolved' },
  unresolved: { networkApproved: 'approved', networkDeclined: 'declined', reversalRequested: 'reversing' },
  reversing: { reversalConfirmed: 'reversed' },
  approved: { cancelledInFull: 'cancelled', cancelledInPart: 'partiallyCancelled' },
  partiallyCancelled: { cancelledInPart: 'partiallyCancelled', restCancelled: 'cancelled' },
  cancelled: {},
  declined: {},
  reversed: {},
  aborted: {},
  expired: {},
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type PaymentState = keyof typeof transitions

type EventsOf<Steps> = Steps extends unknown ? keyof Steps : never

/** What can happen to a payment; `paymentRequested` is its birth and no transition. */
export type PaymentEventName = EventsOf<(typeof transitions)[PaymentState]>

export const paymentStates = Object.keys(transitions) as readonly PaymentState[]

/** Undefined when the event cannot happen in that state. */
export function nextState(state: PaymentState, event: PaymentEventName): PaymentState | undefined {
  const steps: Readonly<Partial<Record<PaymentEventName, PaymentState>>> = transitions[state]
  return steps[event]
}

export const isTerminal = (state: PaymentState): boolean => Object.keys(transitions[state]).length === 0
