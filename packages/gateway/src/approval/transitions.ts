/** The state machine of a payment: state → event → next state. */
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

type EventsOf<Transitions> = Transitions extends unknown ? keyof Transitions : never

/** Without the first events, which have no state before them. */
export type PaymentEventName = EventsOf<(typeof transitions)[PaymentState]>

export const paymentStates = Object.keys(transitions) as readonly PaymentState[]

/** Undefined when the event cannot happen in that state. */
export function nextState(state: PaymentState, event: PaymentEventName): PaymentState | undefined {
  const next: Readonly<Partial<Record<PaymentEventName, PaymentState>>> = transitions[state]
  return next[event]
}

export const isTerminal = (state: PaymentState): boolean => Object.keys(transitions[state]).length === 0
