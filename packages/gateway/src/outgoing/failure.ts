import { AddressRejectedError } from './address-guard.ts'
import { CircuitOpenError } from './circuit-breaker.ts'

/** Why no answer came. */
export type OutgoingFailure = 'address_rejected' | 'timed_out' | 'connection_failed'

/** What an outgoing request has thrown, by name. */
export function outgoingFailure(cause: unknown): OutgoingFailure {
  if (cause instanceof AddressRejectedError) return 'address_rejected'
  return cause instanceof Error && cause.name === 'TimeoutError' ? 'timed_out' : 'connection_failed'
}

/** The same for a request that a circuit breaker may have stopped. */
export const callFailure = (cause: unknown): OutgoingFailure | 'circuit_open' =>
  cause instanceof CircuitOpenError ? 'circuit_open' : outgoingFailure(cause)
