import { AddressRejectedError } from './address-guard.ts'
import { CircuitOpenError } from './circuit-breaker.ts'

export type OutgoingFailure = 'address_rejected' | 'timed_out' | 'connection_failed'

/** Names the error of an outgoing request. */
export function outgoingFailure(cause: unknown): OutgoingFailure {
  if (cause instanceof AddressRejectedError) return 'address_rejected'
  return cause instanceof Error && cause.name === 'TimeoutError' ? 'timed_out' : 'connection_failed'
}

/** {@link outgoingFailure}, for requests behind a circuit breaker. */
export const callFailure = (cause: unknown): OutgoingFailure | 'circuit_open' =>
  cause instanceof CircuitOpenError ? 'circuit_open' : outgoingFailure(cause)
